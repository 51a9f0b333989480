import { seasonalNaive } from './day-ahead.ts';
import { localMidnights, type SplitDays } from './epochs.ts';
import { type DayAheadModel, fitLocal, personalise, type RidgeFit } from './ridge.ts';
import { intervalCoverage, mean, meanAbsoluteError } from './scores.ts';
import { stepsPerDay, stepsPerWeek, valuesFrom } from './series.ts';
import { fitSite, loadQuantiles, type SiteReadings } from './site.ts';
import type { RidgeModelConfig } from './config.ts';

/** Errors of one site over the test days: MAE in kWh over the hours of all forecasts, every method on the same hours. */
export interface SiteBacktest {
  /** The personalised shared model. */
  readonly mae: number;
  /** The shared model as it is. */
  readonly maeGlobal: number;
  /** Same hour yesterday. */
  readonly maeNaive24: number;
  /** Same hour last week. */
  readonly maeNaive168: number;
  /** Ridge on the site's own sums, λ by the same rule. */
  readonly maeLocalOnly: number;
  /** Share of hours within [p10, p90] of the personalised forecast. */
  readonly coverage80: number;
  /** Test days; those with no hour to score (no reading, no look-back, no naive) are not among `scoredDays`. */
  readonly days: number;
  readonly scoredDays: number;
}

/** What is judged: one site, its days, the released fit and the moments the site sent. */
export interface BacktestInput {
  readonly readings: SiteReadings;
  readonly days: SplitDays;
  readonly config: RidgeModelConfig;
  readonly fit: RidgeFit;
  readonly ownMoments: Float64Array;
}

/**
 * Daily forecasts at the local midnights of the test part, each method with the median shift and quantiles of its own
 * validation errors. No test day enters a map, λ, profile, scale or residual.
 */
export function backtestSite({ readings, days, config, fit, ownMoments }: BacktestInput): SiteBacktest {
  const { load, zone } = readings;
  const issues = localMidnights(zone, days.test);
  const quantilesOf = (model: DayAheadModel) => {
    const site = fitSite({ load, zone }, days, model);
    return issues.map((issueMs) => loadQuantiles(site, readings, issueMs));
  };
  const personal = quantilesOf(personalise(fit, ownMoments, config));
  const forecasts = {
    mae: personal.map(({ p50 }) => p50),
    maeGlobal: quantilesOf(fit).map(({ p50 }) => p50),
    maeLocalOnly: quantilesOf(fitLocal(ownMoments, config)).map(({ p50 }) => p50),
    maeNaive24: issues.map(seasonalNaive(load, stepsPerDay(load), config.horizon)),
    maeNaive168: issues.map(seasonalNaive(load, stepsPerWeek(load), config.horizon)),
  };
  const scored = issues.map((issueMs, d) =>
    valuesFrom(load, issueMs, config.horizon).map((value, h) =>
      Object.values(forecasts).some((of) => Number.isNaN(of[d]![h])) ? Number.NaN : value,
    ),
  );
  const actual = flat(scored);
  const mae = (of: readonly Float64Array[]) => meanAbsoluteError(actual, flat(of));
  return {
    mae: mae(forecasts.mae),
    maeGlobal: mae(forecasts.maeGlobal),
    maeNaive24: mae(forecasts.maeNaive24),
    maeNaive168: mae(forecasts.maeNaive168),
    maeLocalOnly: mae(forecasts.maeLocalOnly),
    coverage80: intervalCoverage(
      actual,
      flat(personal.map(({ p10 }) => p10)),
      flat(personal.map(({ p90 }) => p90)),
    ),
    days: issues.length,
    scoredDays: scored.filter((day) => !day.every(Number.isNaN)).length,
  };
}

const flat = (days: readonly Float64Array[]): number[] => days.flatMap((day) => [...day]);

export interface BacktestSummary extends Omit<SiteBacktest, 'days' | 'scoredDays'> {
  readonly sites: number;
  /** Sites whose personalised MAE is below that of their own ridge. */
  readonly sitesBetterThanLocal: number;
}

/** Plain means over the sites that have a scored day. */
export function summariseBacktest(results: readonly SiteBacktest[]): BacktestSummary {
  const sites = results.filter(({ scoredDays }) => scoredDays > 0);
  const over = (figure: (site: SiteBacktest) => number) => mean(sites.map(figure));
  return {
    mae: over((site) => site.mae),
    maeGlobal: over((site) => site.maeGlobal),
    maeNaive24: over((site) => site.maeNaive24),
    maeNaive168: over((site) => site.maeNaive168),
    maeLocalOnly: over((site) => site.maeLocalOnly),
    coverage80: over((site) => site.coverage80),
    sites: sites.length,
    sitesBetterThanLocal: sites.filter((site) => site.mae < site.maeLocalOnly).length,
  };
}
