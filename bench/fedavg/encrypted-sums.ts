/* Sums under encryption, all parties in one process: what a bench puts in the place of a plain sum. */
import { type Bytes, sha256Hex, utf8 } from '#core';
import {
  agreementKeyPair,
  maskKey,
  seededDither,
  thresholdAggregator,
  thresholdParameters,
} from '#encryption';
import {
  agreementHashOf,
  type Aggregator,
  chunkCount,
  type Dealing,
  decodeSums,
  encodeValues,
  type EncryptionParameters,
  usualThreshold,
  valueLimit,
} from '#federation';

/** Vectors within ± 1 in three lanes. */
function parametersFor(values: number, maxSites: number): EncryptionParameters {
  const shape = { values, lanes: 3, maxSites } as const;
  const fractionBits = Math.floor(Math.log2(valueLimit(thresholdParameters({ ...shape, fractionBits: 0 }))));
  return thresholdParameters({ ...shape, fractionBits });
}

export class EncryptedSums implements Disposable {
  private constructor(
    private readonly params: EncryptionParameters,
    private readonly aggregator: Aggregator & Disposable,
    private readonly dealings: readonly Dealing[],
    private readonly parties: Awaited<ReturnType<typeof activeParties>>,
  ) {}

  /** Every site is a decryptor too; t of them, the usual threshold, answer. */
  static async open(sites: number, values: number): Promise<EncryptedSums> {
    const params = parametersFor(values, Math.max(16, sites));
    const aggregator = await thresholdAggregator(params);
    const threshold = usualThreshold(sites);
    const dealings = Array.from({ length: sites }, () => aggregator.deal(threshold, sites));
    return new EncryptedSums(params, aggregator, dealings, await activeParties(threshold));
  }

  /** Σ of the vectors, by site; each round is a component of its own. */
  of(vectors: ReadonlyMap<number, Float64Array>, round: number): Float64Array {
    const { params, aggregator, dealings, parties } = this;
    const { cardHash, agreementHash, active, maskKeys } = parties;
    const uploads = [...vectors].map(([site, values]) => {
      const { secret } = dealings[site]!;
      const dither = seededDither(secret, { cardHash, step: String(round), values });
      return encodeValues(values, params, dither).map((slots, chunk) =>
        aggregator.encrypt(secret, slots, { cardHash, round, chunk }),
      );
    });
    const slots = Array.from({ length: chunkCount(params) }, (_, chunk) => {
      const answers = active.map((index) =>
        aggregator.answer({
          shares: [...vectors.keys()].map((site) => dealings[site]!.shares[index - 1]!),
          index,
          active,
          maskKeys: maskKeys.get(index)!,
          agreementHash,
          component: { cardHash, round, chunk },
        }),
      );
      return aggregator.combine(aggregator.add(uploads.map((upload) => upload[chunk]!)), answers);
    });
    return decodeSums(slots, params);
  }

  [Symbol.dispose](): void {
    this.aggregator[Symbol.dispose]();
  }
}

async function activeParties(threshold: number) {
  const cardHash = await sha256Hex(utf8('bench'));
  const active = Array.from({ length: threshold }, (_, i) => i + 1);
  const keys = active.map(() => agreementKeyPair());
  const shared = (own: number, other: number): Bytes =>
    maskKey(keys[own - 1]!.privateKey, keys[other - 1]!.publicKey, cardHash);
  const maskKeys = new Map(
    active.map((own) => [
      own,
      new Map(active.filter((other) => other !== own).map((other) => [other, shared(own, other)] as const)),
    ]),
  );
  return { cardHash, agreementHash: await agreementHashOf(cardHash, active, 0), active, maskKeys };
}
