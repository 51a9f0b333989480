import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import type { RidgeModelConfig } from './config.ts';
import { forecastDay, pvPoint, seasonalNaive } from './day-ahead.ts';
import { splitDays } from './epochs.ts';
import { siteMoments } from './moments.ts';
import { difficultyKwh } from './quantiles.ts';
import { fitRidge, type LinearMap } from './ridge.ts';
import { fitSite, forecastSite, loadQuantiles } from './site.ts';

const ZONE = '+01:00';
const START_MS = Date.UTC(2026, 0, 4, 23);
const HOURS = 24 * 40;
const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 48,
  horizon: 24,
  cycle: 168,
  lambdas: [0.01, 1],
  inputs: null,
};
const DAYS = splitDays(ZONE, { startMs: START_MS, endMs: START_MS + HOURS * HOUR_MS });
const ISSUE_MS = DAYS.test.startMs + 72 * HOUR_MS;

// A daily cycle, a weekend and a deterministic disturbance that looks irregular.
const loadAt = (i: number) =>
  1 + Math.sin((2 * Math.PI * i) / 24) / 2 + (i % 168 > 120 ? 0.4 : 0) + ((i * i * 7919) % 101) / 150;
const pvAt = (i: number) => Math.max(0, Math.sin((2 * Math.PI * (i - 6)) / 24)) * (1 + ((i * 31) % 17) / 20);
const series = (value: (i: number) => number) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: HOURS }, (_, i) => value(i)),
});
const changed = (source: { startMs: number; values: Float64Array }, fromMs: number, value: number) => ({
  startMs: source.startMs,
  resolutionMs: HOUR_MS,
  values: source.values.map((old, i) => (source.startMs + i * HOUR_MS >= fromMs ? value : old)),
});

const load = series(loadAt);
const pv = series(pvAt);
const fit = fitRidge(siteMoments(load, ZONE, DAYS, CONFIG), CONFIG);
const site = fitSite({ load, pv, zone: ZONE }, DAYS, fit);

/** Width of the fourth hour's interval, in multiples of the difficulty, which a day far off raises too. */
const width = (values: Float64Array, issueMs: number) => {
  const { p10, p90 } = loadQuantiles(site, { load: { ...load, values }, zone: ZONE }, [issueMs])[0]!;
  return (p90[3]! - p10[3]!) / difficultyKwh({ ...load, values }, issueMs, 0);
};

describe('site forecaster', () => {
  it.each([Number.NaN, 0, 1e6])('learns nothing from the test days (%d in their place)', (value) => {
    const [otherLoad, otherPv] = [load, pv].map((source) => changed(source, DAYS.test.startMs, value));
    expect(siteMoments(otherLoad!, ZONE, DAYS, CONFIG)).toEqual(siteMoments(load, ZONE, DAYS, CONFIG));
    expect(fitSite({ load: otherLoad!, pv: otherPv!, zone: ZONE }, DAYS, fit)).toEqual(site);
  });

  it('reads nothing at or after the issue time', () => {
    const forecast = forecastSite(site, { load, pv, zone: ZONE }, ISSUE_MS);
    fc.assert(
      fc.property(fc.constantFrom(Number.NaN, 0, 1e6), fc.integer({ min: 0, max: 72 }), (value, hour) => {
        const fromMs = ISSUE_MS + hour * HOUR_MS;
        const readings = { load: changed(load, fromMs, value), pv: changed(pv, fromMs, value), zone: ZONE };
        expect(forecastSite(site, readings, ISSUE_MS)).toEqual(forecast);
      }),
    );
    const before = { load: changed(load, ISSUE_MS - HOUR_MS, 5), pv, zone: ZONE };
    expect(forecastSite(site, before, ISSUE_MS)).not.toEqual(forecast);
  });

  it('keeps quantiles in order, load and PV above zero, and lets the net change sign', () => {
    const { load: ofLoad, pv: ofPv, net } = forecastSite(site, { load, pv, zone: ZONE }, ISSUE_MS);
    for (const { p10, p50, p90 } of [ofLoad, ofPv!, net]) {
      expect(p10.every((value, h) => value <= p50[h]! && p50[h]! <= p90[h]!)).toBe(true);
    }
    expect([...ofLoad.p10, ...ofPv!.p10].every((value) => value >= 0)).toBe(true);
    // PV is zero at midnight and twice the load at noon.
    expect(net.p50[0]).toBeGreaterThan(0);
    expect(Math.min(...net.p10)).toBeLessThan(0);
  });

  it('follows the days delivered since its epochs: an outcome far off widens what comes after it, and none before', () => {
    const after = (hours: number) =>
      load.values.map((value, i) => {
        const atMs = START_MS + i * HOUR_MS;
        const isOff = atMs >= ISSUE_MS && atMs < ISSUE_MS + hours * HOUR_MS;
        return isOff ? value + 20 : value;
      });
    const weekLaterMs = DAYS.test.endMs - 24 * HOUR_MS;
    expect(width(after(24), weekLaterMs)).toBeGreaterThan(1.5 * width(after(0), weekLaterMs));
    expect(width(after(24), ISSUE_MS)).toBe(width(after(0), ISSUE_MS));
  });

  it('takes the load for the net where there is no PV', () => {
    const plain = fitSite({ load, zone: ZONE }, DAYS, fit);
    const forecast = forecastSite(plain, { load, zone: ZONE }, ISSUE_MS);
    expect(forecast.net).toEqual(forecast.load);
    expect(forecast.pv).toBeUndefined();
  });

  it('refuses PV it has no history of', () => {
    const dark = changed(pv, START_MS, Number.NaN);
    expect(() => forecastSite(site, { load, pv: dark, zone: ZONE }, ISSUE_MS)).toThrow(
      expect.objectContaining({ code: 'PV_HISTORY_EMPTY' }),
    );
  });
});

