import type { Bytes } from '#core';
import { thresholdAggregator } from '#encryption';
import { chunkCount, decodeSums, summedGroups, type TaskState } from '#federation';

/**
 * The summed vector of each group: Σ c0 + Σ d → rounding → slots → checksum → values, one upload in memory at a time.
 * @throws CHECKSUM_MISMATCH, CIPHERTEXT_MALFORMED
 */
export async function combine(
  state: TaskState,
  readBlob: (sha256: string) => Promise<Uint8Array>,
): Promise<Float64Array[]> {
  const { card, close } = state;
  const chunks = chunkCount(card.encryption);
  using aggregator = await thresholdAggregator(card.encryption);
  const cohort = close!.uploads.map(({ organisation }) => organisation);
  const answers = await Promise.all(
    [...state.answers.values()].map(async ({ blob }) => new Uint8Array(await readBlob(blob))),
  );
  const groups: Float64Array[] = [];
  for (const [group, members] of summedGroups(card, cohort).entries()) {
    let sums: Bytes[] = [];
    for (const organisation of members) {
      const bytes = new Uint8Array(await readBlob(state.uploads.get(organisation)!.blob));
      const upload = Array.from({ length: chunks }, (_, i) => part(bytes, i, chunks));
      sums = sums.length === 0 ? upload : sums.map((sum, i) => aggregator.add([sum, upload[i]!]));
    }
    const parts = (answers[0]!.length / sums[0]!.length) | 0;
    const slots = sums.map((sum, i) =>
      aggregator.combine(
        sum,
        answers.map((answer) => part(answer, group * chunks + i, parts)),
      ),
    );
    groups.push(decodeSums(slots, card.encryption));
  }
  return groups;
}

/** One of `count` equal parts. */
function part(bytes: Bytes, index: number, count: number): Bytes {
  const size = bytes.length / count;
  return bytes.subarray(index * size, (index + 1) * size);
}
