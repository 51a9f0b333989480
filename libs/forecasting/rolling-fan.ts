import { DAY_MS, type Interval, minuteOfLocalWeek } from '#core';
import type { RollingScores } from './error-tally.ts';
import { profileAt, type SiteProfile } from './profile.ts';
import { difficultyKwh, LEAST_SHARE, sampleQuantile } from './quantiles.ts';
import { type DayAheadModel, type LinearMap, validationMap } from './ridge.ts';
import {
  eachForecast,
  issuePositions,
  type IssueVisitor,
  type RollingInput,
  tallyFor,
  tallying,
} from './rolling-origin.ts';
import { mean } from './scores.ts';

/** Levels of the quantiles of a fan, ascending. */
export const FAN_LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const;

/** The share of readings that each interval should hold, and the indices of its two quantiles in `FAN_LEVELS`. */
export const FAN_INTERVALS = { 50: [2, 4], 80: [1, 5], 90: [0, 6] } as const;
type Nominal = keyof typeof FAN_INTERVALS;

/** How good a forecast's quantiles were over the test part. */
export interface FanScores {
  /** Mean pinball loss by level, in standard deviations of the training part; half the absolute error at 0.5. */
  readonly pinball: Readonly<Record<'p10' | 'p50' | 'p90', number>>;
  /** Share of the readings that lay within the interval of that nominal percentage. */
  readonly coverage: Readonly<Record<Nominal, number>>;
}

/** A map with the spread of its past errors, and how it did. */
export interface Fan {
  readonly map: LinearMap;
  readonly profile: SiteProfile;
  /** By level, then step ahead: multiples of an issue time's difficulty; NaN without any past error. */
  readonly offsets: readonly Float64Array[];
  readonly leastDifficultyKwh: number;
  readonly scores: FanScores;
  /** Mean squared error by issue time of the test part, in squared standard deviations; NaN without a reading. */
  readonly issueErrors: readonly number[];
}

export interface FannedScores extends RollingScores {
  readonly fan: Fan;
}

/** The profile of a part, and the part that errors are then taken on. */
export interface FanParts {
  readonly trainProfile: SiteProfile;
  readonly profile: SiteProfile;
  readonly validation: Interval;
}

/**
 * Errors of a model at every step of the test part, and those of quantiles about it: split conformal, from its errors at every
 * step of the validation part (evenly spaced ones where they are very many), made with map and profile of the training part, by step ahead and in multiples of the
 * difficulty of their issue time, as a site's own intervals are.
 */
export function rollingFan(model: DayAheadModel, parts: FanParts, input: RollingInput): FannedScores {
  const { profile, trainProfile, validation } = parts;
  const { series, scale } = input;
  const leastDifficulty = LEAST_SHARE * scale;
  const offsets = residualOffsets(
    validationMap(model),
    trainProfile,
    { ...input, test: validation },
    leastDifficulty,
  );
  const [errors, fan] = [tallyFor(input), new FanTally(offsets)];
  const addErrors = tallying(errors);
  const issueErrors: number[] = [];
  eachForecast(model, profile, input, (position, forecast, actual) => {
    addErrors(position, forecast, actual);
    const issueMs = series.startMs + position * series.resolutionMs;
    fan.add(forecast, actual, difficultyKwh(series, issueMs, leastDifficulty));
    issueErrors.push(meanSquare(forecast, actual) / scale ** 2);
  });
  return {
    ...errors.scores(scale),
    fan: {
      map: model,
      profile,
      offsets,
      leastDifficultyKwh: leastDifficulty,
      scores: fan.scores(scale),
      issueErrors,
    },
  };
}

function meanSquare(forecast: Float64Array, actual: Float64Array): number {
  let [sum, count] = [0, 0];
  for (let h = 0; h < forecast.length; h += 1) {
    const error = forecast[h]! - actual[h]!;
    if (Number.isNaN(error)) continue;
    sum += error * error;
    count += 1;
  }
  return sum / count;
}

/** Past errors that a quantile is taken of at most: more would not make it surer than the parts differ. */
const MOST_RESIDUALS = 4_096;

function residualOffsets(
  map: LinearMap,
  profile: SiteProfile,
  input: RollingInput,
  leastDifficulty: number,
): Float64Array[] {
  const { series, horizon } = input;
  const all = issuePositions(input);
  const every = Math.ceil(all.length / MOST_RESIDUALS);
  const positions = all.filter((_, i) => i % every === 0);
  const residuals = Array.from({ length: horizon }, () => new Float64Array(positions.length));
  let issue = 0;
  const visit: IssueVisitor = (position, forecast, actual) => {
    const issueMs = series.startMs + position * series.resolutionMs;
    const difficulty = difficultyKwh(series, issueMs, leastDifficulty);
    for (let h = 0; h < horizon; h += 1) residuals[h]![issue] = (actual[h]! - forecast[h]!) / difficulty;
    issue += 1;
  };
  eachForecast(map, profile, input, visit, positions);
  const offsets = FAN_LEVELS.map(() => new Float64Array(horizon).fill(Number.NaN));
  for (const [h, column] of residuals.entries()) {
    const sorted = column.filter((value) => !Number.isNaN(value)).toSorted();
    if (sorted.length === 0) continue;
    for (const [k, level] of FAN_LEVELS.entries()) offsets[k]![h] = sampleQuantile(sorted, level);
  }
  return offsets;
}

