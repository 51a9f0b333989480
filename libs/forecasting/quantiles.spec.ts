import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '#core';
import type { PointForecast } from './day-ahead.ts';
import {
  type Calibration,
  difficultyKwh,
  errorQuantiles,
  NOMINAL_LEVELS,
  pastErrors,
  quantileForecast,
  sampleQuantile,
  sortedErrors,
} from './quantiles.ts';

const hours = (days: number, value: (i: number) => number) => ({
  startMs: 0,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: 24 * days }, (_, i) => value(i)),
});
const mornings = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, d) => (from + d) * DAY_MS);
const calibration = (days: number) => ({
  issuesMs: mornings(7, days),
  range: { startMs: 0, endMs: 7 * DAY_MS },
  horizon: 24,
});

const residualQuantiles = (
  point: PointForecast,
  actual: ReturnType<typeof hours>,
  days: Calibration,
  levels = NOMINAL_LEVELS,
) => errorQuantiles(sortedErrors(pastErrors(point, actual, days)), levels);

/** A forecast of fives that errs in its last step alone. */
const errs = (horizon: number) => (): Float64Array =>
  Float64Array.from({ length: horizon }, (_, h) => (h === horizon - 1 ? 0 : 5));

describe('neighbouring steps of a horizon', () => {
  it('reach around midnight where it is one day, and not from the last step of several to the first', () => {
    const series = hours(20, () => 5);
    const medians = [24, 48].map(
      (horizon) => residualQuantiles(errs(horizon), series, { ...calibration(17), horizon }).p90,
    );
    expect(medians.map((p90) => p90[0]! > 0)).toEqual([true, false]);
    expect(medians.map((p90) => p90.at(-2)! > 0)).toEqual([true, true]);
  });
});

describe('sample quantile', () => {
  it('stands at (n + 1)·τ', () => {
    const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect([0.1, 0.5, 0.9].map((level) => sampleQuantile(nine, level))).toEqual([1, 5, 9]);
    expect(sampleQuantile([0, 10], 0.5)).toBe(5);
  });

  it('of few values is an extreme one', () => {
    expect([0.1, 0.9].map((level) => sampleQuantile([4, 6], level))).toEqual([4, 6]);
  });
});

describe('difficulty', () => {
  it('is the mean change from day to day in the week before', () => {
    // Day d reads d²: changes 2d − 1 for d = 1 … 6 of the last seven days, mean 36/6.
    const series = hours(8, (i) => Math.floor(i / 24) ** 2);
    expect(difficultyKwh(series, 7 * DAY_MS, 0.5)).toBe(36 / 6);
  });

  it('is the least one after a constant or an unknown week', () => {
    expect(
      difficultyKwh(
        hours(8, () => 3),
        7 * DAY_MS,
        0.5,
      ),
    ).toBe(0.5);
    expect(
      difficultyKwh(
        hours(8, () => Number.NaN),
        7 * DAY_MS,
        0.5,
      ),
    ).toBe(0.5);
  });

  it('does not know the hours from the issue time on', () => {
    const series = hours(8, (i) => (i * 7919) % 13);
    const other = hours(8, (i) => (i < 168 ? (i * 7919) % 13 : 1e6));
    expect(difficultyKwh(other, 7 * DAY_MS, 0.1)).toBe(difficultyKwh(series, 7 * DAY_MS, 0.1));
  });
});

describe('residual quantiles', () => {
  const noise = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), {
    minLength: 24 * 30,
    maxLength: 24 * 30,
  });

  it('never cross and are never below the floor, at whatever levels on either side of the median', () => {
    const half = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(
        noise,
        fc.double({ min: -3, max: 3, noNaN: true }),
        half,
        half,
        (values, level, low, high) => {
          const residuals = residualQuantiles(
            () => new Float64Array(24).fill(1),
            hours(30, (i) => values[i]!),
            calibration(30),
            { lower: low, upper: 1 - high },
          );
          const { p10, p50, p90 } = quantileForecast(new Float64Array(24).fill(level), residuals, 2, 0);
          for (let h = 0; h < 24; h += 1) {
            expect(p10[h]).toBeGreaterThanOrEqual(0);
            expect(p50[h]).toBeGreaterThanOrEqual(p10[h]!);
            expect(p90[h]).toBeGreaterThanOrEqual(p50[h]!);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('grow with the difficulty of the day', () => {
    const residuals = residualQuantiles(
      () => new Float64Array(24),
      hours(30, (i) => (i * 31) % 7),
      calibration(30),
    );
    const width = (difficulty: number) => {
      const { p10, p90 } = quantileForecast(
        new Float64Array(24),
        residuals,
        difficulty,
        Number.NEGATIVE_INFINITY,
      );
      return p90[5]! - p10[5]!;
    };
    expect(width(4)).toBeCloseTo(2 * width(2), 12);
    expect(width(2)).toBeGreaterThan(0);
  });

  it('shift a biased point to the median', () => {
    const series = hours(30, (i) => 2 + (Math.floor(i / 24) % 2));
    const residuals = residualQuantiles(() => new Float64Array(24), series, calibration(30));
    const { p50 } = quantileForecast(
      new Float64Array(24),
      residuals,
      difficultyKwh(series, 29 * DAY_MS, 0),
      0,
    );
    expect(p50[0]).toBeGreaterThanOrEqual(2);
    expect(p50[0]).toBeLessThanOrEqual(3);
  });

  it('lend an hour without any those of all hours', () => {
    const day = hours(30, (i) => (i % 24 >= 10 && i % 24 <= 14 ? Number.NaN : i % 5));
    const { p90 } = residualQuantiles(() => new Float64Array(24), day, calibration(30));
    expect(p90.every(Number.isFinite)).toBe(true);
  });

  it('are refused without a single past hour', () => {
    expect(() =>
      residualQuantiles(
        () => new Float64Array(24),
        hours(30, () => Number.NaN),
        calibration(30),
      ),
    ).toThrow(expect.objectContaining({ code: 'RESIDUALS_MISSING' }));
  });
});
