import type { MeterSeries } from '#metering';
import type { RidgeModelConfig } from './config.ts';
import type { SplitDays } from './epochs.ts';
import { siteMoments } from './moments.ts';
import { inputRows, inputScales, NO_INPUTS, type SiteInputs } from './inputs.ts';
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
  /** Of the test part. */
  readonly issues: RollingInput['issues'];
  /** By site, where the configuration has inputs. */
  readonly inputs?: readonly SiteInputs[];
}

/** Plain means over sites. */
export type MethodScores = Omit<RollingScores, 'values'>;

export const METHODS = ['naive24', 'naive168', 'local', 'global', 'personal'] as const;
export type Method = (typeof METHODS)[number];

/** What each site would send, added up in clear. */
export const plainSum = (comparison: Comparison): Float64Array =>
  siteStatistics(comparison).reduce((a, b) => a.map((value, i) => value + b[i]!));

/** By site. */
const siteStatistics = ({ series, zone, days, config, inputs }: Comparison): Float64Array[] =>
  series.map((one, site) => statisticOf(config).ofSite(one, zone, days, config, inputs?.[site]));

/** The shared ridge at every step of the test part, with each site's profile of both parts before it. */
export const scoreGlobal = (comparison: Comparison, fit: RidgeFit): RollingScores[] =>
  scoreMaps(comparison, () => fit);

/** The shared ridge beside what each site can do alone, by site; nothing is fitted on, or chosen by, the test part. */
export function compareMethods(
  comparison: Comparison,
  fit: RidgeFit,
): Readonly<Record<Method, RollingScores[]>> {
  const { series, zone, days, config, inputs } = comparison;
  const own = series.map((one, site) => siteMoments(one, zone, days, config, inputs?.[site]));
  const naive = (lag: (one: MeterSeries) => number) =>
    series.map((one, site) => rollingNaive(lag(one), inputOf(comparison, site)));
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
    rollingScores(mapOf(site), fitProfile(one, zone, known, config.cycle), inputOf(comparison, site)),
  );
}

function inputOf(comparison: Comparison, site: number): RollingInput {
  const { zone, days, config, issues } = comparison;
  const series = comparison.series[site]!;
  const input = {
    series,
    zone,
    test: days.test,
    issues,
    horizon: config.horizon,
    scale: fitProfile(series, zone, days.train, config.cycle).scaleKwh,
  };
  if (!config.inputs) return input;
  const inputs = comparison.inputs?.[site] ?? NO_INPUTS;
  return {
    ...input,
    inputsAt: inputRows(series, zone, config, inputs, inputScales(inputs, days.train, config)),
  };
}

/** As published errors are: every site counts the same. */
export const meanScores = (scores: readonly RollingScores[]): MethodScores => ({
  mse: mean(scores.map(({ mse }) => mse)),
  mae: mean(scores.map(({ mae }) => mae)),
  mape: mean(scores.map(({ mape }) => mape)),
});