class FanTally {
  private readonly pinball = new Float64Array(FAN_LEVELS.length);
  private readonly inside: Record<Nominal, number> = { 50: 0, 80: 0, 90: 0 };
  private count = 0;

  constructor(private readonly offsets: readonly Float64Array[]) {}

  add(forecast: Float64Array, actual: Float64Array, difficulty: number): void {
    for (let h = 0; h < forecast.length; h += 1) {
      // Of the reading above the point, in multiples of the difficulty.
      const error = (actual[h]! - forecast[h]!) / difficulty;
      if (Number.isNaN(error + this.offsets[0]![h]!)) continue;
      this.count += 1;
      for (let k = 0; k < FAN_LEVELS.length; k += 1) {
        const above = error - this.offsets[k]![h]!;
        const level = FAN_LEVELS[k]!;
        this.pinball[k]! += difficulty * Math.max(level * above, (level - 1) * above);
      }
      this.addInside(error, h);
    }
  }

  private addInside(error: number, h: number): void {
    const { inside, offsets } = this;
    for (const nominal of [50, 80, 90] as const) {
      const [low, high] = FAN_INTERVALS[nominal];
      if (error >= offsets[low]![h]! && error <= offsets[high]![h]!) inside[nominal] += 1;
    }
  }

  scores(scale: number): FanScores {
    const { pinball, inside, count } = this;
    const lossAt = (level: (typeof FAN_LEVELS)[number]) =>
      pinball[FAN_LEVELS.indexOf(level)]! / count / scale;
    return {
      pinball: { p10: lossAt(0.1), p50: lossAt(0.5), p90: lossAt(0.9) },
      coverage: { 50: inside[50] / count, 80: inside[80] / count, 90: inside[90] / count },
    };
  }
}

/** Plain means over the sites that have any. */
export function meanFanScores(scores: readonly FanScores[]): FanScores {
  const of = (value: (one: FanScores) => number) =>
    mean(scores.map(value).filter((one) => !Number.isNaN(one)));
  return {
    pinball: {
      p10: of(({ pinball }) => pinball.p10),
      p50: of(({ pinball }) => pinball.p50),
      p90: of(({ pinball }) => pinball.p90),
    },
    coverage: {
      50: of(({ coverage }) => coverage[50]),
      80: of(({ coverage }) => coverage[80]),
      90: of(({ coverage }) => coverage[90]),
    },
  };
}

/** One forecast of a fan beside what came, in the series' unit, by step from `issueMs` on. */
export interface FanForecast {
  readonly issueMs: number;
  /** By level of `FAN_LEVELS`. */
  readonly quantiles: readonly Float64Array[];
  readonly actual: Float64Array;
}

/** The forecast that `fan` makes at one issue time of its test part. @throws STEP_MISALIGNED */
export function fanAt(fan: Fan, input: RollingInput, issueMs: number): FanForecast {
  const { series, zone, horizon } = input;
  const { map, profile, offsets, leastDifficultyKwh } = fan;
  const test = { startMs: issueMs, endMs: issueMs + horizon * series.resolutionMs };
  const difficulty = difficultyKwh(series, issueMs, leastDifficultyKwh);
  let found: FanForecast = { issueMs, quantiles: [], actual: new Float64Array() };
  eachForecast(map, profile, { ...input, test, issues: 'every-step' }, (position, forecast, actual) => {
    const raised = (values: Float64Array) =>
      values.map((value, h) => value + profileAt(profile, zone, series, position + h));
    found = {
      issueMs,
      quantiles: offsets.map((multiples) =>
        raised(forecast.map((value, h) => value + difficulty * multiples[h]!)),
      ),
      actual: raised(actual),
    };
  });
  return found;
}

/** Why an issue time was chosen, with its error in squared standard deviations. */
export interface ChosenIssue {
  readonly rule: 'first' | 'best' | 'median' | 'worst';
  readonly issueMs: number;
  readonly mse: number;
}

/** Of the local midnights of the test part (every issue time where there is none): the first and those of least, middle and largest error. */
export function chosenIssues({ issueErrors }: Fan, input: RollingInput): ChosenIssue[] {
  const { series, zone } = input;
  const all = issuePositions(input)
    .map((position, i) => ({
      issueMs: series.startMs + position * series.resolutionMs,
      mse: issueErrors[i]!,
    }))
    .filter(({ mse }) => !Number.isNaN(mse));
  const isMidnight = ({ issueMs }: { issueMs: number }) =>
    (minuteOfLocalWeek(zone, issueMs) * 60_000) % DAY_MS === 0;
  const midnights = all.filter(isMidnight);
  const days = midnights.length > 0 ? midnights : all;
  if (days.length === 0) return [];
  const ranked = days.toSorted((a, b) => a.mse - b.mse);
  return [
    { rule: 'first', ...days[0]! },
    { rule: 'best', ...ranked[0]! },
    { rule: 'median', ...ranked[Math.floor((ranked.length - 1) / 2)]! },
    { rule: 'worst', ...ranked.at(-1)! },
  ];
}
