import { DomainError, HOUR_MS } from '#core';
import type { HourlySeries } from '#metering';
import { profileAt, type SiteProfile } from './profile.ts';
import type { LinearMap } from './ridge.ts';
import { hourIndex, hoursFrom } from './series.ts';

/** Expected energy of the hours from an issue time on, kWh; NaN for an hour the history says nothing about. */
export type PointForecast = (issueMs: number) => Float64Array;

export interface DayForecast {
  readonly issueMs: number;
  /** Hour h covers [issueMs + h hours, + 1 h); a mean-like point, not yet shifted to the median, may be below zero. */
  readonly energyKwh: Float64Array;
  /** Hours of the look-back without a reading, taken as the profile's. */
  readonly filledHours: number;
}

/** Largest share of the look-back that may be filled from the profile. */
const MAX_FILLED_SHARE = 0.25;

function predict(
  map: LinearMap,
  profile: SiteProfile,
  series: HourlySeries,
  issueMs: number,
  zone: string,
): DayForecast {
  const { lookback, horizon, weights } = map;
  const startMs = issueMs - lookback * HOUR_MS;
  const past = hoursFrom(series, startMs, lookback);
  let filledHours = 0;
  for (let i = 0; i < lookback; i += 1) {
    if (Number.isNaN(past[i])) {
      past[i] = 0;
      filledHours += 1;
    } else past[i]! -= profileAt(profile, zone, startMs + i * HOUR_MS);
  }
  const last = past[lookback - 1]!;
  const energyKwh = new Float64Array(horizon);
  for (let j = 0; j < lookback - 1; j += 1) {
    const x = past[j]! - last;
    for (let h = 0; h < horizon; h += 1) energyKwh[h]! += x * weights[j * horizon + h]!;
  }
  for (let h = 0; h < horizon; h += 1)
    energyKwh[h]! += last + profileAt(profile, zone, issueMs + h * HOUR_MS);
  return { issueMs, energyKwh, filledHours };
}

/**
 * The linear forecast of the `horizon` hours from `issueMs` on: profile + last deviation + (x − x_L)·W, in kWh.
 * Reads only the `lookback` hours before `issueMs`; missing ones are taken as the profile's and counted.
 * @throws LOOKBACK_TOO_SPARSE where more than a quarter of them is missing, HOUR_MISALIGNED
 */
export function forecastDay(
  map: LinearMap,
  profile: SiteProfile,
  series: HourlySeries,
  issueMs: number,
  zone: string,
): DayForecast {
  const forecast = predict(map, profile, series, issueMs, zone);
  const { filledHours } = forecast;
  if (filledHours > MAX_FILLED_SHARE * map.lookback) {
    throw new DomainError(
      'LOOKBACK_TOO_SPARSE',
      `expected readings for three quarters of the ${map.lookback} h before issue, ${filledHours} h are missing`,
      'invalid',
      { lookback: map.lookback, missing: filledHours },
    );
  }
  return forecast;
}

/** `forecastDay` for calibration and scoring, where a day without enough history is left out: all NaN. */
export const loadPoint =
  (map: LinearMap, profile: SiteProfile, series: HourlySeries, zone: string): PointForecast =>
  (issueMs) => {
    const { energyKwh, filledHours } = predict(map, profile, series, issueMs, zone);
    return filledHours > MAX_FILLED_SHARE * map.lookback ? energyKwh.fill(Number.NaN) : energyKwh;
  };

/** Seasonal naive: the same hour `lagHours` earlier (24: yesterday, 168: last week). `lagHours` ≥ horizon. */
export const seasonalNaive =
  (series: HourlySeries, lagHours: number, horizon: number): PointForecast =>
  (issueMs) =>
    hoursFrom(series, issueMs - lagHours * HOUR_MS, horizon);

/**
 * Days of history in a PV forecast. Chosen on the validation days of twelve homes among 1 … 21; the mean of the same
 * days and a clear-sky envelope scaled by their yield were 15 % and more worse.
 */
const PV_HISTORY_DAYS = 10;

/** Day-ahead PV without weather: the median of the same hour over the last ten days that have a reading; kWh. */
export const pvPoint =
  (series: HourlySeries, horizon: number): PointForecast =>
  (issueMs) => {
    const first = hourIndex(series, issueMs);
    return Float64Array.from({ length: horizon }, (_, h) => {
      const days = Math.ceil((h + 1) / 24);
      const past: number[] = [];
      for (let d = days; d < days + PV_HISTORY_DAYS; d += 1) {
        const value = series.values[first + h - 24 * d];
        if (value !== undefined && !Number.isNaN(value)) past.push(value);
      }
      return median(past);
    });
  };

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
