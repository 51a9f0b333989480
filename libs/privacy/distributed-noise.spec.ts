import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { epsilonOf } from './accounting.ts';
import { sampleDiscreteGaussian } from './discrete-gaussian.ts';
import { noiseShare, noiseWidth, skellamEpsilon, truncateNoise, zcdpOfSum } from './distributed-noise.ts';
import { seededWords } from './seeded-words.ts';

type Masses = readonly number[];

const gaussianMasses = (variance: number, reach: number): Masses => {
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * variance)),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
};

function convolve(a: Masses, b: Masses): number[] {
  const out = Array.from({ length: a.length + b.length - 1 }, () => 0);
  a.forEach((x, i) => b.forEach((y, j) => (out[i + j]! += x * y)));
  return out;
}

/** Rényi divergence of order α between masses and their shift, where both are well above rounding. */
function renyi(masses: Masses, shift: number, alpha: number): number {
  let sum = 0;
  for (let i = shift; i < masses.length; i += 1) {
    const [p, q] = [masses[i]!, masses[i - shift]!];
    if (p > 0 && q > 0) sum += Math.exp(alpha * Math.log(p) - (alpha - 1) * Math.log(q));
  }
  return Math.log(sum) / (alpha - 1);
}

/** δ at ε between masses and their shift. */
const hockeyStick = (masses: Masses, shift: number, epsilon: number): number =>
  masses.reduce((sum, p, i) => sum + Math.max(0, p - Math.exp(epsilon) * (masses[i - shift] ?? 0)), 0);

/** The masses of variance μ: Poisson convolved with its mirror image. */
function skellamMasses(variance: number): number[] {
  const poisson = [Math.exp(-variance / 2)];
  for (let k = 1; k < 12 * Math.sqrt(variance) + variance + 20; k += 1)
    poisson.push((poisson[k - 1]! * variance) / (2 * k));
  return convolve(poisson, poisson.toReversed());
}

const refused = (code: string) => expect.objectContaining({ code });

