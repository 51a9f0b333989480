import type { Bytes } from '#core';
import { CHUNK_BYTES, thresholdAggregator } from '#encryption';
import { chunkCount, decodeSums, type TaskState } from '#federation';

/** Where the ciphertexts of a round are read and added. */
export interface Ciphertexts {
  /** Σ of one chunk of these blobs. */
  readonly sum: (blobs: readonly string[], chunk: number) => Promise<Bytes>;
  readonly readRange: (blob: string, offset: number, bytes: number) => Promise<Bytes>;
  /** As `inOrder` of AdditionThreads: sums of chunks, some of them ahead. */
  readonly inOrder: <T>(count: number, job: (index: number) => Promise<T>) => AsyncGenerator<T>;
}

/**
 * The summed vector of each group: Σ c0 + Σ d → rounding → slots → checksum → values, a few chunks in memory at a time.
 * @param groups what each group's uploads, or partial sums of them, are called
 * @throws CHECKSUM_MISMATCH, CIPHERTEXT_MALFORMED
 */
export async function combine(
  { card: { encryption }, answers }: TaskState,
  groups: readonly (readonly string[])[],
  ciphertexts: Ciphertexts,
): Promise<Float64Array[]> {
  const chunks = chunkCount(encryption);
  using aggregator = await thresholdAggregator(encryption);
  const partsOf = (chunk: number): Promise<Bytes[]> =>
    Promise.all(
      [...answers.values()].map(({ blob }) => ciphertexts.readRange(blob, chunk * CHUNK_BYTES, CHUNK_BYTES)),
    );
  const summed: Float64Array[] = [];
  for (const [group, blobs] of groups.entries()) {
    const slots: BigInt64Array[] = [];
    for await (const sum of ciphertexts.inOrder(chunks, (chunk) => ciphertexts.sum(blobs, chunk))) {
      slots.push(aggregator.combine(sum, await partsOf(group * chunks + slots.length)));
    }
    summed.push(decodeSums(slots, encryption));
  }
  return summed;
}
