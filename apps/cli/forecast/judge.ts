import { DomainError, type Interval } from '#core';
import {
  type Comparison,
  compareMethods,
  DAY_AHEAD_RIDGE,
  type FannedScores,
  fitRidge,
  localMidnights,
  plainSum,
  requireSoundConfig,
  type RidgeFit,
  type RidgeModelConfig,
  type RollingScores,
  scoreGlobal,
  statisticOf,
} from '#forecasting';
import type { BacktestInputs } from './backtest-inputs.ts';
import { EncryptedSums, parametersFor } from './encrypted-sums.ts';
import { requireReadings, type Site } from './sites.ts';
import { splitOf } from './splits.ts';

/** What is judged, and how. */
export interface JudgeOptions {
  readonly lookback: number;
  readonly horizon: number;
  readonly split: string;
  readonly cycle: 'auto' | 'day' | 'week' | 'none';
  readonly statistic: RidgeModelConfig['statistic'];
  readonly zone: string;
  /** What further methods see beside the look-back; null: none of them. */
  readonly inputs: BacktestInputs | null;
}

/** Each site's own ridge and the refined one, of the methods that see most. */
export type Rivals =
  | { readonly alone: 'local'; readonly refined: 'personal' }
  | { readonly alone: 'localInputs'; readonly refined: 'personalInputs' };

/** Scores by method, then site; `encrypted`: null with fewer sites than a sum may have. */
export interface Judged {
  /** Of the rivals. */
  readonly comparison: Comparison;
  readonly rivals: Rivals;
  /** Steps that sites remove without inputs. */
  readonly cycle: number;
  /** Scores of the refined ridge with its quantiles, by site. */
  readonly refined: readonly FannedScores[];
  readonly methods: Readonly<Record<string, readonly RollingScores[] | null>>;
}

/** Told of each step, and on the way of the share of it that is done. */
export type Tell = (step: string, share?: number) => void;

const LEAST_SITES = 4;

/** @throws SPLIT_…, SERIES_…, TEST_EMPTY, RIDGE_CONFIG_INVALID, MOMENTS_EMPTY, ZONE_UNKNOWN */
export async function judge(sites: readonly Site[], options: JudgeOptions, tell: Tell): Promise<Judged> {
  const comparisons = comparisonsOf(sites, options);
  const fitted = comparisons.map((comparison) => fittedBy(comparison, tell));
  const best = bestOf(fitted);
  const none = fitted.find(({ comparison }) => comparison.config.cycle === 1) ?? best;
  const compared = compareMethods(best.comparison, best.fit, telling('judging the test part', tell));
  const { naive24, naive168, local, global: cycleGlobal, personal } = compared;
  const global = scoreGlobal(none.comparison, none.fit);
  tell('the same from an encrypted sum');
  const fit = await encryptedFit(best.comparison);
  const encrypted = fit && scoreGlobal(best.comparison, fit);
  const methods = { naive24, naive168, local, global, cycleGlobal, personal, encrypted };
  const { cycle } = best.comparison.config;
  const { inputs } = options;
  if (!inputs) {
    const rivals = { alone: 'local', refined: 'personal' } as const;
    return { comparison: best.comparison, cycle, rivals, refined: personal, methods };
  }
  tell('the same with inputs');
  const seeing = comparisons.map((comparison) => seeingInputs(comparison, sites, inputs));
  const seen = bestOf(seeing.map((comparison) => fittedBy(comparison, tell)));
  const more = compareMethods(seen.comparison, seen.fit, telling('judging the test part', tell));
  return {
    comparison: seen.comparison,
    cycle,
    rivals: { alone: 'localInputs', refined: 'personalInputs' },
    refined: more.personal,
    methods: {
      ...methods,
      localInputs: more.local,
      globalInputs: more.global,
      personalInputs: more.personal,
    },
  };
}

