import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { deltaBeforeTruncation, epsilonOf, planRho, rhoOf } from './accounting.ts';

const rho = fc.double({ min: 1e-8, max: 50, noNaN: true });
const epsilon = fc.double({ min: 1e-3, max: 60, noNaN: true });
const delta = fc.double({ min: -35, max: -1, noNaN: true }).map(Math.exp);

/** δ of the discrete Gaussian of variance σ² and sensitivity 1 at ε, from its masses: what no valid conversion may beat. */
function exactDelta(sigmaSquared: number, at: number): number {
  const reach = Math.ceil(15 * Math.sqrt(sigmaSquared)) + 2;
  const weight = (k: number) => Math.exp((-k * k) / (2 * sigmaSquared));
  let [total, excess] = [0, 0];
  for (let k = -reach; k <= reach; k += 1) {
    total += weight(k);
    excess += Math.max(0, weight(k) - Math.exp(at) * weight(k - 1));
  }
  return excess / total;
}

describe('ρ to (ε, δ)', () => {
  it('is the least of the conversion over α', () => {
    fc.assert(
      fc.property(rho, delta, (r, d) => {
        const got = epsilonOf(r, d);
        fc.pre(got > 0);
        // Corollary 13 as it stands, on a grid of α: δ = exp((α − 1)(αρ − ε)) / (α − 1) · (1 − 1/α)^α.
        for (let log = -6; log < 12; log += 0.05) {
          const alpha = 1 + Math.exp(log);
          const logDelta = (alpha - 1) * (alpha * r - got) - log + alpha * Math.log1p(-1 / alpha);
          // At the ε found no α promises a smaller δ than the one asked for.
          expect(logDelta).toBeGreaterThanOrEqual(Math.log(d) - 1e-6 * (1 + Math.abs(logDelta)));
        }
      }),
    );
  });

  it('lies between the Gaussian itself and the simple conversion ρ + 2√(ρ ln 1/δ)', () => {
    for (const sigmaSquared of [0.5, 1, 4, 25, 400]) {
      for (const d of [1e-3, 1e-6, 1e-10]) {
        const r = 1 / (2 * sigmaSquared);
        const simple = r + 2 * Math.sqrt(r * Math.log(1 / d));
        expect(exactDelta(sigmaSquared, epsilonOf(r, d))).toBeLessThanOrEqual(d);
        expect(epsilonOf(r, d)).toBeLessThan(simple);
        // It gives away less than a factor of 50 in δ.
        expect(exactDelta(sigmaSquared, epsilonOf(r, d))).toBeGreaterThan(d / 50);
      }
    }
  });

  it.each([
    [1, 1e-6, 7.766216625311721],
    [0.1, 1e-6, 2.141938928385474],
    [0.5, 1e-5, 4.728386984943314],
    [2.56, 1e-10, 17.158308712104752],
  ])('is, for ρ = %d and δ = %d, what an independent optimiser finds', (r, d, expected) => {
    expect(epsilonOf(r, d)).toBeCloseTo(expected, 10);
  });

  it('rises with ρ, falls with δ, and is nothing for nothing', () => {
    fc.assert(
      fc.property(rho, delta, fc.double({ min: 1.01, max: 10, noNaN: true }), (r, d, factor) => {
        expect(epsilonOf(factor * r, d)).toBeGreaterThanOrEqual(epsilonOf(r, d));
        expect(epsilonOf(r, d / factor)).toBeGreaterThanOrEqual(epsilonOf(r, d));
      }),
    );
    expect(epsilonOf(0, 1e-6)).toBe(0);
  });
});

describe('(ε, δ) to ρ', () => {
  it('inverts it from below', () => {
    fc.assert(
      fc.property(epsilon, delta, (e, d) => {
        const r = rhoOf(e, d);
        expect(epsilonOf(r, d)).toBeLessThanOrEqual(e);
        expect(epsilonOf(r * (1 + 1e-9), d)).toBeGreaterThan(e);
      }),
    );
  });

  it('is shared out evenly over steps', () => {
    const budget = { epsilon: 8, delta: 1e-6 };
    expect(planRho({ ...budget, steps: 1 })).toBe(rhoOf(8, 1e-6));
    expect(epsilonOf(20 * planRho({ ...budget, steps: 20 }), 1e-6)).toBeCloseTo(8, 9);
  });

  it('refuses parameters out of range', () => {
    const refused = expect.objectContaining({ code: 'PRIVACY_PARAMETER' });
    for (const attempt of [
      () => epsilonOf(-1, 1e-6),
      () => epsilonOf(Infinity, 1e-6),
      () => epsilonOf(1, 0),
      () => epsilonOf(1, 1),
      () => rhoOf(0, 1e-6),
      () => rhoOf(Number.NaN, 1e-6),
      () => planRho({ epsilon: 1, delta: 1e-6, steps: 0.5 }),
    ]) {
      expect(attempt).toThrow(refused);
    }
  });
});

describe('truncation', () => {
  it('costs δ by the probability that it acts', () => {
    // Discrete Gaussian and its copy cut at ±T: the copy is (ε, δ)-private where the original is (ε, what is left)-private.
    const [sigmaSquared, cut, at] = [9, 9, 1];
    const mass = (k: number) => Math.exp((-k * k) / (2 * sigmaSquared));
    let total = 0;
    for (let k = -80; k <= 80; k += 1) total += mass(k);
    const cutMass = (k: number) => {
      if (Math.abs(k) > cut) return 0;
      let sum = mass(k);
      if (Math.abs(k) === cut) for (let beyond = cut + 1; beyond <= 80; beyond += 1) sum += mass(beyond);
      return sum / total;
    };
    let [failure, cutDelta] = [0, 0];
    for (let k = -80; k <= 80; k += 1) {
      if (Math.abs(k) > cut) failure += mass(k) / total;
      cutDelta += Math.max(0, cutMass(k) - Math.exp(at) * cutMass(k - 1));
    }
    expect(cutDelta).toBeGreaterThan(exactDelta(sigmaSquared, at));
    const left = deltaBeforeTruncation({ epsilon: at, delta: cutDelta }, failure);
    expect(left).toBeLessThanOrEqual(exactDelta(sigmaSquared, at));
    expect(deltaBeforeTruncation({ epsilon: 3, delta: 1e-6 }, 0)).toBe(1e-6);
  });
});
