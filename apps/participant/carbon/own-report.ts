import { readFile } from 'node:fs/promises';
import type { CarbonReport } from '#carbon';
import { DomainError } from '#core';
import { reportOfBytes, verifyReportBytes } from '#studies';
import { PlatformClient } from '../node/platform-client.ts';
import { SiteDirectory } from '../node/site-directory.ts';

/** What a site speaks to its platform with, and the key that it signs its reports with. @throws NOT_ENROLLED */
export async function clientOfSite(path: string): Promise<{ client: PlatformClient; publicKey: string }> {
  const directory = new SiteDirectory(path);
  const { participantId, platformUrl } = directory.enrolment();
  const { signing } = await directory.identity();
  const client = new PlatformClient(platformUrl, { participantId, privateKey: signing.privateKey });
  return { client, publicKey: signing.publicKey };
}

/** @throws FILE_UNREADABLE */
export const readOwnFile = (file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new DomainError('FILE_UNREADABLE', `expected to read ${file}, got ${error.code}`, 'not-found');
  });

/** What does not verify, or is another's, does not leave. @throws the code of the check that failed */
export async function requireOwnReport(bytes: Uint8Array, publicKey: string): Promise<CarbonReport> {
  const { checks } = await verifyReportBytes(bytes, { publicKey });
  const failed = checks.find(({ ok }) => !ok);
  if (failed) throw new DomainError(failed.code ?? 'REPORT_DIFFERS', `${failed.name}: ${failed.detail}`);
  return reportOfBytes(bytes);
}
