import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import { DAY_AHEAD_MOMENTS, type RidgeModelConfig } from './config.ts';
import { momentBound, momentCount, normaliseMoments, siteMoments, unpackMoments } from './moments.ts';
import { DEVIATION_LIMIT } from './deviations.ts';
import { fitProfile } from './profile.ts';
import { fitRidge } from './ridge.ts';

const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 6,
  horizon: 3,
  cycle: 24,
  lambdas: [0.1, 1],
  inputs: null,
};
const START_MS = Date.UTC(2026, 0, 5);
const at = (hour: number) => START_MS + hour * HOUR_MS;
const EPOCHS = {
  train: { startMs: at(4), endMs: at(100) },
  validation: { startMs: at(100), endMs: at(150) },
};
const hourly = (values: readonly number[]) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from(values),
});

const reading = fc.oneof(
  { weight: 30, arbitrary: fc.double({ min: 0, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const readings = fc.array(reading, { minLength: 160, maxLength: 160 });

/** Rows by the definition, one window at a time: [x without its last value | y], all less that last value. */
function rowsOf(values: readonly number[], fromHour: number, toHour: number): number[][] {
  const profile = fitProfile(hourly(values), '+00:00', EPOCHS.train, CONFIG.cycle);
  const z = values.map((value, i) => (value - profile.cycleKwh[i % 24]!) / profile.scaleKwh);
  const rows: number[][] = [];
  for (let t = fromHour; t + 3 <= toHour; t += 1) {
    if (t - 6 < 4) continue;
    const window = z.slice(t - 6, t + 3);
    if (window.some(Number.isNaN)) continue;
    const last = window[5]!;
    rows.push([...window.slice(0, 5), ...window.slice(6)].map((value) => value - last));
  }
  return rows;
}

const sumOver = (rows: number[][], term: (row: number[]) => number) =>
  rows.reduce((sum, row) => sum + term(row), 0);

/** The documented layout from rows, entry by entry. */
function layout(rows: number[][]): number[] {
  const flat: number[] = [];
  for (let i = 0; i < 5; i += 1)
    for (let j = i; j < 5; j += 1) flat.push(sumOver(rows, (row) => row[i]! * row[j]!));
  for (let i = 0; i < 5; i += 1)
    for (let h = 0; h < 3; h += 1) flat.push(sumOver(rows, (row) => row[i]! * row[5 + h]!));
  flat.push(
    sumOver(rows, (row) => row[5]! ** 2 + row[6]! ** 2 + row[7]! ** 2),
    rows.length,
  );
  return flat;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i += 1) {
    expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected[i]!)));
  }
}

