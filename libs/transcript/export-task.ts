import { type Bytes, DomainError } from '#core';
import { requireChain, type TranscriptEntry } from './chain.ts';
import { serializeTranscript } from './file.ts';
import { exportedBlobs, replaySteps } from './released-steps.ts';

/**
 * A released task as the one file that anybody can verify offline.
 * @param blob the bytes of a hash, from wherever they are kept; what they are is for the verifier to check
 * @throws TASK_NOT_RELEASED, TRANSCRIPT_FORKED, TRANSCRIPT_BROKEN, TRANSCRIPT_TOO_LARGE, and as `blob` does
 */
export async function exportTask(
  entries: readonly TranscriptEntry[],
  blob: (sha256: string) => Promise<Uint8Array>,
): Promise<Bytes> {
  await requireChain(entries);
  const replayed = await replaySteps(entries.map(({ message }) => message));
  const { phase } = replayed.state;
  if (phase !== 'released') {
    throw new DomainError(
      'TASK_NOT_RELEASED',
      `expected a released task, got one that is ${phase}`,
      'conflict',
    );
  }
  const blobs = new Map<string, Bytes>();
  for (const { blob: hash } of exportedBlobs(replayed)) blobs.set(hash, new Uint8Array(await blob(hash)));
  return serializeTranscript({ entries, blobs });
}
