import { type Bytes, DomainError } from '#core';
import { CHUNK_BYTES } from '#encryption';
import {
  type Aggregator,
  chunkCount,
  decodeSums,
  type Released,
  summedGroups,
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
  groups: readonly Float64Array[],
  aggregator: Aggregator,
): Promise<void> {
  const chunks = chunkCount(card.encryption);
  const members = summedGroups(card, cohort);
  const read = async (blob: string, parts: number): Promise<Bytes[]> => {
    const bytes = new Uint8Array(await node.client.getBlob(blob, parts * CHUNK_BYTES));
    return Array.from({ length: parts }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
  };
  const answered: Bytes[][] = [];
  for (const { blob } of answers) answered.push(await read(blob, members.length * chunks));
  const blobOf = new Map(cohort.map((organisation, i) => [organisation, uploads[i]!.blob]));
  for (const [group, organisations] of members.entries()) {
    let sums: Bytes[] = [];
    for (const organisation of organisations) {
      const upload = await read(blobOf.get(organisation)!, chunks);
      sums = sums.length === 0 ? upload : sums.map((sum, i) => aggregator.add([sum, upload[i]!]));
    }
    const slots = sums.map((sum, i) =>
      aggregator.combine(
        sum,
        answered.map((parts) => parts[group * chunks + i]!),
      ),
    );
    const values = decodeSums(slots, card.encryption);
    if (values.some((value, i) => value !== groups[group]![i])) {
      throw new DomainError(
        'SUM_FALSE',
        'expected the released sums to be those of the uploads and answers, got others',
        'conflict',
      );
    }
  }
}
