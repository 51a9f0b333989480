import type { MeterSeries } from '#metering';
import type { RidgeModelConfig } from './config.ts';
import type { SplitDays } from './epochs.ts';
import type { CellScores, RollingScores } from './error-tally.ts';
import { inputRows, inputScales, NO_INPUTS, type SiteInputs } from './inputs.ts';
import { siteMoments } from './moments.ts';
import { fitProfile, type SiteProfile } from './profile.ts';
import { fitLocal, personalise, type RidgeFit } from './ridge.ts';
import { type FannedScores, rollingFan } from './rolling-fan.ts';
import { type RollingInput, rollingNaive, rollingScores } from './rolling-origin.ts';
import { mean, skillScore } from './scores.ts';
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
export type MethodScores = Pick<RollingScores, 'mse' | 'mae' | 'mape'>;

/** A method over all sites: plain means of theirs. */
export interface MethodSummary
  extends MethodScores, Pick<RollingScores, 'byHorizon' | 'byHour' | 'byWeekday'> {
  /** √mse. */
  readonly rmse: number;
  /** 1 − mse / that of the better of the two seasonal naive forecasts; above 0 is better than both. */
  readonly skill: number;
}

export const METHODS = ['naive24', 'naive168', 'local', 'global', 'personal'] as const;
export type Method = (typeof METHODS)[number];

/** By site; the refined ridge with its quantiles. */
export type ComparedScores = Readonly<Record<Exclude<Method, 'personal'>, readonly RollingScores[]>> & {
  readonly personal: readonly FannedScores[];
};

/** What each site would send, added up in clear. */
export const plainSum = (comparison: Comparison): Float64Array =>
  siteStatistics(comparison).reduce((a, b) => a.map((value, i) => value + b[i]!));

/** By site. */
const siteStatistics = ({ series, zone, days, config, inputs }: Comparison): Float64Array[] =>
  series.map((one, site) => statisticOf(config).ofSite(one, zone, days, config, inputs?.[site]));

/** The shared ridge at every step of the test part, with each site's profile of both parts before it. */
export const scoreGlobal = (comparison: Comparison, fit: RidgeFit): RollingScores[] =>
  comparison.series.map((one, site) =>
    rollingScores(fit, knownProfile(comparison, one), rollingInputOf(comparison, site)),
  );

/**
 * The shared ridge beside what each site can do alone, by site; nothing is fitted on, or chosen by, the test part.
 * @param told of the share of the sites that is done
 */
export function compareMethods(
  comparison: Comparison,
  fit: RidgeFit,
  told: (share: number) => void = () => {},
): ComparedScores {
  const { series } = comparison;
  const bySite = series.map((_, site) => {
    const scores = compareAt(comparison, fit, site);
    told((site + 1) / series.length);
    return scores;
  });
  return {
    naive24: bySite.map(({ naive24 }) => naive24),
    naive168: bySite.map(({ naive168 }) => naive168),
    local: bySite.map(({ local }) => local),
    global: bySite.map(({ global }) => global),
    personal: bySite.map(({ personal }) => personal),
  };
}

function compareAt(comparison: Comparison, fit: RidgeFit, site: number) {
  const { zone, days, config } = comparison;
  const series = comparison.series[site]!;
  const own = siteMoments(series, zone, days, config, comparison.inputs?.[site]);
  const input = rollingInputOf(comparison, site);
  const profile = knownProfile(comparison, series);
  const trainProfile = fitProfile(series, zone, days.train, config.cycle);
  return {
    naive24: rollingNaive(stepsPerDay(series), input),
    naive168: rollingNaive(stepsPerWeek(series), input),
    local: rollingScores(fitLocal(own, config), profile, input),
    global: rollingScores(fit, profile, input),
    personal: rollingFan(
      personalise(fit, own, config),
      { trainProfile, profile, validation: days.validation },
      input,
    ),
  };
}

/** Of both parts before the test part. */
const knownProfile = ({ zone, days, config }: Comparison, series: MeterSeries): SiteProfile =>
  fitProfile(series, zone, { startMs: days.train.startMs, endMs: days.validation.endMs }, config.cycle);

/** One site's test part, errors in standard deviations of its training part. */
export function rollingInputOf(comparison: Comparison, site: number): RollingInput {
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
export const meanScores = (scores: readonly MethodScores[]): MethodScores => ({
  mse: mean(scores.map(({ mse }) => mse)),
  mae: mean(scores.map(({ mae }) => mae)),
  mape: mean(scores.map(({ mape }) => mape)),
});

/** The same with what they are made of. @param naiveMse of the better seasonal naive forecast over the same sites */
export function summarise(scores: readonly RollingScores[], naiveMse: number): MethodSummary {
  const { mse, mae, mape } = meanScores(scores);
  return {
    mse,
    mae,
    mape,
    rmse: Math.sqrt(mse),
    skill: skillScore(mse, naiveMse),
    byHorizon: meanCells(scores.map(({ byHorizon }) => byHorizon)),
    byHour: meanCells(scores.map(({ byHour }) => byHour)),
    byWeekday: meanCells(scores.map(({ byWeekday }) => byWeekday)),
  };
}

/** Mean by cell over the sites that have a value in it. */
function meanCells(cells: readonly CellScores[]): CellScores {
  const by = (measure: keyof CellScores) =>
    cells[0]![measure].map((_, i) =>
      mean(cells.map((cell) => cell[measure][i]!).filter((value) => !Number.isNaN(value))),
    );
  return { mse: by('mse'), mae: by('mae') };
}
