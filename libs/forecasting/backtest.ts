import { seasonalNaive } from './day-ahead.ts';
import { localMidnights, type SplitDays } from './epochs.ts';
import { type DayAheadModel, fitLocal, personalise, type RidgeFit } from './ridge.ts';
import {
  intervalScores,
  mean,
  meanAbsoluteError,
  percentageErrors,
  pinballLoss,
  rootMeanSquaredError,
  skillScore,
} from './scores.ts';
import type { DayQuantiles } from './quantiles.ts';
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
  /** Of the personalised forecast, as all that follows: √ of the mean square, kWh. */
  readonly rmse: number;
  /** % of the reading, over the hours that have one other than 0; `zeroHours` are left out. */
  readonly mapePercent: number;
  readonly zeroHours: number;
  /** Sum of the errors as % of the energy. */
  readonly wapePercent: number;
  /** 1 − MAE / that of the better naive forecast. */
  readonly skill: number;
  /** Mean pinball loss of p10, p50 and p90, kWh. */
  readonly pinball: number;
  /** Share of hours within [p10, p90], its mean width, and its interval score, kWh. */
  readonly coverage80: number;
  readonly width80: number;
  readonly intervalScore80: number;
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
  const { pv: _pv, ...ofLoad } = readings;
  const { load, zone } = ofLoad;
  const issues = localMidnights(zone, days.test);
  const quantilesOf = (model: DayAheadModel) => loadQuantiles(fitSite(ofLoad, days, model), ofLoad, issues);
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
  const errors = {
    mae: mae(forecasts.mae),
    maeGlobal: mae(forecasts.maeGlobal),
    maeNaive24: mae(forecasts.maeNaive24),
    maeNaive168: mae(forecasts.maeNaive168),
    maeLocalOnly: mae(forecasts.maeLocalOnly),
  };
  return {
    ...errors,
    skill: skillScore(errors.mae, errors.maeNaive24, errors.maeNaive168),
    ...scoresOf(personal, actual),
    days: issues.length,
    scoredDays: scored.filter((day) => !day.every(Number.isNaN)).length,
  };
}

function scoresOf(forecast: readonly DayQuantiles[], actual: readonly number[]) {
  const [p10, p50, p90] = (['p10', 'p50', 'p90'] as const).map((of) => flat(forecast.map((day) => day[of])));
  const { coverage, width, score } = intervalScores(actual, { lower: p10!, upper: p90! }, 0.8);
  return {
    rmse: rootMeanSquaredError(actual, p50!),
    ...percentageErrors(actual, p50!),
    pinball: mean([
      pinballLoss(actual, p10!, 0.1),
      pinballLoss(actual, p50!, 0.5),
      pinballLoss(actual, p90!, 0.9),
    ]),
    coverage80: coverage,
    width80: width,
    intervalScore80: score,
  };
}

const flat = (days: readonly Float64Array[]): number[] => days.flatMap((day) => [...day]);

/** Of the figures of each site the plain mean; `skill` is that of the means, `zeroHours` a sum. */
export interface BacktestSummary extends Omit<SiteBacktest, 'days' | 'scoredDays'> {
  readonly sites: number;
  /** Sites whose personalised MAE is below that of their own ridge. */
  readonly sitesBetterThanLocal: number;
}

/** Over the sites that have a scored day; MAPE and WAPE over those of them that used energy at all. */
export function summariseBacktest(results: readonly SiteBacktest[]): BacktestSummary {
  const sites = results.filter(({ scoredDays }) => scoredDays > 0);
  const over = (figure: (site: SiteBacktest) => number | null) =>
    mean(sites.map(figure).filter((value) => value !== null && !Number.isNaN(value)) as number[]);
  const errors = {
    mae: over((site) => site.mae),
    maeGlobal: over((site) => site.maeGlobal),
    maeNaive24: over((site) => site.maeNaive24),
    maeNaive168: over((site) => site.maeNaive168),
    maeLocalOnly: over((site) => site.maeLocalOnly),
  };
  return {
    ...errors,
    skill: skillScore(errors.mae, errors.maeNaive24, errors.maeNaive168),
    rmse: over((site) => site.rmse),
    mapePercent: over((site) => site.mapePercent),
    wapePercent: over((site) => site.wapePercent),
    pinball: over((site) => site.pinball),
    coverage80: over((site) => site.coverage80),
    width80: over((site) => site.width80),
    intervalScore80: over((site) => site.intervalScore80),
    zeroHours: sites.reduce((sum, { zeroHours }) => sum + zeroHours, 0),
    sites: sites.length,
    sitesBetterThanLocal: sites.filter((site) => site.mae < site.maeLocalOnly).length,
  };
}
