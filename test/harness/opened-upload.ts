import { readFile } from 'node:fs/promises';
import { type Bytes } from '#core';
import { agreementKeyPair, CHUNK_BYTES, maskKey, thresholdAggregator } from '#encryption';
import { agreementHashOf, chunkCount, decodeSums, decryptorIndex } from '#federation';
import type { FederatedTask, FederationSite } from './federation-round.ts';

const HASH_BYTES = 32;

/**
 * What one site encrypted in a round, noise and all: opened with t shares from the decryptors' own disks, which no party of
 * the protocol ever brings together.
 */
export async function openedUpload(
  { card, cardHash }: FederatedTask,
  site: FederationSite,
  decryptors: readonly FederationSite[],
  round: number,
): Promise<Float64Array> {
  const fileOf = async ({ node }: FederationSite, name: string): Promise<Bytes> =>
    new Uint8Array(await readFile(node.directory.file('federation', cardHash, name)));
  const upload = await fileOf(site, `upload-${round}-0.bin`);
  const active = decryptors.map(({ organisationId }) => decryptorIndex(card, organisationId));
  const keys = new Map(active.map((point) => [point, agreementKeyPair()]));
  const agreementHash = await agreementHashOf(cardHash, active, 0);
  using aggregator = await thresholdAggregator(card.encryption);
  const shares = await Promise.all(
    decryptors.map(async (decryptor) =>
      (await fileOf(decryptor, `share-${site.organisationId}.bin`)).slice(0, -HASH_BYTES),
    ),
  );
  const slots = Array.from({ length: chunkCount(card.encryption) }, (_, chunk) => {
    const answers = active.map((index, i) => {
      const others = active.filter((point) => point !== index);
      const maskKeys = new Map(
        others.map((point) => [
          point,
          maskKey(keys.get(index)!.privateKey, keys.get(point)!.publicKey, cardHash),
        ]),
      );
      const component = { cardHash, round, chunk };
      return aggregator.answer({ shares: [shares[i]!], index, active, maskKeys, agreementHash, component });
    });
    return aggregator.combine(upload.slice(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES), answers);
  });
  return decodeSums(slots, card.encryption);
}