interface Fitted {
  readonly comparison: Comparison;
  readonly fit: RidgeFit;
}

function fittedBy(comparison: Comparison, tell: Tell): Fitted {
  tell(`fitting with a cycle of ${comparison.config.cycle} steps`);
  return { comparison, fit: fitRidge(plainSum(comparison), comparison.config) };
}

/** By the validation part. */
const bestOf = (fitted: readonly Fitted[]): Fitted =>
  fitted.reduce((a, b) => (lossOf(b.fit) < lossOf(a.fit) ? b : a));

function telling(step: string, tell: Tell): (share: number) => void {
  tell(step);
  return (share) => tell(step, share);
}

/** What is judged, by cycle: sound, with something to learn from and to be judged by. @throws as `judge` */
function comparisonsOf(sites: readonly Site[], options: JudgeOptions): Comparison[] {
  const { lookback, horizon, statistic, zone, inputs } = options;
  const series = sites.map((site) => site.series);
  const stepMinutes = series[0]!.resolutionMs / 60_000;
  const days = splitOf(options.split, series[0]!);
  requireReadings(sites, days, horizon);
  const shape = { ...DAY_AHEAD_RIDGE, statistic, stepMinutes, lookback, horizon };
  if (inputs) {
    requireSoundConfig({ ...shape, cycle: 1, inputs: inputs.terms });
    requireReadings(sites.flatMap(inputsBeside), days, horizon);
    requireIssues(inputs, days.test, zone, horizon * series[0]!.resolutionMs);
  }
  const issues = inputs?.terms.issues ?? 'every-step';
  return cyclesOf(options.cycle, stepMinutes).map((cycle) => ({
    series,
    zone,
    days,
    issues,
    config: { ...shape, cycle },
  }));
}

/** @throws TEST_EMPTY where no issue time has a whole horizon in the test part */
function requireIssues({ terms }: BacktestInputs, test: Interval, zone: string, horizonMs: number): void {
  if (terms.issues === 'every-step') return;
  if (localMidnights(zone, test).some((issueMs) => issueMs + horizonMs <= test.endMs)) return;
  throw new DomainError(
    'TEST_EMPTY',
    'expected a local midnight with a horizon after it to judge by, got none',
  );
}

const inputsBeside = ({ name, inputs }: Site) =>
  [...inputs].map(([column, series]) => ({ name: `${column} beside ${name}`, series }));

function seeingInputs(
  comparison: Comparison,
  sites: readonly Site[],
  { terms, isHoliday }: BacktestInputs,
): Comparison {
  return {
    ...comparison,
    config: { ...comparison.config, inputs: terms },
    inputs: sites.map((site) => ({ columns: site.inputs, isHoliday })),
  };
}

const lossOf = ({ validationLosses }: RidgeFit): number => Math.min(...validationLosses);

/** Candidates in steps; 1 is none: the mean alone is removed. */
function cyclesOf(name: JudgeOptions['cycle'], stepMinutes: number): number[] {
  const [day, week] = [1_440 / stepMinutes, 10_080 / stepMinutes];
  const cycles = { none: [1], day: [1, day], week: [1, week], auto: [1, day, week] }[name];
  return [...new Set(cycles)];
}

/** From the sum of real ciphertexts; null where the sites are too few for one. */
async function encryptedFit(comparison: Comparison): Promise<RidgeFit | null> {
  const { series, zone, days, config } = comparison;
  if (series.length < LEAST_SITES) return null;
  const { count, bound, ofSite } = statisticOf(config);
  const steps = (days.validation.endMs - days.train.startMs) / (config.stepMinutes * 60_000);
  const params = parametersFor(count(config), series.length, { lanes: 1, bound: bound(config, steps) });
  using sums = await EncryptedSums.open(series.length, params);
  const vectors = new Map(series.map((one, site) => [site, ofSite(one, zone, days, config)]));
  return fitRidge(sums.of(vectors, 1), config);
}
