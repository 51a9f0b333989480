import { resolve } from 'node:path';
import { PlatformApi } from '../demo/platform-api.ts';
import { writeNewFile } from '../new-file.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { exportTranscript } from './export-transcript.ts';

/** Writes a task's transcript to a new file. @throws what exportTranscript and the platform refuse; FILE_EXISTS, FILE_UNWRITABLE */
export async function exportTranscriptFile(
  taskId: string,
  options: AdminOptions & { readonly output: string },
  output: Output,
): Promise<void> {
  const { url, apiKey } = await accessOf(options);
  const bytes = await exportTranscript(new PlatformApi(url, apiKey), taskId);
  const file = resolve(options.output);
  await writeNewFile(file, bytes);
  output.result(
    { taskId, file, bytes: bytes.length },
    `${(bytes.length / 1e6).toFixed(1)} MB in ${file}\n  npx gridcommons verify-transcript ${options.output}`,
  );
}