describe('site moments', () => {
  it('are the sums of the rows of each part', () => {
    fc.assert(
      fc.property(readings, (values) => {
        const moments = siteMoments(hourly(values), '+00:00', EPOCHS, CONFIG);
        expectClose(moments, [...layout(rowsOf(values, 4, 100)), ...layout(rowsOf(values, 100, 150))]);
      }),
      { numRuns: 40 },
    );
  });

  it('added over sites are the moments of all rows together', () => {
    fc.assert(
      fc.property(readings, readings, (a, b) => {
        const [ofA, ofB] = [a, b].map((values) => siteMoments(hourly(values), '+00:00', EPOCHS, CONFIG));
        const pooled = layout([...rowsOf(a, 4, 100), ...rowsOf(b, 4, 100)]);
        expectClose(ofA!.map((value, i) => value + ofB![i]!).subarray(0, pooled.length), pooled);
      }),
      { numRuns: 20 },
    );
  });

  it('do not know what lies outside the epochs, and the training part nothing of the validation part', () => {
    fc.assert(
      fc.property(readings, fc.double({ min: 10, max: 1e6, noNaN: true }), (values, other) => {
        const moments = siteMoments(hourly(values), '+00:00', EPOCHS, CONFIG);
        const outside = values.map((value, i) => (i < 4 || i >= 150 ? other : value));
        expect(siteMoments(hourly(outside), '+00:00', EPOCHS, CONFIG)).toEqual(moments);
        const later = values.map((value, i) => (i >= 100 ? other : value));
        const half = momentCount(CONFIG) / 2;
        expect(siteMoments(hourly(later), '+00:00', EPOCHS, CONFIG).subarray(0, half)).toEqual(
          moments.subarray(0, half),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('stay within the bound whatever the meter says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1, 1e9), { minLength: 160, maxLength: 160 }),
        (values) => {
          const moments = siteMoments(hourly(values), '+00:00', EPOCHS, CONFIG);
          const bound = momentBound(CONFIG, 96);
          expect(moments.every((value) => Math.abs(value) <= bound)).toBe(true);
        },
      ),
    );
    expect(momentBound(DAY_AHEAD_MOMENTS, 8760)).toBeLessThan(2 ** 29);
  });

  it('cut a deviation at the limit', () => {
    // One spike in 96 · 24 hours: √2303 = 48 standard deviations before the cut; x_L = 0 after it.
    const long = {
      train: { startMs: at(0), endMs: at(2304) },
      validation: { startMs: at(2304), endMs: at(2400) },
    };
    const values = Array.from({ length: 2400 }, (_, i) => (i === 1000 ? 1000 : 0));
    const { train } = unpackMoments(siteMoments(hourly(values), '+00:00', long, CONFIG), CONFIG);
    expect(Math.sqrt(train.gram[0]! / 2)).toBeLessThan(2 * DEVIATION_LIMIT);
    expect(train.gram[0]).toBeGreaterThan(DEVIATION_LIMIT ** 2);
  });

  it('are zeros where no window is complete', () => {
    const values = Array.from({ length: 160 }, (_, i) => (i % 8 === 0 ? Number.NaN : 1));
    expect(siteMoments(hourly(values), '+00:00', EPOCHS, CONFIG).every((value) => value === 0)).toBe(true);
  });

  it('have the documented length', () => {
    expect(momentCount(DAY_AHEAD_MOMENTS)).toBe(2 * ((167 * 168) / 2 + 167 * 24 + 1 + 1));
    expect(momentCount(DAY_AHEAD_MOMENTS)).toBe(36_076);
  });

  it('refuse a vector of another length or with a value that is not finite', () => {
    expect(() => unpackMoments(new Float64Array(7), CONFIG)).toThrow(
      expect.objectContaining({ code: 'MOMENTS_LENGTH', data: { expected: 64, got: 7 } }),
    );
    expect(() => unpackMoments(new Float64Array(64).fill(Number.NaN), CONFIG)).toThrow(
      expect.objectContaining({ code: 'MOMENTS_NOT_FINITE' }),
    );
  });
});

describe('normalised moments', () => {
  it('are those of one row, shared between the parts, and fit as before', () => {
    fc.assert(
      fc.property(readings, (values) => {
        const moments = siteMoments(hourly(values), '+00:00', EPOCHS, CONFIG);
        const before = unpackMoments(moments, CONFIG);
        fc.pre(before.train.rows > 20 && before.validation.rows > 0);
        const normalised = normaliseMoments(moments, CONFIG);
        const after = unpackMoments(normalised, CONFIG);
        const rows = before.train.rows + before.validation.rows;
        expect(after.train.rows + after.validation.rows).toBeCloseTo(1, 12);
        expectClose(
          normalised,
          moments.map((value) => value / rows),
        );
        expectClose(fitRidge(normalised, CONFIG).weights, fitRidge(moments, CONFIG).weights);
      }),
      { numRuns: 20 },
    );
  });

  it('stay zeros without rows, and refuse a vector of another length', () => {
    const none = new Float64Array(momentCount(CONFIG));
    expect(normaliseMoments(none, CONFIG)).toEqual(none);
    expect(() => normaliseMoments(none.subarray(1), CONFIG)).toThrow(
      expect.objectContaining({ code: 'MOMENTS_LENGTH' }),
    );
  });
});
