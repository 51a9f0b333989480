import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { changePoints } from './change-points.ts';
import { trendOf } from './trend.ts';

const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 24 });

const cost = (part: readonly number[]): number => {
  const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
  return part.reduce((sum, value) => sum + (value - mean) ** 2, 0);
};

/** Least Σ squared residuals + penalty over every partition. */
function cheapest(series: readonly number[], least: number, penalty: number): number {
  const best = [-penalty];
  for (let to = 1; to <= series.length; to += 1) {
    const totals = best.map((before, from) =>
      to - from < least ? Number.POSITIVE_INFINITY : before + cost(series.slice(from, to)) + penalty,
    );
    best.push(Math.min(...totals));
  }
  return best.at(-1)!;
}

function penaltyOf(series: readonly number[]): number {
  const steps = series
    .slice(1)
    .map((value, i) => Math.abs(value - series[i]!))
    .toSorted((a, b) => a - b);
  const half = steps.length >> 1;
  const middle = steps.length % 2 === 1 ? steps[half]! : (steps[half - 1]! + steps[half]!) / 2;
  return 2 * Math.log(series.length) * ((middle / (0.6745 * Math.SQRT2)) ** 2 || Number.MIN_VALUE);
}

const noise = (i: number) => ((i * 7919) % 13) / 13 - 0.5;

describe('changePoints', () => {
  it('finds the day a level breaks', () => {
    const series = Array.from({ length: 90 }, (_, i) => (i < 40 ? 5 : i < 70 ? 9 : 2) + noise(i));
    expect(changePoints(series).map(({ from, to }) => [from, to])).toEqual([
      [0, 40],
      [40, 70],
      [70, 90],
    ]);
  });

  it('finds no break in noise about one level', () => {
    const series = Array.from({ length: 200 }, (_, i) => Math.sin(i * i) + Math.cos(3 * i * i));
    expect(changePoints(series)).toHaveLength(1);
  });

  it('is the best of all partitions, for all that is pruned', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 4 }), (series, least) => {
        const segments = changePoints(series, least);
        const penalty = penaltyOf(series);
        const total = segments.reduce(
          (sum, { from, to, mean }) =>
            sum + series.slice(from, to).reduce((part, value) => part + (value - mean) ** 2, 0) + penalty,
          -penalty,
        );
        expect(total).toBeCloseTo(cheapest(series, least, penalty), 6);
        expect(segments.every(({ from, to }) => to - from >= least)).toBe(true);
        expect(segments[0]!.from).toBe(0);
        segments.forEach(({ to }, i) => expect(segments[i + 1]?.from ?? series.length).toBe(to));
      }),
    );
  });

  it.each([
    [[1, 2, 3], 7, 'TREND_TOO_SHORT'],
    [[1, Number.NaN], 1, 'TREND_VALUE'],
    [Array.from({ length: 2_001 }, () => 0), 7, 'TREND_TOO_LONG'],
  ])('refuses what has no trend', (series, least, code) => {
    expect(() => changePoints(series, least)).toThrow(expect.objectContaining({ code }));
  });
});

describe('trendOf', () => {
  it('is the slope of a line, whatever an outlier says', () => {
    const line = Array.from({ length: 60 }, (_, i) => (i === 30 ? 900 : 100 - 0.5 * i));
    const trend = trendOf(line);
    expect(trend.slopePerStep).toBeCloseTo(-0.5, 12);
    expect(trend.direction).toBe('falling');
    expect(trend.pValue).toBeLessThan(1e-6);
  });

  // Gilbert 1987, Statistical Methods for Environmental Pollution Monitoring: normal approximation, z = (S ∓ 1)/√Var(S).
  it('has the p-value of the normal approximation', () => {
    const series = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    // S = 45, Var = 10·9·25/18 = 125, z = 44/√125 = 3.9355
    expect(trendOf(series).pValue).toBeCloseTo(8.3031e-5, 7);
  });

  it('is none of a constant', () => {
    expect(trendOf(Array.from({ length: 20 }, () => 4))).toMatchObject({
      slopePerStep: 0,
      pValue: 1,
      direction: 'none',
    });
  });

  it('turns around with the series', () => {
    fc.assert(
      fc.property(values, (series) => {
        const [there, back] = [trendOf(series, 2), trendOf(series.toReversed(), 2)];
        expect(back.slopePerStep).toBeCloseTo(-there.slopePerStep, 9);
        expect(back.pValue).toBeCloseTo(there.pValue, 9);
      }),
    );
  });
});
