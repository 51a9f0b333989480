import { type Bytes, DomainError } from '#core';
import { CHUNK_BYTES } from '#encryption';
import {
  type Aggregator,
  chunkCount,
  type Ciphertexts,
  groupedUploads,
  openSums,
  type Released,
  type TaskCard,
} from '#federation';
import type { SiteNode } from '../node/node.ts';

/**
 * Whether released sums are those of the ciphertexts that the transcript names: whoever could choose them would choose the
 * weights that all sites train from, and may choose such that one site's rows show in the next sum. Reads every upload of
 * the cohort, one at a time.
 * @throws SUM_FALSE, CHECKSUM_MISMATCH, CIPHERTEXT_MALFORMED, BLOB_NOT_FOUND
 */
export async function requireTrueSums(
  node: SiteNode,
  card: TaskCard,
  { cohort, uploads, answers }: Released,
  claimed: readonly Float64Array[],
  aggregator: Aggregator,
): Promise<void> {
  const groups = groupedUploads(
    card,
    cohort.map((organisation, i) => ({ organisation, blob: uploads[i]!.blob })),
  );
  const ciphertexts = ciphertextsAt(node, aggregator, chunkCount(card.encryption), groups.length);
  const sums = await openSums(aggregator, card, groups, answers, ciphertexts);
  if (sums.every((values, group) => values.every((value, i) => value === claimed[group]![i]))) return;
  throw new DomainError(
    'SUM_FALSE',
    'expected the released sums to be those of the uploads and answers, got others',
    'conflict',
  );
}

/** Fetched whole from the platform: each upload once, answers kept. */
function ciphertextsAt(node: SiteNode, aggregator: Aggregator, chunks: number, groups: number): Ciphertexts {
  const read = async (blob: string, parts: number): Promise<Bytes[]> => {
    const bytes = new Uint8Array(await node.client.getBlob(blob, parts * CHUNK_BYTES));
    return Array.from({ length: parts }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
  };
  const answered = new Map<string, Promise<Bytes[]>>();
  return {
    async *sums(blobs) {
      let sums: Bytes[] = [];
      for (const blob of blobs) {
        const upload = await read(blob, chunks);
        sums = sums.length === 0 ? upload : sums.map((sum, i) => aggregator.add([sum, upload[i]!]));
      }
      yield* sums;
    },
    async answer(blob, chunk) {
      const parts = answered.get(blob) ?? read(blob, groups * chunks);
      answered.set(blob, parts);
      return (await parts)[chunk]!;
    },
  };
}
