import type { PlatformClient } from '../node/platform-client.ts';
import { clientOfSite, readOwnFile, requireOwnReport } from './own-report.ts';

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
  const { client, publicKey } = await clientOfSite(path);
  return sendReport(client, await readOwnFile(file), publicKey);
}

/** @throws as publishReport */
export async function sendReport(
  client: Pick<PlatformClient, 'putBlob' | 'request'>,
  bytes: Uint8Array,
  publicKey: string,
): Promise<Published> {
  await requireOwnReport(bytes, publicKey);
  const blob = await client.putBlob(bytes, 'carbon-report');
  const { publishCarbonReport } = await client.request<{ publishCarbonReport: Published }>(
    PUBLISH,
    { blob },
    { purpose: 'carbon-report' },
  );
  return publishCarbonReport;
}
