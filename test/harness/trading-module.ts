import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltProcess } from './built-process.ts';
import type { TestOrganisation } from './platform.ts';

/** The client's example as a process, for a firm that pays at most `limit` minor units a MWh; its directory is the caller's to remove. */
export async function startTradingModule(
  url: string,
  { apiKey, participant }: TestOrganisation,
  limit: number,
): Promise<{ readonly directory: string; readonly example: BuiltProcess }> {
  const directory = await mkdtemp(join(tmpdir(), 'gridcommons-module-'));
  const file = (name: string, content: string) => writeFile(join(directory, name), content);
  await file('member.key', `${apiKey}\n`);
  await file('enrolment.json', JSON.stringify({ participantId: participant.id }));
  await file('identity.json', JSON.stringify({ signing: participant.signingKey }));
  const args = [url, join(directory, 'member.key'), directory, String(limit)];
  return {
    directory,
    example: BuiltProcess.program('clients/typescript/examples/buy-on-forecasts.ts', args),
  };
}