describe('zCDP of a sum of discrete Gaussians', () => {
  it('bounds the true Rényi divergence of the convolution', () => {
    for (const [variance, sites, shift] of [
      [0.5, 2, 1],
      [0.5, 3, 1],
      [0.6, 4, 2],
      [1, 3, 1],
      [3, 3, 2],
    ] as const) {
      const one = gaussianMasses(variance, 30);
      let masses: Masses = one;
      for (let i = 1; i < sites; i += 1) masses = convolve(masses, one);
      const sum = { sigmaSquaredPerSite: variance, sites, sensitivityL2: shift, dimension: 1 };
      for (const alpha of [1.5, 2, 4]) {
        expect(renyi(masses, shift, alpha)).toBeLessThanOrEqual(alpha * zcdpOfSum(sum) + 1e-9);
      }
    }
  });

  it('is the Gaussian mechanism once σ² is a few units', () => {
    const sum = { sigmaSquaredPerSite: 50, sites: 8, sensitivityL2: 3, dimension: 40_000 };
    expect(zcdpOfSum(sum)).toBeCloseTo(9 / (2 * 400), 14);
  });

  it('has the τ of the theorem and the least of its three terms', () => {
    // n = 2, σ² = ½: τ = 10·e^(−π²/2); dimension 1 makes τd the largest correction, Δ₁ = 1.
    const tau = 10 * Math.exp(-(Math.PI ** 2) / 2);
    const sum = { sigmaSquaredPerSite: 0.5, sites: 2, sensitivityL2: 1, dimension: 1 };
    expect(zcdpOfSum(sum)).toBeCloseTo(Math.min(0.5 + tau, (1 + 2 * tau + tau ** 2) / 2), 12);
    const wide = { ...sum, dimension: 10_000, sensitivityL1: 1 };
    const terms = [0.5 + 1e4 * tau, (1 + 2 * tau + 1e4 * tau ** 2) / 2, (1 + 100 * tau) ** 2 / 2];
    expect(zcdpOfSum(wide)).toBeCloseTo(Math.min(...terms), 12);
    expect(zcdpOfSum({ ...sum, sites: 1 })).toBeCloseTo(1, 12);
  });

  it('falls with noise, rises with sensitivity and dimension', () => {
    const sum = fc.record({
      sigmaSquaredPerSite: fc.double({ min: 0.5, max: 1e6, noNaN: true }),
      sites: fc.integer({ min: 1, max: 40 }),
      sensitivityL2: fc.double({ min: 1, max: 1e6, noNaN: true }),
      dimension: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(sum, (given) => {
        const rho = zcdpOfSum(given);
        expect(zcdpOfSum({ ...given, sigmaSquaredPerSite: 1.1 * given.sigmaSquaredPerSite })).toBeLessThan(
          rho,
        );
        expect(zcdpOfSum({ ...given, sensitivityL2: 1.1 * given.sensitivityL2 })).toBeGreaterThan(rho);
        expect(zcdpOfSum({ ...given, dimension: 2 * given.dimension })).toBeGreaterThanOrEqual(rho);
        expect(zcdpOfSum({ ...given, sensitivityL1: given.sensitivityL2 })).toBeLessThanOrEqual(rho);
      }),
    );
  });

  it('refuses noise that the theorem does not cover', () => {
    const sum = { sigmaSquaredPerSite: 0.49, sites: 3, sensitivityL2: 1, dimension: 1 };
    expect(() => zcdpOfSum(sum)).toThrow(refused('NOISE_TOO_SMALL'));
    expect(() => zcdpOfSum({ ...sum, sites: 0 })).toThrow(refused('PRIVACY_PARAMETER'));
    expect(() => zcdpOfSum({ ...sum, dimension: 0 })).toThrow(refused('PRIVACY_PARAMETER'));
  });
});

describe('noise share', () => {
  it('is the least whole σ² with which the honest sites reach ρ', () => {
    const target = fc.record({
      rho: fc.double({ min: -14, max: 4, noNaN: true }).map(Math.exp),
      sensitivityL2: fc.double({ min: 0, max: 27, noNaN: true }).map(Math.exp),
      dimension: fc.integer({ min: 1, max: 100_000 }),
      honest: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(target, ({ rho, honest, ...sensitivity }) => {
        const share = noiseShare({ rho, honest, ...sensitivity });
        const of = (sigmaSquaredPerSite: number, sites: number) =>
          zcdpOfSum({ ...sensitivity, sigmaSquaredPerSite, sites });
        expect(Number.isInteger(share)).toBe(true);
        expect(of(share, honest)).toBeLessThanOrEqual(rho);
        const smaller = Math.min(share - 1, share * (1 - 1e-12));
        expect(smaller < 1 || of(smaller, honest) > rho).toBe(true);
      }),
    );
  });

  it('refuses a target without ρ or without honest sites', () => {
    const target = { rho: 1, sensitivityL2: 10, dimension: 3, honest: 2 };
    expect(() => noiseShare({ ...target, rho: 0 })).toThrow(refused('PRIVACY_PARAMETER'));
    expect(() => noiseShare({ ...target, honest: 0 })).toThrow(refused('PRIVACY_PARAMETER'));
  });
});

describe('Skellam', () => {
  it('keeps the δ it promises, by the true masses', () => {
    for (const variance of [4, 20, 100]) {
      for (const [shift, delta] of [
        [1, 1e-6],
        [3, 1e-4],
      ] as const) {
        const epsilon = skellamEpsilon({ variance, sensitivityL2: shift, dimension: 1, delta, releases: 1 });
        const exact = hockeyStick(skellamMasses(variance), shift, epsilon);
        expect(exact).toBeLessThanOrEqual(delta);
        expect(exact).toBeGreaterThan(0);
      }
    }
  });

  it('is the better of the two bounds at the best whole order', () => {
    const release = {
      variance: 50,
      sensitivityL2: 4,
      sensitivityL1: 10,
      dimension: 20,
      delta: 1e-5,
      releases: 3,
    };
    let best = Infinity;
    for (let alpha = 2; alpha < 400; alpha += 1) {
      const tail = Math.min(((2 * alpha - 1) * 16 + 60) / (4 * 2500), 30 / 100);
      const divergence = 3 * ((alpha * 16) / 100 + tail);
      best = Math.min(
        best,
        divergence + Math.log1p(-1 / alpha) + (Math.log(1e5) - Math.log(alpha)) / (alpha - 1),
      );
    }
    expect(skellamEpsilon(release)).toBeCloseTo(best, 9);
  });

  it('comes close to the Gaussian of the same variance as μ grows, never below it', () => {
    for (const variance of [1e3, 1e6, 1e9]) {
      const sensitivityL2 = Math.sqrt(variance / 10);
      const gaussian = epsilonOf(1 / 20, 1e-6);
      const skellam = skellamEpsilon({ variance, sensitivityL2, dimension: 1000, delta: 1e-6, releases: 1 });
      expect(skellam).toBeGreaterThan(gaussian);
      expect(skellam).toBeLessThan(gaussian * (1 + 60 / Math.sqrt(variance)));
    }
  });
});

describe('truncation of noise', () => {
  it('is wider than what is ever drawn, by the stated probability', () => {
    const [sigmaSquared, draws] = [1e6, 20_000];
    const tail = { sigmaSquared, sites: 4, dimension: draws / 4, failureProbability: 1e-3 };
    const { perSite, failureProbability } = noiseWidth(tail);
    expect(failureProbability).toBe(1e-3);
    // The bound is within 10 % of the true quantile, 5.45 σ for one draw in 2·10⁷.
    expect(perSite).toBeGreaterThan(5450);
    expect(perSite).toBeLessThan(5995);
    const noise = sampleDiscreteGaussian(draws, sigmaSquared, seededWords(21));
    expect(truncateNoise(noise, perSite)).toEqual(noise);
    const narrow = truncateNoise(noise, 500);
    expect(
      narrow.every((value, i) => value === Math.sign(noise[i]!) * Math.min(500, Math.abs(noise[i]!))),
    ).toBe(true);
  });

  it('bounds the sum more tightly than the sites one by one', () => {
    const tail = { sigmaSquared: 1e6, sites: 16, dimension: 36_076, failureProbability: 2 ** -60 };
    const { perSite, sum } = noiseWidth(tail);
    expect(sum).toBeLessThan(4.01 * perSite);
    expect(sum).toBeGreaterThan(3.8 * perSite);
    expect(() => noiseWidth({ ...tail, failureProbability: 0 })).toThrow(refused('PRIVACY_PARAMETER'));
  });
});
