import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import type { SiteProfile } from './profile.ts';
import { rollingNaive, rollingScores } from './rolling-origin.ts';

const ZONE = '+00:00';
const START_MS = Date.UTC(2026, 0, 5);
const hourly = (values: readonly number[]) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from(values),
});
const at = (hour: number) => START_MS + hour * HOUR_MS;
const inputOf = (values: readonly number[], from: number, horizon: number) => ({
  series: hourly(values),
  zone: ZONE,
  test: { startMs: at(from), endMs: at(values.length) },
  issues: 'every-step' as const,
  horizon,
  scale: 2,
});
const readings = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 40, maxLength: 60 });
const shape = { stepMinutes: 60, cycle: 3, inputs: null };
const wrong = (list: readonly number[]) => [...list.keys()].filter((i) => list[i]! > 0);
const profile: SiteProfile = { scaleKwh: 2, cycleKwh: Float64Array.of(1, 2, 3) };

describe('errors at every step of a test part', () => {
  it('are those of each window by the definition', () => {
    const weights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(readings, weights, (values, w) => {
        // L = 4, H = 2: three differences to the last value, two columns.
        const map = { ...shape, lookback: 4, horizon: 2, weights: Float64Array.from(w) };
        const z = values.map((value, i) => value - profile.cycleKwh[i % 3]!);
        const errors: number[] = [];
        for (let t = 20; t + 2 <= values.length; t++) {
          for (let h = 0; h < 2; h++) {
            const last = z[t - 1]!;
            const moved = [0, 1, 2].reduce((sum, j) => sum + (z[t - 4 + j]! - last) * w[2 * j + h]!, 0);
            errors.push((last + moved - z[t + h]!) / 2);
          }
        }
        const scores = rollingScores(map, profile, inputOf(values, 20, 2));
        expect(scores.values).toBe(errors.length);
        expect(scores.mse).toBeCloseTo(errors.reduce((sum, e) => sum + e * e, 0) / errors.length, 8);
        expect(scores.mae).toBeCloseTo(errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length, 8);
      }),
    );
  });

  it('of a shorter horizon are those of the first columns', () => {
    const values = Array.from({ length: 50 }, (_, i) => Math.sin(i * i));
    const wide = {
      ...shape,
      lookback: 3,
      horizon: 3,
      weights: Float64Array.of(0.1, 0.2, 0.3, -0.4, 0.5, 0.6),
    };
    const narrow = { ...shape, lookback: 3, horizon: 1, weights: Float64Array.of(0.1, -0.4) };
    const input = inputOf(values, 10, 1);
    expect(rollingScores(wide, profile, input)).toEqual(rollingScores(narrow, profile, input));
  });

  it('take a missing look-back as the profile, and a missing reading as none', () => {
    const values = Array.from({ length: 30 }, (_, i) => profile.cycleKwh[i % 3]! + (i === 25 ? 4 : 0));
    values[24] = Number.NaN;
    const still = { ...shape, lookback: 2, horizon: 1, weights: Float64Array.of(0) };
    // Of the hours 20 … 29: no reading at 24; four too low at 25, four too high at 26.
    expect(rollingScores(still, profile, inputOf(values, 20, 1))).toMatchObject({
      values: 9,
      mse: (2 * 4) / 9,
      mae: (2 * 2) / 9,
      // Of 2 + 4 and of 3: too low by 4, too high by 4.
      mape: (4 / 6 + 4 / 3) / 9,
    });
  });

  it('of a seasonal naive forecast repeat the season', () => {
    const rising = Array.from({ length: 30 }, (_, i) => i);
    // Lag 3, five ahead: off by 3, 3, 3, 6, 6, in units of 2.
    const { mse, mae } = rollingNaive(3, inputOf(rising, 10, 5));
    expect(mae).toBeCloseTo((3 * 3 + 2 * 6) / 5 / 2, 12);
    expect(mse).toBeCloseTo((3 * 9 + 2 * 36) / 5 / 4, 12);
  });

  it('are told apart by steps ahead, local hour and local weekday', () => {
    // Hours count up, so a lag of one is off by one more with each step ahead; in units of 2.
    const rising = Array.from({ length: 240 }, (_, i) => i);
    const { byHorizon, byHour, byWeekday, mse, mae } = rollingNaive(1, inputOf(rising, 24, 3));
    expect(byHorizon).toEqual({ mse: [1 / 4, 1, 9 / 4], mae: [1 / 2, 1, 3 / 2] });
    expect(byHour.mae).toHaveLength(24);
    expect(byWeekday.mae).toHaveLength(7);
    for (const cells of [byHour.mse, byWeekday.mse]) expect(Math.max(...cells)).toBeLessThan(9 / 4);
    expect([mse, mae]).toEqual([(1 + 4 + 9) / 3 / 4, 1]);
  });

  it('of one wrong reading stand in its own hour and day of the zone', () => {
    const values = Array.from({ length: 96 }, () => 0);
    // Monday 00:00 UTC and 52 hours: Wednesday 04:00 UTC, in Berlin 05:00; on Tuesday 20:00 eight hours west.
    values[52] = 2;
    const still = { ...shape, lookback: 2, horizon: 1, weights: Float64Array.of(0) };
    const flat: SiteProfile = { scaleKwh: 2, cycleKwh: Float64Array.of(0) };
    const cellsIn = (zone: string) => {
      const { byHour, byWeekday } = rollingScores(still, flat, { ...inputOf(values, 24, 1), zone });
      return [wrong(byHour.mae), wrong(byWeekday.mae)];
    };
    // The value itself, and the one forecast from it.
    expect(cellsIn('Europe/Berlin')).toEqual([[5, 6], [2]]);
    expect(cellsIn('-08:00')).toEqual([[20, 21], [1]]);
  });
});
