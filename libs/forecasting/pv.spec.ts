import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import type { RidgeModelConfig } from './config.ts';
import { splitDays } from './epochs.ts';
import { siteMoments } from './moments.ts';
import { fitRidge } from './ridge.ts';
import { fitSite, forecastSite } from './site.ts';

const ZONE = '+00:00';
const START_MS = Date.UTC(2026, 3, 6);
const HOURS = 24 * 80;
const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 48,
  horizon: 24,
  cycle: 24,
  lambdas: [0.01, 1],
  inputs: null,
};
const DAYS = splitDays(ZONE, { startMs: START_MS, endMs: START_MS + HOURS * HOUR_MS });
const ISSUE_MS = DAYS.test.startMs + 48 * HOUR_MS;
const series = (value: (i: number) => number) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: HOURS }, (_, i) => value(i)),
});
const sun = (i: number) => Math.max(0, Math.sin((2 * Math.PI * (i - 6)) / 24));

/** Park & Miller's minimal standard generator (1988). */
function uniforms(count: number): number[] {
  let state = 20_261;
  return Array.from({ length: count }, () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647);
}

/** Weather that stays: every day's yield is nearly that of the day before. */
const yields = uniforms(80).reduce<number[]>((all, u) => [...all, 0.9 * (all.at(-1) ?? 0) + u - 0.5], []);
const load = series((i) => 2 + Math.sin(i / 4) + ((i * i * 7919) % 101) / 150);
const persistent = series((i) => sun(i) * Math.max(0.05, 2 + yields[Math.floor(i / 24)]!));
const ridgeOf = (pv: ReturnType<typeof series>) => fitRidge(siteMoments(pv, ZONE, DAYS, CONFIG), CONFIG);
const loadModel = ridgeOf(load);
const pvModel = ridgeOf(persistent);

describe('PV of a site', () => {
  it('follows the shared ridge where that has forecast the validation part better than the median of ten days', () => {
    const readings = { load, pv: persistent, zone: ZONE };
    const [withRidge, without] = [pvModel, undefined].map((model) =>
      fitSite(readings, DAYS, loadModel, model),
    );
    expect([withRidge!.pvRidge?.model, without!.pvRidge]).toEqual([pvModel, null]);
    const [pv, median] = [withRidge!, without!].map((site) => forecastSite(site, readings, ISSUE_MS));
    const errorOf = (p50: Float64Array) =>
      p50.reduce(
        (sum, value, h) => sum + Math.abs(value - persistent.values[(ISSUE_MS - START_MS) / HOUR_MS + h]!),
        0,
      );
    expect(errorOf(pv!.pv!.p50)).toBeLessThan(errorOf(median!.pv!.p50));
    expect(pv!.load).toEqual(median!.load);
    // No sun, no energy: whatever the ridge thinks of the night.
    expect(Math.min(...pv!.pv!.p10)).toBeGreaterThanOrEqual(0);
    expect(pv!.net).not.toEqual(median!.net);
  });

  it('stays with the median where the shared ridge is worse', () => {
    const readings = { load, pv: persistent, zone: ZONE };
    const wrong = { ...pvModel, validationWeights: pvModel.validationWeights.map((weight) => 3 - weight) };
    const site = fitSite(readings, DAYS, loadModel, wrong);
    expect(site).toEqual(fitSite(readings, DAYS, loadModel));
  });

  it('chooses by the validation part alone', () => {
    const later = persistent.values.map((value, i) =>
      START_MS + i * HOUR_MS >= DAYS.test.startMs ? 99 : value,
    );
    const pv = { ...persistent, values: later };
    const site = fitSite({ load, pv, zone: ZONE }, DAYS, loadModel, pvModel);
    expect(site).toEqual(fitSite({ load, pv: persistent, zone: ZONE }, DAYS, loadModel, pvModel));
  });

  it('is refused where the look-back of its ridge is nearly empty', () => {
    const readings = { load, pv: persistent, zone: ZONE };
    const site = fitSite(readings, DAYS, loadModel, pvModel);
    const gap = persistent.values.map((value, i) =>
      START_MS + i * HOUR_MS >= ISSUE_MS - 20 * HOUR_MS ? Number.NaN : value,
    );
    const sparse = { ...readings, pv: { ...persistent, values: gap } };
    expect(() => forecastSite(site, sparse, ISSUE_MS)).toThrow(
      expect.objectContaining({ code: 'PV_HISTORY_EMPTY' }),
    );
  });
});
