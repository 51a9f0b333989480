/**
 * What every side of a comparison computes: sums of the same ten vectors, errors of their mean, medians of what was
 * measured. workload.py has the same vectors for the peers.
 */
import { thresholdParameters } from '#encryption';
import { type AnswerInput, type Dealing, type EncryptionParameters, valueLimit } from '#federation';

export const SITES = 10;
export const MAX_SITES = 16;
export const LARGEST_VALUE = 0.99;
export const LANES = [1, 2, 3] as const;
export type Lanes = (typeof LANES)[number];

/** Takes a line of text, without its end. */
export type Print = (text: string) => void;

/** Deterministic, without structure, in ±LARGEST_VALUE. */
export const vectorOf = (site: number, length: number): Float64Array =>
  Float64Array.from(
    { length },
    (_, i) => LARGEST_VALUE * Math.cos((i + 1) * (site + Math.SQRT2) * 1.618_033_988_749),
  );

export function maxErrorOfMean(vectors: readonly Float64Array[], sums: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < sums.length; i++) {
    const exact = vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length;
    worst = Math.max(worst, Math.abs(sums[i]! / vectors.length - exact));
  }
  return worst;
}

/** Parameters for `values` numbers, with all the fraction bits that the lanes leave. */
export function finestParameters(lanes: Lanes, values: number): EncryptionParameters {
  const shape = { values, lanes, maxSites: MAX_SITES } as const;
  const valueBits = Math.round(Math.log2(valueLimit(thresholdParameters({ ...shape, fractionBits: 0 }))));
  return thresholdParameters({ ...shape, fractionBits: valueBits });
}

/** Where a chunk stands, and which decryptors answer for it. */
export interface Question {
  readonly active: readonly number[];
  readonly round: number;
  readonly chunk: number;
}

/** What the decryptor at point `index` is asked. */
export const questionTo = (
  index: number,
  sites: readonly Dealing[],
  { active, round, chunk }: Question,
): AnswerInput => ({
  shares: sites.map(({ shares }) => shares[index - 1]!),
  index,
  active,
  maskKeys: new Map(
    active
      .filter((other) => other !== index)
      .map((other) => [other, new Uint8Array(32).fill(16 * Math.min(index, other) + Math.max(index, other))]),
  ),
  agreementHash: 'a9'.repeat(32),
  component: { cardHash: 'bench', round, chunk },
});

export const median = (samples: readonly number[]): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)]!;

/** Four significant digits. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
