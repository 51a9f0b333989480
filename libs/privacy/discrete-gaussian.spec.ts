import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sampleDiscreteGaussian } from './discrete-gaussian.ts';
import { bernoulliInverseE, discreteLaplace } from './discrete-laplace.ts';
import { WordStream } from './random-words.ts';
import { chiSquareLimit, momentsOf, pearson, seededWords } from './seeded-words.ts';

const DRAWS = 100_000;

/** Mass proportional to `weight`, whose tails beyond `reach` are negligible. */
function normalised(weight: (k: number) => number, reach: number) {
  let total = 0;
  for (let k = -reach; k <= reach; k += 1) total += weight(k);
  return (k: number) => weight(k) / total;
}

function expectFit(samples: Float64Array, weight: (k: number) => number, reach: number) {
  const { statistic, freedom } = pearson(samples, normalised(weight, reach), reach);
  expect(statistic).toBeLessThan(chiSquareLimit(freedom));
}

describe('building blocks', () => {
  it('toss a coin of probability 1/e', () => {
    const bits = new WordStream(seededWords(3));
    let heads = 0;
    for (let i = 0; i < DRAWS; i += 1) heads += Number(bernoulliInverseE(bits));
    expect(Math.abs(heads - DRAWS / Math.E)).toBeLessThan(5 * Math.sqrt(DRAWS * 0.2325));
  });

  it.each([1, 2, 7, 100])('draw a discrete Laplace of scale %i', (scale) => {
    const bits = new WordStream(seededWords(scale));
    const samples = Float64Array.from({ length: DRAWS }, () => discreteLaplace(bits, scale));
    expectFit(samples, (k) => Math.exp(-Math.abs(k) / scale), 40 * scale);
  });
});

describe('discrete Gaussian', () => {
  it.each([0.1, 0.25, 0.5, 1, 2, 4, 10.3, 1000, 65_536.75])('has the exact masses at σ² = %d', (variance) => {
    const samples = sampleDiscreteGaussian(DRAWS, variance, seededWords(11));
    expectFit(samples, (k) => Math.exp((-k * k) / (2 * variance)), Math.ceil(12 * Math.sqrt(variance)) + 2);
  });

  it.each([0, 10, 20, 40, 60, 80])('has the moments of a Gaussian at σ² = 2^%i', (log2) => {
    const sigma = 2 ** (log2 / 2);
    const samples = sampleDiscreteGaussian(DRAWS, 2 ** log2, seededWords(log2 + 1));
    expect(samples.every(Number.isSafeInteger)).toBe(true);
    const { mean, variance, skewness, kurtosis } = momentsOf(samples);
    // Five standard errors of each; the discrete variance at σ = 1 is 1 to seven digits.
    expect(Math.abs(mean) / sigma).toBeLessThan(5 / Math.sqrt(DRAWS));
    expect(Math.abs(variance / sigma ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / DRAWS));
    expect(Math.abs(skewness)).toBeLessThan(5 * Math.sqrt(6 / DRAWS));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / DRAWS));
  });

  it('has Gaussian tails and both signs', () => {
    const samples = sampleDiscreteGaussian(4 * DRAWS, 2 ** 40, seededWords(9));
    const beyond = (sigmas: number, sign: number) =>
      samples.reduce((n, value) => n + Number(sign * value > sigmas * 2 ** 20), 0) / samples.length;
    for (const [sigmas, tail] of [
      [0, 0.5],
      [1, 0.158655],
      [2, 0.02275],
      [3, 0.0013499],
      [4, 0.0000316712],
    ] as const) {
      for (const sign of [-1, 1]) {
        const error = Math.sqrt((tail * (1 - tail)) / samples.length);
        expect(Math.abs(beyond(sigmas, sign) - tail)).toBeLessThan(5 * error);
      }
    }
    expect(beyond(6.5, 1) + beyond(6.5, -1)).toBe(0);
  });

  it('fills the low bits evenly at a large σ', () => {
    const counts = new Float64Array(16);
    for (const y of sampleDiscreteGaussian(DRAWS, 2 ** 80, seededWords(4)))
      counts[((y % 16) + 16) % 16]! += 1;
    const expected = DRAWS / 16;
    const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(statistic).toBeLessThan(chiSquareLimit(15));
  });

  it('is a function of its words, and nearby draws are not alike', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 1e20, noNaN: true }), fc.integer(), (variance, seed) => {
        const samples = sampleDiscreteGaussian(20, variance, seededWords(seed));
        expect(sampleDiscreteGaussian(20, variance, seededWords(seed))).toEqual(samples);
        expect(samples.some((y) => Object.is(y, -0))).toBe(false);
        expect(
          samples.every((y) => Number.isSafeInteger(y) && Math.abs(y) <= 10 * Math.sqrt(variance) + 10),
        ).toBe(true);
      }),
    );
    const many = sampleDiscreteGaussian(DRAWS, 1e6, seededWords(2));
    const lagged = many.subarray(1).reduce((sum, y, i) => sum + y * many[i]!, 0) / (1e6 * DRAWS);
    expect(Math.abs(lagged)).toBeLessThan(5 / Math.sqrt(DRAWS));
  });

  it('draws 100 000 in a second of processor time', () => {
    const before = process.cpuUsage();
    sampleDiscreteGaussian(DRAWS, 2 ** 80, seededWords(1));
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });

  it('refuses a variance it cannot draw', () => {
    for (const variance of [0, -1, Number.NaN, Infinity, 2 ** 81]) {
      expect(() => sampleDiscreteGaussian(1, variance, seededWords(1))).toThrow(
        expect.objectContaining({ code: 'NOISE_VARIANCE' }),
      );
    }
  });
});
