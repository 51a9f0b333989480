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

/** Errors of past point forecasts in multiples of the difficulty of their day, by hour of the horizon. Stays at the site. */
export interface ResidualQuantiles extends DayQuantiles {
  /** Least difficulty of a day, kWh: keeps the multiples finite after a week of constant readings. */
  readonly leastDifficultyKwh: number;
}

const LEVELS = { p10: 0.1, p50: 0.5, p90: 0.9 } as const;

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

/**
 * Quantiles of (actual − point) / difficulty over past issue times, by hour, each from its own errors and those of the
 * hours before and after it (of a day around midnight too): three times the sample for what changes slowly over the day. An hour
 * without any takes those of all hours. Issue times must be ones the point forecast was not fitted on.
 * @throws RESIDUALS_MISSING where not one hour has both a forecast and a reading.
 */
export function residualQuantiles(
  point: PointForecast,
  actual: MeterSeries,
  { issuesMs, range, horizon }: Calibration,
): ResidualQuantiles {
  const leastDifficultyKwh = LEAST_SHARE * standardDeviation(actual, range) || 1;
  const residuals: number[][] = Array.from({ length: horizon }, () => []);
  for (const issueMs of issuesMs) {
    const forecast = point(issueMs);
    const measured = valuesFrom(actual, issueMs, horizon);
    const difficulty = difficultyKwh(actual, issueMs, leastDifficultyKwh);
    for (let h = 0; h < horizon; h += 1) {
      const error = (measured[h]! - forecast[h]!) / difficulty;
      if (!Number.isNaN(error)) residuals[h]!.push(error);
    }
  }
  const all = residuals.flat();
  if (all.length === 0) {
    throw new DomainError(
      'RESIDUALS_MISSING',
      `expected past forecasts with readings, got none on ${issuesMs.length} days`,
    );
  }
  const isDay = horizon === stepsPerDay(actual);
  const pooled = residuals.map((_, h) => {
    const around = new Set([
      before(h, horizon, isDay),
      h,
      horizon - 1 - before(horizon - 1 - h, horizon, isDay),
    ]);
    const near = [...around].flatMap((hour) => residuals[hour]!);
    return (near.length > 0 ? near : all).toSorted((a, b) => a - b);
  });
  const at = (level: number) => Float64Array.from(pooled, (sorted) => sampleQuantile(sorted, level));
  return { p10: at(LEVELS.p10), p50: at(LEVELS.p50), p90: at(LEVELS.p90), leastDifficultyKwh };
}

/**
 * Point plus residual quantiles times the day's difficulty (`difficultyKwh` of the series forecast), cut at `floorKwh`:
 * 0 for load and PV, −Infinity for what may change sign.
 */
export function quantileForecast(
  point: Float64Array,
  residuals: ResidualQuantiles,
  difficulty: number,
  floorKwh: number,
): DayQuantiles {
  const at = (multiples: Float64Array) =>
    point.map((value, h) => Math.max(floorKwh, value + difficulty * multiples[h]!));
  return { p10: at(residuals.p10), p50: at(residuals.p50), p90: at(residuals.p90) };
}

/** The step before `h`; before the first of a whole day its last, else none other. */
const before = (h: number, horizon: number, isDay: boolean): number =>
  h > 0 ? h - 1 : isDay ? horizon - 1 : 0;
