import type { Bytes } from '#core';
import type { Aggregator } from './aggregator.ts';
import { summedGroups, type TaskCard } from './card.ts';
import type { BlobReference } from './message.ts';
import { chunkCount, decodeSums } from './packing.ts';

/** Where the ciphertexts of a round are read and added. */
export interface Ciphertexts {
  /** Σ of these uploads, or of partial sums of them, chunk by chunk. */
  readonly sums: (blobs: readonly string[]) => AsyncIterable<Bytes>;
  /** One chunk of an answer, which has all chunks of the first group, then all of the next. */
  readonly answer: (blob: string, chunk: number) => Promise<Bytes>;
}

/**
 * The summed vector of each group: Σ c0 + Σ d → rounding → slots → checksum → values, no more in memory at a time than
 * `ciphertexts` reads.
 * @param groups what each group's uploads, or partial sums of them, are called
 * @throws CHECKSUM_MISMATCH, CIPHERTEXT_MALFORMED, and what `ciphertexts` throws
 */
export async function openSums(
  aggregator: Aggregator,
  { encryption }: Pick<TaskCard, 'encryption'>,
  groups: readonly (readonly string[])[],
  answers: readonly BlobReference[],
  ciphertexts: Ciphertexts,
): Promise<Float64Array[]> {
  const chunks = chunkCount(encryption);
  const summed: Float64Array[] = [];
  for (const [group, blobs] of groups.entries()) {
    const slots: BigInt64Array[] = [];
    for await (const sum of ciphertexts.sums(blobs)) {
      const chunk = group * chunks + slots.length;
      const parts = await Promise.all(answers.map(({ blob }) => ciphertexts.answer(blob, chunk)));
      slots.push(aggregator.combine(sum, parts));
    }
    summed.push(decodeSums(slots, encryption));
  }
  return summed;
}

/** Blobs of a cohort's uploads, by summed group. */
export function groupedUploads(
  card: TaskCard,
  uploads: readonly { readonly organisation: string; readonly blob: string }[],
): string[][] {
  const blobs = new Map(uploads.map(({ organisation, blob }) => [organisation, blob]));
  return summedGroups(card, [...blobs.keys()]).map((members) => members.map((member) => blobs.get(member)!));
}
