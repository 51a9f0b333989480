/* Sums under encryption with all parties in one process: what they compute, without their distance from each other. */
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

/** Vectors within ± `bound`, as fine as the lanes allow. */
export function parametersFor(
  values: number,
  sites: number,
  { lanes, bound }: { readonly lanes: 1 | 2 | 3; readonly bound: number },
): EncryptionParameters {
  const shape = { values, lanes, maxSites: Math.max(16, sites) };
  const limit = valueLimit(thresholdParameters({ ...shape, fractionBits: 0 }));
  return thresholdParameters({ ...shape, fractionBits: Math.floor(Math.log2(limit / bound)) });
}

const LARGEST_COMMITTEE = 20;

export class EncryptedSums implements Disposable {
  private constructor(
    private readonly params: EncryptionParameters,
    private readonly aggregator: Aggregator & Disposable,
    private readonly dealings: readonly Dealing[],
    private readonly parties: Awaited<ReturnType<typeof activeParties>>,
  ) {}

  /** Every site is a decryptor too, up to 20 of them; t of them, the usual threshold, answer. */
  static async open(sites: number, params: EncryptionParameters): Promise<EncryptedSums> {
    const aggregator = await thresholdAggregator(params);
    const decryptors = Math.min(sites, LARGEST_COMMITTEE);
    const threshold = usualThreshold(decryptors);
    const dealings = Array.from({ length: sites }, () => aggregator.deal(threshold, decryptors));
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
