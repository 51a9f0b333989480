import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, parseInstant } from '#core';
import { backtestSite, type BacktestSummary, type SiteBacktest, summariseBacktest } from './backtest.ts';
import { DAY_AHEAD_MOMENTS, type RidgeModelConfig } from './config.ts';
import { localMidnights, splitDays } from './epochs.ts';
import { groupQuantiles, meanCorrelation } from './group-quantiles.ts';
import { siteMoments } from './moments.ts';
import { fitRidge, personalise } from './ridge.ts';
import { intervalScores } from './scores.ts';
import { valuesFrom } from './series.ts';
import { fitSite, loadQuantiles, type SiteReadings } from './site.ts';

/** A site with the split of its days and the moments it would send. */
function contribute(readings: SiteReadings, config: RidgeModelConfig) {
  const { load, zone } = readings;
  const days = splitDays(zone, { startMs: load.startMs, endMs: load.startMs + load.values.length * HOUR_MS });
  return { readings, days, config, ownMoments: siteMoments(load, zone, days, config) };
}

type Contribution = ReturnType<typeof contribute>;

function summed(sites: readonly Contribution[]): Float64Array {
  const sum = new Float64Array(sites[0]!.ownMoments.length);
  for (const { ownMoments } of sites) ownMoments.forEach((value, i) => (sum[i]! += value));
  return sum;
}

function judged(sites: readonly Contribution[]): SiteBacktest[] {
  const fit = fitRidge(summed(sites), sites[0]!.config);
  return sites.map((site) => backtestSite({ ...site, fit }));
}

const federate = (sites: readonly Contribution[]): BacktestSummary => summariseBacktest(judged(sites));

describe('backtest', () => {
  const config: RidgeModelConfig = {
    statistic: 'moments',
    stepMinutes: 60,
    lookback: 48,
    horizon: 24,
    cycle: 168,
    lambdas: [1e-3, 0.1, 10],
    inputs: null,
  };
  const startMs = Date.UTC(2026, 0, 5);
  // An autoregressive disturbance about a daily cycle, from a small generator so that every run is the same.
  function home(seed: number): SiteReadings {
    let state = seed;
    let level = 0;
    const values = Float64Array.from({ length: 24 * 60 }, (_, i) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      level = 0.8 * level + state / 2 ** 31 - 0.5;
      return 2 + Math.sin((2 * Math.PI * i) / 24) + level;
    });
    return { load: { startMs, resolutionMs: HOUR_MS, values }, zone: '+00:00' };
  }

  it('finds both ridges ahead of naive where the load has a memory', () => {
    const summary = federate([1, 2, 3].map((seed) => contribute(home(seed), config)));
    expect(summary.mae).toBeLessThan(summary.maeNaive24);
    expect(summary.maeLocalOnly).toBeLessThan(summary.maeNaive24);
    expect(summary.sites).toBe(3);
    expect(summary.skill).toBeCloseTo(
      1 - summary.mae / Math.min(summary.maeNaive24, summary.maeNaive168),
      12,
    );
    expect(summary.rmse).toBeGreaterThan(summary.mae);
    expect(summary.intervalScore80).toBeGreaterThan(summary.width80);
    expect(summary.wapePercent).toBeGreaterThan(0);
  });

  it('has no percentage of a load of zeros, and a mean over sites that leaves it out', () => {
    const site = contribute(home(1), config);
    const fit = fitRidge(site.ownMoments, config);
    const { load, zone } = site.readings;
    const readings = { load: { ...load, values: load.values.fill(0, 48 * 24) }, zone };
    const idle = backtestSite({ ...site, readings, fit });
    const busy = backtestSite({ ...contribute(home(2), config), fit });
    expect(idle).toMatchObject({ mapePercent: NaN, wapePercent: NaN, zeroHours: 24 * idle.scoredDays });
    // As it comes from another process: JSON has no NaN.
    const told = JSON.parse(JSON.stringify([idle, busy])) as SiteBacktest[];
    expect(summariseBacktest(told)).toMatchObject({
      mapePercent: busy.mapePercent,
      wapePercent: busy.wapePercent,
      zeroHours: idle.zeroHours,
    });
  });

  it('judges every method on the same hours and leaves out days without one', () => {
    const site = contribute(home(1), config);
    const fit = fitRidge(site.ownMoments, config);
    expect(backtestSite({ ...site, fit })).toMatchObject({ days: 12, scoredDays: 12 });
    // Test days are 48 to 59. Two without a reading, 48 and 49: no look-back on 50 and 51, no naive168 on 55 and 56.
    const { load, zone } = site.readings;
    const values = load.values.map((value, i) => (i >= 48 * 24 && i < 50 * 24 ? Number.NaN : value));
    const readings = { load: { startMs, resolutionMs: HOUR_MS, values }, zone };
    expect(backtestSite({ ...site, readings, fit })).toMatchObject({ days: 12, scoredDays: 6 });
  });

  it('leaves a site without a scored day out of the means', () => {
    const site = contribute(home(1), config);
    const fit = fitRidge(site.ownMoments, config);
    const { load, zone } = site.readings;
    const readings = { load: { ...load, values: load.values.slice(0, 48 * 24) }, zone };
    const [heard, silent] = [backtestSite({ ...site, fit }), backtestSite({ ...site, readings, fit })];
    expect(silent.scoredDays).toBe(0);
    expect(summariseBacktest([heard, silent])).toMatchObject({ sites: 1, mae: heard.mae });
  });
});

