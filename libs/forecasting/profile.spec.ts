import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import { fitProfile, profileAt } from './profile.ts';

const MONDAY_MS = Date.UTC(2026, 0, 5);
const PLAIN = { dailyWeeks: 0, weeklyWeeks: 0 };
const range = (hours: number) => ({ startMs: MONDAY_MS, endMs: MONDAY_MS + hours * HOUR_MS });
const series = (hours: number, value: (i: number) => number) => ({
  startMs: MONDAY_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: hours }, (_, i) => value(i)),
});

describe('site profile', () => {
  it('is the plain mean by hour of the week without a prior', () => {
    const weekly = series(336, (i) => (i % 168) + (i < 168 ? -1 : 1));
    const { cycleKwh } = fitProfile(weekly, '+00:00', range(336), 168, PLAIN);
    expect([...cycleKwh]).toEqual(Array.from({ length: 168 }, (_, i) => i));
  });

  it('counts hours from local Monday 00:00', () => {
    const oneHour = series(168, (i) => (i === 0 ? 1 : 0));
    const { cycleKwh } = fitProfile(oneHour, '+02:00', range(168), 168, PLAIN);
    expect(cycleKwh.indexOf(1)).toBe(2);
    expect(profileAt({ scaleKwh: 1, cycleKwh }, '+02:00', oneHour, 168)).toBe(1);
  });

  it('shrinks the hour of the week towards the hour of the day, and that towards the mean', () => {
    // One week; hour 0 of Monday reads 8, every other hour 1. Mean (8 + 167)/168, hour 0 of the day (8 + 6)/7 = 2.
    const { cycleKwh } = fitProfile(
      series(168, (i) => (i === 0 ? 8 : 1)),
      '+00:00',
      range(168),
      168,
      {
        dailyWeeks: 3,
        weeklyWeeks: 1,
      },
    );
    const mean = 175 / 168;
    // One week against three: 1/4 of the day's deviation; one reading against one: 1/2 of Monday's.
    expect(cycleKwh[0]).toBeCloseTo(mean + (1 / 4) * (2 - mean + (1 / 2) * (8 - 2)), 12);
    expect(cycleKwh[1]).toBeCloseTo(mean + (1 / 4) * (1 - mean), 12);
  });

  it('falls back to the hour of the day, then to the mean', () => {
    // Monday only, its hour 5 missing.
    const monday = series(24, (i) => (i === 5 ? Number.NaN : i));
    const { cycleKwh } = fitProfile(monday, '+00:00', range(168), 168, PLAIN);
    expect(cycleKwh[24 + 7]).toBe(7);
    expect(cycleKwh[48 + 5]).toBeCloseTo((276 - 5) / 23, 12);
  });

  it('knows a daily cycle', () => {
    const { cycleKwh } = fitProfile(
      series(48, (i) => i),
      '+00:00',
      range(48),
      24,
      PLAIN,
    );
    expect([...cycleKwh]).toEqual(Array.from({ length: 24 }, (_, i) => i + 12));
  });

  it('takes the standard deviation as scale, 1 where the load is constant', () => {
    expect(
      fitProfile(
        series(168, (i) => (i % 2) * 6),
        '+00:00',
        range(168),
      ).scaleKwh,
    ).toBe(3);
    expect(
      fitProfile(
        series(168, () => 0.7),
        '+00:00',
        range(168),
      ).scaleKwh,
    ).toBe(1);
  });

  it('reads its range alone', () => {
    const values = series(200, (i) => (i < 168 ? i % 24 : 1e6));
    const short = { startMs: MONDAY_MS, resolutionMs: HOUR_MS, values: values.values.slice(0, 168) };
    expect(fitProfile(values, '+00:00', range(168))).toEqual(fitProfile(short, '+00:00', range(168)));
  });

  it('refuses a range without a reading', () => {
    expect(() =>
      fitProfile(
        series(168, () => Number.NaN),
        '+00:00',
        range(168),
      ),
    ).toThrow(expect.objectContaining({ code: 'PROFILE_EMPTY' }));
  });
});
