import type { MeterSeries } from '#metering';
import type { RidgeModelConfig } from './config.ts';
import type { SplitDays } from './epochs.ts';
import { siteMoments } from './moments.ts';
import { fitProfile } from './profile.ts';
import { type DayAheadModel, fitLocal, personalise, type RidgeFit } from './ridge.ts';
import { type RollingInput, rollingNaive, type RollingScores, rollingScores } from './rolling-origin.ts';
import { mean } from './scores.ts';
import { stepsPerDay, stepsPerWeek } from './series.ts';
import { statisticOf } from './statistic.ts';

/** Several sites' series under one split, and the ridge they share. */
export interface Comparison {
  readonly series: readonly MeterSeries[];
  readonly zone: string;
  readonly days: SplitDays;
  readonly config: RidgeModelConfig;
}

/** Plain means over sites. */
export type MethodScores = Pick<RollingScores, 'mse' | 'mae'>;

export const METHODS = ['naive24', 'naive168', 'local', 'global', 'personal'] as const;
export type Method = (typeof METHODS)[number];

/** What each site would send, added up in clear. */
export const plainSum = ({ series, zone, days, config }: Comparison): Float64Array =>
  series
    .map((one) => statisticOf(config).ofSite(one, zone, days, config))
    .reduce((a, b) => a.map((value, i) => value + b[i]!));

/** The shared ridge at every step of the test part, with each site's profile of both parts before it. */
export const scoreGlobal = (comparison: Comparison, fit: RidgeFit): RollingScores[] =>
  scoreMaps(comparison, () => fit);

/** The shared ridge beside what each site can do alone, by site; nothing is fitted on, or chosen by, the test part. */
export function compareMethods(
  comparison: Comparison,
  fit: RidgeFit,
): Readonly<Record<Method, RollingScores[]>> {
  const { series, zone, days, config } = comparison;
  const own = series.map((one) => siteMoments(one, zone, days, config));
  const naive = (lag: (one: MeterSeries) => number) =>
    series.map((one) => rollingNaive(lag(one), inputOf(comparison, one)));
  return {
    naive24: naive(stepsPerDay),
    naive168: naive(stepsPerWeek),
    local: scoreMaps(comparison, (site) => fitLocal(own[site]!, config)),
    global: scoreGlobal(comparison, fit),
    personal: scoreMaps(comparison, (site) => personalise(fit, own[site]!, config)),
  };
}

function scoreMaps(comparison: Comparison, mapOf: (site: number) => DayAheadModel): RollingScores[] {
  const { series, zone, days, config } = comparison;
  const known = { startMs: days.train.startMs, endMs: days.validation.endMs };
  return series.map((one, site) =>
    rollingScores(mapOf(site), fitProfile(one, zone, known, config.cycle), inputOf(comparison, one)),
  );
}

const inputOf = ({ zone, days, config }: Comparison, series: MeterSeries): RollingInput => ({
  series,
  zone,
  test: days.test,
  horizon: config.horizon,
  scale: fitProfile(series, zone, days.train, config.cycle).scaleKwh,
});

/** As published errors are: every site counts the same. */
export const meanScores = (scores: readonly RollingScores[]): MethodScores => ({
  mse: mean(scores.map(({ mse }) => mse)),
  mae: mean(scores.map(({ mae }) => mae)),
});