/** Columns `timestamp` and `load_kwh` of one home, the timestamps consecutive hours. */
function readHome(file: string): SiteReadings {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  return {
    load: {
      startMs: parseInstant(rows[0]![0]!),
      resolutionMs: HOUR_MS,
      values: Float64Array.from(rows, (row) => Number(row[1])),
    },
    zone: '-08:00',
  };
}

const HOMES_DIR = new URL('../../../shared/data/demo-households/', import.meta.url);
const homes = existsSync(HOMES_DIR)
  ? readdirSync(HOMES_DIR)
      .filter((name) => name.endsWith('.csv'))
      .toSorted()
  : [];
const onRealHomes = homes.length > 0 ? describe : describe.skip;

onRealHomes(
  `backtest on real homes (${homes.length > 0 ? homes.length : 'skipped: no demo-households data'})`,
  () => {
    const sites = homes.map((name) => readHome(new URL(name, HOMES_DIR).pathname));
    const ofYear = sites.map((site) => contribute(site, DAY_AHEAD_MOMENTS));

    it('a year: personalised ahead of both naives and of local-only, 80 % intervals hold 78 to 82 %', () => {
      const results = judged(ofYear);
      const year = summariseBacktest(results);
      expect(year.mae).toBeLessThan(Math.min(year.maeNaive24, year.maeNaive168));
      expect(year.mae).toBeLessThan(year.maeLocalOnly);
      expect(year.mae).toBeLessThan(year.maeGlobal);
      expect(year.sitesBetterThanLocal).toBeGreaterThanOrEqual(10);
      expect(year.coverage80).toBeGreaterThan(0.78);
      expect(year.coverage80).toBeLessThan(0.82);
      // Each of them but the one that is 0 kWh in half of its hours.
      const off = results
        .map(({ coverage80 }) => Math.abs(coverage80 - 0.8))
        .filter((points) => points > 0.02);
      expect(off).toHaveLength(1);
    });

    it('together: as many of the sums of all homes lie in the interval that their own quantiles give', () => {
      const config = DAY_AHEAD_MOMENTS;
      const { days } = ofYear[0]!;
      const fit = fitRidge(summed(ofYear), config);
      const forecasters = ofYear.map(({ readings, ownMoments }) =>
        fitSite(readings, days, personalise(fit, ownMoments, config)),
      );
      // Of the validation part: the homes' errors are next to unrelated.
      const errors = forecasters.map(({ residuals }) =>
        Float64Array.from(residuals.load.days.flatMap((day) => [...day])),
      );
      const correlation = meanCorrelation(errors);
      expect(correlation).toBeGreaterThan(0);
      expect(correlation).toBeLessThan(0.15);
      const issuesMs = localMidnights(sites[0]!.zone, days.test);
      const forecasts = forecasters.map((site, i) => loadQuantiles(site, sites[i]!, issuesMs));
      const community = (rho: number) => {
        const hours = issuesMs.flatMap((_, d) =>
          Array.from({ length: config.horizon }, (_hour, h) => {
            const parts = forecasts.map((ofSite) => {
              const { p10, p50, p90 } = ofSite[d]!;
              return { p10: p10[h]!, p50: p50[h]!, p90: p90[h]! };
            });
            return groupQuantiles(parts, rho);
          }),
        );
        const actual = issuesMs.flatMap((issueMs) =>
          Array.from({ length: config.horizon }, (_, h) =>
            sites.reduce((sum, { load }) => sum + valuesFrom(load, issueMs, config.horizon)[h]!, 0),
          ),
        );
        const ends = { lower: hours.map(({ p10 }) => p10), upper: hours.map(({ p90 }) => p90) };
        return intervalScores(actual, ends, 0.8);
      };
      const { coverage } = community(correlation);
      expect(coverage).toBeGreaterThan(0.78);
      expect(coverage).toBeLessThan(0.82);
      // What holds without knowing the correlation.
      expect(community(1).coverage).toBeGreaterThan(0.95);
    });

    it('six of them: the same order', () => {
      for (const parity of [0, 1]) {
        const half = federate(ofYear.filter((_, i) => i % 2 === parity));
        expect(half.mae).toBeLessThan(Math.min(half.maeNaive24, half.maeNaive168, half.maeLocalOnly));
      }
    });

    it('90 days: ahead of both naives', () => {
      const last90 = sites.map(({ load, zone }) => {
        const first = load.values.length - 90 * 24;
        return {
          load: {
            startMs: load.startMs + first * HOUR_MS,
            resolutionMs: HOUR_MS,
            values: load.values.slice(first),
          },
          zone,
        };
      });
      const quarter = federate(last90.map((site) => contribute(site, DAY_AHEAD_MOMENTS)));
      expect(quarter.mae).toBeLessThan(Math.min(quarter.maeNaive24, quarter.maeNaive168));
    });
  },
);
