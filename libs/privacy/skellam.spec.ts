import { describe, expect, it } from '@jest/globals';
import { logPoisson, sampleSkellam } from './skellam.ts';
import { chiSquareLimit, momentsOf, pearson, seededWords } from './seeded-words.ts';

const DRAWS = 100_000;

/** e^(−μ)·I_k(μ): the series of the two Poisson masses. */
function skellamMass(k: number, variance: number): number {
  const logHalf = Math.log(variance / 2);
  let logTerm = -variance + Math.abs(k) * logHalf;
  for (let i = 1; i <= Math.abs(k); i += 1) logTerm -= Math.log(i);
  let sum = 0;
  for (let j = 0; j < 3 * variance + 60; j += 1) {
    sum += Math.exp(logTerm);
    logTerm += 2 * logHalf - Math.log(j + 1) - Math.log(j + 1 + Math.abs(k));
  }
  return sum;
}

describe('Poisson masses', () => {
  it.each([0.3, 1, 5.5, 40, 1000, 123_456.5])('of mean %d follow p(k + 1) / p(k) = m / (k + 1)', (mean) => {
    const reach = Math.ceil(10 * Math.sqrt(mean));
    for (let x = -Math.min(Math.floor(mean), reach); x < reach; x += 1) {
      const step = Math.log(mean) - Math.log(Math.floor(mean) + x + 1);
      expect(Math.abs(logPoisson(mean, x + 1) - logPoisson(mean, x) - step)).toBeLessThan(2 ** -42);
    }
    expect(logPoisson(mean, -Math.floor(mean) - 1)).toBe(-Infinity);
  });

  it('add up to one', () => {
    for (const mean of [0.3, 7.25, 300, 20_000]) {
      const reach = Math.ceil(12 * Math.sqrt(mean) + 20);
      let total = 0;
      for (let x = -reach; x <= reach; x += 1) total += Math.exp(logPoisson(mean, x));
      expect(Math.abs(total - 1)).toBeLessThan(1e-12);
    }
  });

  it('are those of the Gaussian far beyond 2^53', () => {
    const mean = 2 ** 79;
    for (const sigmas of [-5, -1, 0.5, 3]) {
      const drop = logPoisson(mean, sigmas * Math.sqrt(mean)) - logPoisson(mean, 0);
      expect(drop).toBeCloseTo(-(sigmas ** 2) / 2, 9);
    }
  });
});

describe('Skellam', () => {
  it.each([0.1, 1, 6, 20, 200])('has the exact masses at variance %d', (variance) => {
    const samples = sampleSkellam(DRAWS, variance, seededWords(7));
    const reach = Math.ceil(12 * Math.sqrt(variance) + 12);
    const { statistic, freedom } = pearson(samples, (k) => skellamMass(k, variance), reach);
    expect(statistic).toBeLessThan(chiSquareLimit(freedom));
  });

  it.each([3, 20, 50, 80])('has the moments at variance 2^%i', (log2) => {
    const samples = sampleSkellam(DRAWS, 2 ** log2, seededWords(log2));
    expect(samples.every(Number.isSafeInteger)).toBe(true);
    const { mean, variance, skewness, kurtosis } = momentsOf(samples);
    expect(Math.abs(mean) / 2 ** (log2 / 2)).toBeLessThan(5 / Math.sqrt(DRAWS));
    expect(Math.abs(variance / 2 ** log2 - 1)).toBeLessThan(6 * Math.sqrt(2 / DRAWS));
    expect(Math.abs(skewness)).toBeLessThan(6 * Math.sqrt(6 / DRAWS));
    expect(Math.abs(kurtosis - 3 - 2 ** -log2)).toBeLessThan(6 * Math.sqrt(24 / DRAWS));
  });

  it('adds up to Skellam', () => {
    const shares = [1, 2, 3, 4].map((seed) => sampleSkellam(DRAWS, 2.5, seededWords(seed)));
    const sums = shares[0]!.map((_, i) => shares.reduce((sum, share) => sum + share[i]!, 0));
    const { statistic, freedom } = pearson(sums, (k) => skellamMass(k, 10), 50);
    expect(statistic).toBeLessThan(chiSquareLimit(freedom));
  });

  it('refuses a variance it cannot draw', () => {
    expect(() => sampleSkellam(1, 0, seededWords(1))).toThrow(
      expect.objectContaining({ code: 'NOISE_VARIANCE' }),
    );
  });
});
