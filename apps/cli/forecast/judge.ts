import {
  type Comparison,
  compareMethods,
  DAY_AHEAD_RIDGE,
  type FannedScores,
  fitRidge,
  plainSum,
  type RidgeFit,
  type RidgeModelConfig,
  type RollingScores,
  scoreGlobal,
  statisticOf,
} from '#forecasting';
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
}

/** Scores by method, then site; `encrypted`: null with fewer sites than a sum may have. */
export interface Judged {
  readonly comparison: Comparison;
  readonly personal: readonly FannedScores[];
  readonly methods: Readonly<Record<string, readonly RollingScores[] | null>>;
}

/** Told of each step, and on the way of the share of it that is done. */
export type Tell = (step: string, share?: number) => void;

const LEAST_SITES = 4;

/** @throws SPLIT_…, SERIES_…, TEST_EMPTY, RIDGE_CONFIG_INVALID, MOMENTS_EMPTY, ZONE_UNKNOWN */
export async function judge(sites: readonly Site[], options: JudgeOptions, tell: Tell): Promise<Judged> {
  const { lookback, horizon, statistic, zone } = options;
  const series = sites.map((site) => site.series);
  const stepMinutes = series[0]!.resolutionMs / 60_000;
  const days = splitOf(options.split, series[0]!);
  requireReadings(sites, days, horizon);
  const comparisonOf = (cycle: number): Comparison => ({
    series,
    zone,
    days,
    issues: 'every-step',
    config: { ...DAY_AHEAD_RIDGE, statistic, stepMinutes, lookback, horizon, cycle },
  });
  const fitted = cyclesOf(options.cycle, stepMinutes).map((cycle) => {
    tell(`fitting with a cycle of ${cycle} steps`);
    const comparison = comparisonOf(cycle);
    return { comparison, fit: fitRidge(plainSum(comparison), comparison.config) };
  });
  const best = fitted.reduce((a, b) => (lossOf(b.fit) < lossOf(a.fit) ? b : a));
  const none = fitted.find(({ comparison }) => comparison.config.cycle === 1) ?? best;
  const judging = 'judging every step of the test part';
  tell(judging);
  const compared = compareMethods(best.comparison, best.fit, (share) => tell(judging, share));
  const { naive24, naive168, local, global: cycleGlobal, personal } = compared;
  const global = scoreGlobal(none.comparison, none.fit);
  tell('the same from an encrypted sum');
  const fit = await encryptedFit(best.comparison);
  const encrypted = fit && scoreGlobal(best.comparison, fit);
  return {
    comparison: best.comparison,
    personal,
    methods: { naive24, naive168, local, global, cycleGlobal, personal, encrypted },
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
