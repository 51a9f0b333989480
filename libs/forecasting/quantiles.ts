import { DomainError } from '#core';
import type { PointForecast } from './day-ahead.ts';
import { type HourlySeries, hoursFrom } from './series.ts';

/** Energy by hour of the horizon at three levels, kWh; p10 ≤ p50 ≤ p90 in every hour. */
export interface DayQuantiles {
  readonly p10: Float64Array;
  /** The point forecast that an absolute error rewards. */
  readonly p50: Float64Array;
  readonly p90: Float64Array;
}

/** What to add to a point forecast, by hour of the horizon, kWh. Stays at the site. */
export type ResidualQuantiles = DayQuantiles;

const LEVELS = { p10: 0.1, p50: 0.5, p90: 0.9 } as const;

/**
 * Sample quantile at (n + 1)·τ with linear interpolation (Hyndman & Fan 1996, type 6), the extreme values beyond: for
 * exchangeable errors the next one falls below it with probability τ, as split conformal prediction asks.
 */
export function sampleQuantile(sorted: readonly number[], level: number): number {
  const position = Math.max(1, Math.min(sorted.length, (sorted.length + 1) * level));
  const below = Math.floor(position);
  const low = sorted[below - 1]!;
  const high = sorted[Math.min(below, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/**
 * Quantiles of actual − point over past issue times, by hour, each from its own errors and those of the hours before and
 * after it (around midnight too): three times the sample for what changes slowly over the day. An hour without any takes
 * those of all hours. Issue times must be ones the point forecast was not fitted on.
 * @throws RESIDUALS_MISSING where not one hour has both a forecast and a reading.
 */
export function residualQuantiles(
  point: PointForecast,
  actual: HourlySeries,
  issuesMs: readonly number[],
  horizon: number,
): ResidualQuantiles {
  const residuals: number[][] = Array.from({ length: horizon }, () => []);
  for (const issueMs of issuesMs) {
    const forecast = point(issueMs);
    const measured = hoursFrom(actual, issueMs, horizon);
    for (let h = 0; h < horizon; h += 1) {
      const error = measured[h]! - forecast[h]!;
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
  const pooled = residuals.map((_, h) => {
    const around = new Set([(h + horizon - 1) % horizon, h, (h + 1) % horizon]);
    const near = [...around].flatMap((hour) => residuals[hour]!);
    return (near.length > 0 ? near : all).toSorted((a, b) => a - b);
  });
  const at = (level: number) => Float64Array.from(pooled, (sorted) => sampleQuantile(sorted, level));
  return { p10: at(LEVELS.p10), p50: at(LEVELS.p50), p90: at(LEVELS.p90) };
}

/** Point plus residual quantiles, cut at `floorKwh` (0 for load and PV, −Infinity for what may change sign). */
export function quantileForecast(
  point: Float64Array,
  residuals: ResidualQuantiles,
  floorKwh: number,
): DayQuantiles {
  const at = (offsets: Float64Array) => point.map((value, h) => Math.max(floorKwh, value + offsets[h]!));
  return { p10: at(residuals.p10), p50: at(residuals.p50), p90: at(residuals.p90) };
}
