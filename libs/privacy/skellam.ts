import { requireVariance } from './discrete-gaussian.ts';
import { discreteLaplace } from './discrete-laplace.ts';
import { type RandomWords, WordStream } from './random-words.ts';

/**
 * Bound on the total variation distance between one sample of `sampleSkellam` and the Skellam distribution: the acceptance
 * of two Poisson draws is computed in doubles. A vector of d samples is within d times this, which counts like a truncation.
 */
export const SKELLAM_DISTANCE = 2 ** -40;

const { abs, exp, floor, log, max, sqrt } = Math;

const EXACT_FACTORIALS = 32;
const LOG_FACTORIALS = Float64Array.from({ length: EXACT_FACTORIALS }, (_, n) =>
  Array.from({ length: n }, (_unused, i) => log(i + 1)).reduce((sum, term) => sum + term, 0),
);

/** log k! − Stirling's formula, k ≥ 32: four terms of the series leave less than a double's last digit. */
function stirlingError(k: number): number {
  const s = 1 / (k * k);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / k;
}

/** k·log(k/m) + m − k for k = m + delta without the cancellation near k = m (Loader 2000). */
function deviance(k: number, m: number, delta: number): number {
  if (abs(delta) >= 0.1 * (k + m)) return k * log(k / m) - delta;
  const v = delta / (k + m);
  let sum = delta * v;
  let term = 2 * k * v;
  for (let j = 3; ; j += 2) {
    term *= v * v;
    const next = sum + term / j;
    if (next === sum) return sum;
    sum = next;
  }
}

/** log P(mode + x) of a Poisson variable of mean m, mode = ⌊m⌋; −∞ below zero. Absolute error below 2^-45 within 12 σ. */
export function logPoisson(m: number, x: number): number {
  const k = floor(m) + x;
  if (k < 0) return -Infinity;
  if (k < EXACT_FACTORIALS) return k * log(m) - m - LOG_FACTORIALS[k]!;
  return -deviance(k, m, x - (m - floor(m))) - stirlingError(k) - 0.5 * log(2 * Math.PI * k);
}

/** Poisson variables less their mode, by rejection from the discrete Laplace: for means far beyond 2^53, too. */
class PoissonOffsets {
  readonly #scale: number;
  readonly #atMode: number;
  readonly #bound: number;

  constructor(readonly mean: number) {
    this.#scale = floor(sqrt(mean)) + 1;
    this.#atMode = logPoisson(mean, 0);
    // The ratio to the proposal rises as long as k ≤ m·e^(1/t) to the right of the mode, k ≥ m·e^(−1/t) to the left.
    const ends = [1, -1].map((side) => floor(mean * exp(side / this.#scale)) - floor(mean));
    const near = ends.flatMap((end) => [end - 1, end, end + 1]);
    this.#bound = max(...near.map((x) => this.#logRatio(x))) + 2 ** -30;
  }

  draw(bits: WordStream): number {
    for (;;) {
      const x = discreteLaplace(bits, this.#scale);
      if (bits.fraction() < exp(this.#logRatio(x) - this.#bound)) return x;
    }
  }

  #logRatio(x: number): number {
    return logPoisson(this.mean, x) - this.#atMode + abs(x) / this.#scale;
  }
}

/**
 * `count` independent Skellam variables of mean 0 and the given variance μ: differences of two Poisson variables of mean
 * μ/2. Sums of Skellam variables are Skellam, so shares need no correction (Agarwal, Kairouz & Liu 2021, arXiv 2110.04995);
 * the sampling is within `SKELLAM_DISTANCE` of exact, where `sampleDiscreteGaussian` is exact.
 * @throws NOISE_VARIANCE unless 2^-20 ≤ μ ≤ 2^80, RANDOM_WORDS_SHORT
 */
export function sampleSkellam(count: number, variance: number, words: RandomWords): Float64Array {
  requireVariance(variance);
  const bits = new WordStream(words);
  const poisson = new PoissonOffsets(variance / 2);
  return Float64Array.from({ length: count }, () => poisson.draw(bits) - poisson.draw(bits));
}
