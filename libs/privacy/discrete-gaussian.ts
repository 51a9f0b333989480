import { DomainError } from '#core';
import { bernoulliExp, bernoulliInverseE, discreteLaplace } from './discrete-laplace.ts';
import { type RandomWords, type Ratio, WordStream } from './random-words.ts';

/** Largest variance of a sampler, in squared grid units: samples stay exact integers in doubles. */
export const MAX_VARIANCE = 2 ** 80;
const MIN_VARIANCE = 2 ** -20;

/** @throws NOISE_VARIANCE unless within [2^-20, 2^80]. */
export function requireVariance(variance: number): void {
  if (variance >= MIN_VARIANCE && variance <= MAX_VARIANCE) return;
  throw new DomainError('NOISE_VARIANCE', `expected a variance from 2^-20 to 2^80, got ${variance}`);
}

/** A positive double as the rational number it is. */
function exactRatio(value: number): Ratio {
  let denominator = 1;
  while (!Number.isInteger(value * denominator)) denominator *= 2;
  return { numerator: BigInt(value * denominator), denominator: BigInt(denominator) };
}

const { abs, floor, sqrt } = Math;

/** Accepts a discrete Laplace draw with probability exp(−(|y| − σ²/t)² / 2σ²), t the scale of the draw. */
class GaussianAcceptance {
  readonly #exact: Ratio;
  readonly #centre: number;

  constructor(
    readonly sigmaSquared: number,
    readonly scale: number,
  ) {
    this.#exact = exactRatio(sigmaSquared);
    this.#centre = sigmaSquared / scale;
  }

  accepts(bits: WordStream, y: number): boolean {
    const excess = abs(y) - this.#centre;
    const near = (excess * excess) / (2 * this.sigmaSquared);
    // Rounding of |y| − σ²/t costs at most (1 + γ)·2^-48 of γ.
    const slack = (1 + near) * 2 ** -44;
    let whole = floor(near);
    if (near - whole < slack || near - whole > 1 - slack) {
      const { numerator, denominator } = this.#exponent(y);
      whole = Number(numerator / denominator);
    }
    for (let i = 0; i < whole; i += 1) if (!bernoulliInverseE(bits)) return false;
    return bernoulliExp(bits, near - whole, slack, () => {
      const { numerator, denominator } = this.#exponent(y);
      return { numerator: numerator - BigInt(whole) * denominator, denominator };
    });
  }

  /** (|y| − σ²/t)² / 2σ² with σ² = n/d: (|y|·t·d − n)² / (2·n·d·t²). */
  #exponent(y: number): Ratio {
    const { numerator: n, denominator: d } = this.#exact;
    const t = BigInt(this.scale);
    const excess = BigInt(abs(y)) * t * d - n;
    return { numerator: excess * excess, denominator: 2n * n * d * t * t };
  }
}

/**
 * `count` independent integers with probability proportional to exp(−y² / 2σ²): the discrete Gaussian, sampled exactly
 * (Canonne, Kamath & Steinke 2020, arXiv 2004.00010, algorithm 3). σ² in squared grid units is taken as the very rational
 * number its double stands for. Takes about 25 words a sample, whatever σ.
 * @throws NOISE_VARIANCE unless 2^-20 ≤ σ² ≤ 2^80, RANDOM_WORDS_SHORT
 */
export function sampleDiscreteGaussian(
  count: number,
  sigmaSquared: number,
  words: RandomWords,
): Float64Array {
  requireVariance(sigmaSquared);
  const bits = new WordStream(words);
  const scale = floor(sqrt(sigmaSquared)) + 1;
  const acceptance = new GaussianAcceptance(sigmaSquared, scale);
  const samples = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    let y = discreteLaplace(bits, scale);
    while (!acceptance.accepts(bits, y)) y = discreteLaplace(bits, scale);
    samples[i] = y;
  }
  return samples;
}
