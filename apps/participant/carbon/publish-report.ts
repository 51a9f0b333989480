import { readFile } from 'node:fs/promises';
import { DomainError } from '#core';
import { verifyReportBytes } from '#studies';
import { PlatformClient } from '../node/platform-client.ts';
import { SiteDirectory } from '../node/site-directory.ts';

const PUBLISH = `mutation PublishReport($blob: String!) {
  publishCarbonReport(blob: $blob) { version restates hash blob }
}`;

interface Published {
  readonly version: number;
  readonly restates: string | null;
  readonly hash: string;
  readonly blob: string;
}

/**
 * Shows the community a report of this site, whole. What does not verify, or is another's, does not leave.
 * @throws NOT_ENROLLED, FILE_UNREADABLE, the code of the check that failed, and what the platform refuses
 */
export async function publishReport(path: string, file: string): Promise<Published> {
  const directory = new SiteDirectory(path);
  const { participantId, platformUrl } = directory.enrolment();
  const { signing } = await directory.identity();
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new DomainError('FILE_UNREADABLE', `expected to read ${file}, got ${error.code}`, 'not-found');
  });
  const client = new PlatformClient(platformUrl, { participantId, privateKey: signing.privateKey });
  return sendReport(client, bytes, signing.publicKey);
}

/** @throws as publishReport */
export async function sendReport(
  client: Pick<PlatformClient, 'putBlob' | 'request'>,
  bytes: Uint8Array,
  publicKey: string,
): Promise<Published> {
  const { checks } = await verifyReportBytes(bytes, { publicKey });
  const failed = checks.find(({ ok }) => !ok);
  if (failed) throw new DomainError(failed.code ?? 'REPORT_DIFFERS', `${failed.name}: ${failed.detail}`);
  const blob = await client.putBlob(bytes, 'carbon-report');
  const { publishCarbonReport } = await client.request<{ publishCarbonReport: Published }>(
    PUBLISH,
    { blob },
    { purpose: 'carbon-report' },
  );
  return publishCarbonReport;
}
