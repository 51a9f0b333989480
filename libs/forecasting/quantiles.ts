import { DomainError, type Interval } from '#core';
import type { MeterSeries } from '#metering';
import type { PointForecast } from './day-ahead.ts';
import { positionOf, standardDeviation, stepsPerDay, valuesAt, valuesFrom } from './series.ts';

/** Energy by hour of the horizon at three levels, kWh; p10 ≤ p50 ≤ p90 in every hour. */
export interface DayQuantiles {
  readonly p10: Float64Array;
  /** The point forecast that an absolute error rewards. */
  readonly p50: Float64Array;
  readonly p90: Float64Array;
}

/** Errors of past point forecasts in multiples of the difficulty of their day. Stays at the site. */
export interface PastErrors {
  /** Of each day that has any, in order of issue: by step of the horizon, NaN where forecast or reading is missing. */
  readonly days: readonly Float64Array[];
  /** Whether the last step of the horizon is followed by its first. */
  readonly isDay: boolean;
  /** Least difficulty of a day, kWh: keeps the multiples finite after a week of constant readings. */
  readonly leastDifficultyKwh: number;
}

/** At which levels of the past errors p10 and p90 are read. */
export interface TailLevels {
  readonly lower: number;
  readonly upper: number;
}

/** As split conformal prediction reads them. */
export const NOMINAL_LEVELS: TailLevels = { lower: 0.1, upper: 0.9 };

/**
 * Sample quantile at (n + 1)·τ with linear interpolation (Hyndman & Fan 1996, type 6), the extreme values beyond: for
 * exchangeable errors the next one falls below it with probability τ, as split conformal prediction asks.
 */
export function sampleQuantile(sorted: ArrayLike<number>, level: number): number {
  const position = Math.max(1, Math.min(sorted.length, (sorted.length + 1) * level));
  const below = Math.floor(position);
  const low = sorted[below - 1]!;
  const high = sorted[Math.min(below, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/** Days before the issue time over which a day's difficulty is taken. */
const DIFFICULTY_DAYS = 7;
/** Least difficulty as a share of the series' standard deviation. */
export const LEAST_SHARE = 0.05;

/**
 * How irregular the series has been in the week before `issueMs`: the mean change from one day to the next, kWh, from readings before
 * `issueMs` alone. Errors of a home can double with the season; divided by this they keep their distribution, and intervals
 * their coverage (locally weighted conformal prediction, Lei et al. 2018, section 5.2).
 */
export function difficultyKwh(series: MeterSeries, issueMs: number, leastKwh: number): number {
  const day = stepsPerDay(series);
  const count = DIFFICULTY_DAYS * day;
  const week = valuesAt(series, positionOf(series, issueMs) - count, count);
  let [sum, changes] = [0, 0];
  for (let i = day; i < week.length; i += 1) {
    const change = Math.abs(week[i]! - week[i - day]!);
    if (Number.isNaN(change)) continue;
    sum += change;
    changes += 1;
  }
  return Math.max(leastKwh, changes === 0 ? 0 : sum / changes);
}

/** The issue times a point forecast is calibrated on, and the range whose spread sets the least difficulty. */
export interface Calibration {
  readonly issuesMs: readonly number[];
  readonly range: Interval;
  readonly horizon: number;
}

/** (actual − forecast) / difficulty of the steps from `issueMs` on, NaN where either is missing. */
export function errorsOfDay(
  point: PointForecast,
  actual: MeterSeries,
  issueMs: number,
  leastKwh: number,
): Float64Array {
  const forecast = point(issueMs);
  const difficulty = difficultyKwh(actual, issueMs, leastKwh);
  return valuesFrom(actual, issueMs, forecast.length).map((value, h) => (value - forecast[h]!) / difficulty);
}

export const hasError = (day: Float64Array): boolean => !day.every(Number.isNaN);

/**
 * The errors at past issue times, which must be ones that the point forecast was not fitted on.
 * @throws RESIDUALS_MISSING where not one hour has both a forecast and a reading.
 */
export function pastErrors(
  point: PointForecast,
  actual: MeterSeries,
  { issuesMs, range, horizon }: Calibration,
): PastErrors {
  const leastDifficultyKwh = LEAST_SHARE * standardDeviation(actual, range) || 1;
  const days = issuesMs
    .map((issueMs) => errorsOfDay(point, actual, issueMs, leastDifficultyKwh))
    .filter(hasError);
  if (days.length === 0) {
    throw new DomainError(
      'RESIDUALS_MISSING',
      `expected past forecasts with readings, got none on ${issuesMs.length} days`,
    );
  }
  return { days, isDay: horizon === stepsPerDay(actual), leastDifficultyKwh };
}

/**
 * The errors by step in ascending order, each step's own and those of the steps before and after it (of a day around midnight
 * too): three times the sample for what changes slowly over the day. A step without any takes those of all steps.
 */
export function sortedErrors({ days, isDay }: PastErrors): readonly Float64Array[] {
  const horizon = days[0]!.length;
  const byStep = Array.from({ length: horizon }, (_, h) =>
    days.map((day) => day[h]!).filter((error) => !Number.isNaN(error)),
  );
  return byStep.map((_, h) => {
    const around = new Set([
      before(h, horizon, isDay),
      h,
      horizon - 1 - before(horizon - 1 - h, horizon, isDay),
    ]);
    const near = [...around].flatMap((step) => byStep[step]!);
    return Float64Array.from(near.length > 0 ? near : byStep.flat()).toSorted();
  });
}

/** Quantiles of `sortedErrors` by step, in multiples of the difficulty; `levels` no further in than the median. */
export function errorQuantiles(sorted: readonly Float64Array[], { lower, upper }: TailLevels): DayQuantiles {
  const at = (level: number) => Float64Array.from(sorted, (errors) => sampleQuantile(errors, level));
  return { p10: at(lower), p50: at(0.5), p90: at(upper) };
}

/**
 * Point plus error quantiles times the day's difficulty (`difficultyKwh` of the series forecast), cut at `floorKwh`:
 * 0 for load and PV, −Infinity for what may change sign.
 */
export function quantileForecast(
  point: Float64Array,
  errors: DayQuantiles,
  difficulty: number,
  floorKwh: number,
): DayQuantiles {
  const at = (multiples: Float64Array) =>
    point.map((value, h) => Math.max(floorKwh, value + difficulty * multiples[h]!));
  return { p10: at(errors.p10), p50: at(errors.p50), p90: at(errors.p90) };
}

/** The step before `h`; before the first of a whole day its last, else none other. */
const before = (h: number, horizon: number, isDay: boolean): number =>
  h > 0 ? h - 1 : isDay ? horizon - 1 : 0;
