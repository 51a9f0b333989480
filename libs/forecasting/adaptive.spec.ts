import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '#core';
import type { MeterSeries } from '#metering';
import { adaptiveQuantiles, nextLevels, replayDays } from './adaptive.ts';
import {
  type DayQuantiles,
  difficultyKwh,
  errorQuantiles,
  NOMINAL_LEVELS,
  type PastErrors,
  pastErrors,
  quantileForecast,
  sortedErrors,
} from './quantiles.ts';
import { intervalScores } from './scores.ts';
import { valuesFrom } from './series.ts';

/** What a day of the week takes: it differs so much from day to day that a week hardly shows the noise upon it. */
const WEEK = [30, 42, 31, 44, 33, 45, 32];
const expected = (hour: number) => WEEK[Math.floor(hour / 24) % 7]! + 4 * Math.sin((2 * Math.PI * hour) / 24);

/** The expected load and noise of spread `scale(day)`, close to normal, from a small generator. */
function home(days: number, scale: (day: number) => number, seed = 1): MeterSeries {
  let state = seed;
  const uniform = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31 - 0.5;
  const values = Float64Array.from({ length: 24 * days }, (_, hour) => {
    const noise = Array.from({ length: 12 }, uniform).reduce((sum, part) => sum + part, 0);
    return expected(hour) + scale(Math.floor(hour / 24)) * noise;
  });
  return { startMs: 0, resolutionMs: HOUR_MS, values };
}

/** The hours in which a PV series is not at rest. */
const isDay = (hour: number) => hour % 24 >= 8 && hour % 24 < 16;
const point = (issueMs: number) =>
  Float64Array.from({ length: 24 }, (_, h) => expected(issueMs / HOUR_MS + h));
const ofPv = (issueMs: number) => point(issueMs).map((value, h) => (isDay(h) ? value : 0));
const mornings = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, d) => (from + d) * DAY_MS);
const calibrated = (series: MeterSeries, to: number): PastErrors =>
  pastErrors(point, series, {
    issuesMs: mornings(7, to),
    range: { startMs: 0, endMs: 7 * DAY_MS },
    horizon: 24,
  });

const flat = (days: readonly Float64Array[]) => days.flatMap((day) => [...day]);

/** Coverage over the days of `issuesMs` of the intervals that `errors` gives at each. */
function coverage(
  series: MeterSeries,
  issuesMs: readonly number[],
  errors: (day: number) => DayQuantiles,
): number {
  const forecasts = issuesMs.map((issueMs, day) =>
    quantileForecast(point(issueMs), errors(day), difficultyKwh(series, issueMs, 0), 0),
  );
  return intervalScores(
    flat(issuesMs.map((issueMs) => valuesFrom(series, issueMs, 24))),
    { lower: flat(forecasts.map(({ p10 }) => p10)), upper: flat(forecasts.map(({ p90 }) => p90)) },
    0.8,
  ).coverage;
}

describe('adaptive conformal intervals', () => {
  it('read a tail that is missed too often further out, one that is missed too seldom further in', () => {
    const { lower, upper } = nextLevels(NOMINAL_LEVELS, { below: 0.3, above: 0 });
    // γ = 0.05: 0.1 + γ(0.1 − 0.3), 0.9 + γ(0 − 0.1).
    expect(lower).toBeCloseTo(0.1 - 0.01, 12);
    expect(upper).toBeCloseTo(0.9 - 0.005, 12);
  });

  it('never leave the sample nor cross at the median, whatever is missed', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ below: share, above: share }), { maxLength: 60 }), (days) => {
        const { lower, upper } = days.reduce((levels, day) => nextLevels(levels, day), NOMINAL_LEVELS);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(0.5);
        expect(upper).toBeGreaterThanOrEqual(0.5);
        expect(upper).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['trebles', 3, 0.55],
    ['falls to a third', 1 / 3, 0.95],
  ])(
    'keep their coverage where the noise %s after training, which plain split intervals lose',
    (_, factor, plain) => {
      const series = home(400, (day) => (day < 80 ? 1 : factor));
      const start = calibrated(series, 80);
      const issuesMs = mornings(80, 400);
      const fixed = errorQuantiles(sortedErrors(start), NOMINAL_LEVELS);
      const states = replayDays(start, { point, actual: series, issuesMs }, issuesMs);
      const [ofPlain, ofAdaptive] = [
        coverage(series, issuesMs, () => fixed),
        coverage(series, issuesMs, (day) => adaptiveQuantiles(states[day]!)),
      ];
      expect(Math.sign(ofPlain - plain)).toBe(Math.sign(plain - 0.8));
      expect(ofAdaptive).toBeGreaterThan(0.78);
      expect(ofAdaptive).toBeLessThan(0.82);
    },
  );

  it('follow from the days delivered: asked once or at every morning, the state is the same', () => {
    const series = home(60, (day) => 1 + day / 20, 7);
    const start = calibrated(series, 30);
    const days = { point, actual: series, issuesMs: mornings(30, 60) };
    const daily = replayDays(start, days, mornings(30, 60));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29 }), (day) => {
        expect(replayDays(start, days, [(30 + day) * DAY_MS])).toEqual([daily[day]]);
      }),
    );
  });

  it('take no day into account before its whole horizon has been delivered', () => {
    const series = home(40, () => 1);
    const start = calibrated(series, 30);
    const state = (nowMs: number) =>
      replayDays(start, { point, actual: series, issuesMs: mornings(30, 40) }, [nowMs])[0]!;
    expect(state(31 * DAY_MS - 1)).toMatchObject({ errors: start, levels: NOMINAL_LEVELS });
    expect(state(31 * DAY_MS).errors.days.at(-1)).not.toEqual(start.days.at(-1));
    const hidden = { ...series, values: series.values.map((value, i) => (i < 31 * 24 ? value : Number.NaN)) };
    expect(replayDays(start, { point, actual: hidden, issuesMs: mornings(30, 40) }, [40 * DAY_MS])).toEqual([
      state(31 * DAY_MS),
    ]);
  });

  it('learn nothing about the days from the nights of a PV series, which are always met', () => {
    const noisy = home(200, () => 1);
    const series = { ...noisy, values: noisy.values.map((value, i) => (isDay(i) ? value : 0)) };
    const issuesMs = mornings(60, 200);
    const start = pastErrors(ofPv, series, {
      issuesMs: mornings(7, 60),
      range: { startMs: 0, endMs: 7 * DAY_MS },
      horizon: 24,
    });
    const states = replayDays(start, { point: ofPv, actual: series, issuesMs }, issuesMs);
    // The hours with neighbours of their own kind, 9 to 14 o'clock.
    let [inside, hours] = [0, 0];
    for (const [day, issueMs] of issuesMs.entries()) {
      const { p10, p90 } = adaptiveQuantiles(states[day]!);
      const difficulty = difficultyKwh(series, issueMs, 0);
      for (let h = 9; h < 15; h += 1) {
        const error = (series.values[issueMs / HOUR_MS + h]! - ofPv(issueMs)[h]!) / difficulty;
        inside += error >= p10[h]! && error <= p90[h]! ? 1 : 0;
        hours += 1;
      }
    }
    expect(inside / hours).toBeGreaterThan(0.76);
    expect(inside / hours).toBeLessThan(0.84);
  });
});