const at = (map: LinearMap) => ({ map, profile: site.profile, zone: ZONE, inputsAt: null });

describe('day-ahead load', () => {
  it('fills gaps of the look-back from the profile and counts them', () => {
    const gap = { startMs: START_MS, resolutionMs: HOUR_MS, values: load.values.slice() };
    const profiled = { startMs: START_MS, resolutionMs: HOUR_MS, values: load.values.slice() };
    const index = (ISSUE_MS - START_MS) / HOUR_MS;
    for (const back of [1, 5, 30]) {
      gap.values[index - back] = Number.NaN;
      profiled.values[index - back] = site.profile.cycleKwh[(index - back) % 168]!;
    }
    const filled = forecastDay(at(fit), gap, ISSUE_MS);
    const known = forecastDay(at(fit), profiled, ISSUE_MS);
    expect(filled).toEqual({ ...known, filledSteps: 3 });
  });

  it('refuses a look-back of which more than a quarter is missing', () => {
    const sparse = (hours: number) => changed(load, ISSUE_MS - hours * HOUR_MS, Number.NaN);
    expect(forecastDay(at(fit), sparse(12), ISSUE_MS).filledSteps).toBe(12);
    expect(() => forecastDay(at(fit), sparse(13), ISSUE_MS)).toThrow(
      expect.objectContaining({ code: 'LOOKBACK_TOO_SPARSE', data: { lookback: 48, missing: 13 } }),
    );
  });

  it('is the profile and the last deviation where the weights are zero', () => {
    const none = { ...fit, weights: new Float64Array(fit.weights.length) };
    const index = (ISSUE_MS - START_MS) / HOUR_MS;
    const cycle = site.profile.cycleKwh;
    const last = load.values[index - 1]! - cycle[(index - 1) % 168]!;
    const { energyKwh } = forecastDay(at(none), load, ISSUE_MS);
    energyKwh.forEach((value, h) => expect(value).toBeCloseTo(last + cycle[(index + h) % 168]!, 12));
  });

  it('refuses an issue time off the hours of the series', () => {
    expect(() => forecastDay(at(fit), load, ISSUE_MS + 1)).toThrow(
      expect.objectContaining({ code: 'STEP_MISALIGNED' }),
    );
  });
});

describe('reference forecasts', () => {
  it('seasonal naive repeats the same hour', () => {
    const count = series((i) => i);
    expect(seasonalNaive(count, 168, 2)(START_MS + 200 * HOUR_MS)).toEqual(Float64Array.of(32, 33));
    expect(seasonalNaive(count, 24, 2)(START_MS)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  });

  it('PV is the median of the same hour of the last ten days that have one', () => {
    // Hour h of day d reads d: the ten days before day 20 are 10 … 19.
    const byDay = series((i) => Math.floor(i / 24));
    const day20 = START_MS + 480 * HOUR_MS;
    expect(pvPoint(byDay, 1)(day20)).toEqual(Float64Array.of(14.5));
    byDay.values[19 * 24] = Number.NaN;
    expect(pvPoint(byDay, 1)(day20)).toEqual(Float64Array.of(14));
    // Hour 25 lies in the second day, whose own yesterday is not known yet.
    expect(pvPoint(byDay, 26)(day20)[25]).toBe(14.5);
  });
});
