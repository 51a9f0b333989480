import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  groupQuantiles,
  type HourForecast,
  meanCorrelation,
  swansonMean,
  swansonVariance,
} from './group-quantiles.ts';

const part = fc
  .tuple(
    fc.integer({ min: -100, max: 100 }),
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 0, max: 50 }),
  )
  .map(([p50, below, above]): HourForecast => ({ p10: p50 - below, p50, p90: p50 + above }));
const parts = fc.array(part, { minLength: 1, maxLength: 12 });
const correlation = fc.double({ min: 0, max: 1, noNaN: true });
const total = (of: readonly HourForecast[], level: keyof HourForecast) =>
  of.reduce((sum, forecast) => sum + forecast[level], 0);

describe('quantiles of a group', () => {
  it('lie as far from its mean as standard deviations add up', () => {
    const members = [
      { p10: 7, p50: 10, p90: 13 },
      { p10: 16, p50: 20, p90: 24 },
    ];
    // 3² + 4² = 5² where errors are unrelated; 3 + 4 where they are one; √(0.5·25 + 0.5·49) half-way.
    expect(groupQuantiles(members, 0)).toEqual({ p10: 25, p50: 30, p90: 35 });
    expect(groupQuantiles(members, 1)).toEqual({ p10: 23, p50: 30, p90: 37 });
    expect(groupQuantiles(members, 0.5).p90).toBeCloseTo(30 + Math.sqrt(0.5 * 25 + 0.5 * 49), 12);
  });

  it('tend to the sum of the means of skewed members, which is not that of their medians', () => {
    const skewed = { p10: 0, p50: 1, p90: 12 };
    // 0.3·0 + 0.4·1 + 0.3·12, and 0.3·4² + 0.4·3² + 0.3·8² about it.
    expect(swansonMean(skewed)).toBeCloseTo(4, 12);
    expect(swansonVariance(skewed)).toBeCloseTo(0.3 * 16 + 0.4 * 9 + 0.3 * 64, 12);
    const { p50 } = groupQuantiles(
      Array.from({ length: 100 }, () => skewed),
      0,
    );
    expect(p50).toBeGreaterThan(100 * 3.6);
    expect(p50).toBeLessThan(100 * 4);
  });

  it('add up where errors are one, and are in order and no wider whatever the correlation', () => {
    fc.assert(
      fc.property(parts, correlation, (members, rho) => {
        const comonotone = groupQuantiles(members, 1);
        for (const level of ['p10', 'p50', 'p90'] as const) {
          expect(comonotone[level]).toBeCloseTo(total(members, level), 9);
        }
        const { p10, p50, p90 } = groupQuantiles(members, rho);
        expect(p10).toBeLessThanOrEqual(p50 + 1e-9);
        expect(p50).toBeLessThanOrEqual(p90 + 1e-9);
        expect(p90 - p10).toBeLessThanOrEqual(comonotone.p90 - comonotone.p10 + 1e-9);
      }),
    );
  });

  it('of one member are its own', () => {
    fc.assert(
      fc.property(part, correlation, (member, rho) => {
        const own = groupQuantiles([member], rho);
        for (const level of ['p10', 'p50', 'p90'] as const) expect(own[level]).toBeCloseTo(member[level], 9);
      }),
    );
  });

  it('take the correlation from past errors', () => {
    const [x, opposite, unrelated] = [
      Float64Array.of(1, 2, 3, 4),
      Float64Array.of(4, 3, 2, 1),
      Float64Array.of(1, -1, -1, 1),
    ];
    expect(meanCorrelation([x, x.map((value) => 5 * value - 2)])).toBeCloseTo(1, 12);
    expect(meanCorrelation([x, opposite])).toBe(0);
    // 1, 0 and 0 of three pairs.
    expect(meanCorrelation([x, x, unrelated])).toBeCloseTo(1 / 3, 12);
    expect(meanCorrelation([x])).toBe(0);
  });
});
