import { describe, expect, it } from '@jest/globals';
import { interval } from '#core';
import {
  type Charge,
  clipToNorm,
  deltaBeforeTruncation,
  epsilonOf,
  integerSensitivity,
  MAX_VARIANCE,
  noiseShare,
  noiseWidth,
  planRho,
  requireWithinBudget,
  rhoOf,
  sampleDiscreteGaussian,
  sampleSkellam,
  SKELLAM_DISTANCE,
  skellamEpsilon,
  spent,
  truncateNoise,
  zcdpOfSum,
} from './index.ts';
import { momentsOf, seededWords } from './seeded-words.ts';

/** One card of ten sites, seven of them honest, with two releases under ε = 6. */
const BUDGET = { epsilon: 6, delta: 1e-6 };
const [SITES, HONEST, STEPS] = [10, 7, 2];
const RELEASE = { clip: 4, fractionBits: 16, dimension: 2000 };
const FAILURE = 2 ** -60;

const rho = planRho({ ...BUDGET, delta: deltaBeforeTruncation(BUDGET, STEPS * FAILURE), steps: STEPS });
const sensitivityL2 = integerSensitivity(RELEASE);
const { dimension } = RELEASE;
const sigmaSquared = noiseShare({ rho, honest: HONEST, sensitivityL2, dimension });
const width = noiseWidth({ sigmaSquared, sites: SITES, dimension, failureProbability: FAILURE });

const release = (step: number): Charge => ({
  epoch: interval(0, 1000),
  series: 'load',
  rho,
  cardHash: 'card',
  step,
  attempt: 0,
  failureProbability: FAILURE,
});

describe('a private sum from beginning to end', () => {
  it('is the sum of the clipped values with the planned noise', () => {
    const released = new Float64Array(dimension);
    const clean = new Float64Array(dimension);
    for (let site = 0; site < SITES; site += 1) {
      const words = seededWords(100 + site);
      const values = Float64Array.from(words(dimension), (word) => word / 2 ** 32 - 0.5);
      const clipped = clipToNorm(values, RELEASE.clip);
      const noise = truncateNoise(sampleDiscreteGaussian(dimension, sigmaSquared, words), width.perSite);
      clipped.forEach((value, i) => {
        clean[i]! += value;
        released[i]! += Math.floor(value * 2 ** RELEASE.fractionBits) + noise[i]!;
      });
    }
    const errors = released.map((value, i) => value - clean[i]! * 2 ** RELEASE.fractionBits);
    expect(errors.every((error) => Math.abs(error) <= width.sum + SITES)).toBe(true);
    const { mean, variance } = momentsOf(errors);
    const expected = SITES * sigmaSquared;
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / dimension));
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(expected / dimension));
  });

  it('costs what was planned, and a third release is refused', () => {
    const charges: Charge[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      expect(requireWithinBudget(charges, release(step), BUDGET).repeated).toBe(false);
      charges.push(release(step));
    }
    const total = spent(charges, interval(0, 1), 'load');
    expect(total).toBeCloseTo(rhoOf(BUDGET.epsilon, BUDGET.delta), 9);
    expect(epsilonOf(total, BUDGET.delta)).toBeCloseTo(BUDGET.epsilon, 9);
    expect(() => requireWithinBudget(charges, release(STEPS), BUDGET)).toThrow(
      expect.objectContaining({ code: 'PRIVACY_BUDGET_EXCEEDED' }),
    );
  });

  it('gives what the honest sites give, and hardly more with Skellam noise of the same variance', () => {
    const achieved = zcdpOfSum({
      sigmaSquaredPerSite: sigmaSquared,
      sites: HONEST,
      sensitivityL2,
      dimension,
    });
    expect(achieved).toBeLessThanOrEqual(rho);
    const variance = HONEST * sigmaSquared;
    const skellam = skellamEpsilon({
      variance,
      sensitivityL2,
      dimension,
      delta: BUDGET.delta,
      releases: STEPS,
    });
    expect(skellam).toBeGreaterThan(BUDGET.epsilon * (1 - 1e-3));
    expect(skellam).toBeLessThan(BUDGET.epsilon * 1.01);
    expect(variance).toBeLessThan(MAX_VARIANCE);
    expect(sampleSkellam(100, sigmaSquared, seededWords(1)).every((y) => Math.abs(y) <= width.perSite)).toBe(
      true,
    );
    expect(dimension * SITES * SKELLAM_DISTANCE).toBeLessThan(BUDGET.delta);
  });
});
