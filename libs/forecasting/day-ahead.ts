import { DomainError } from '#core';
import type { MeterSeries } from '#metering';
import type { InputRow } from './inputs.ts';
import { profileAt, type SiteProfile } from './profile.ts';
import type { LinearMap } from './ridge.ts';
import { positionOf, stepsPerDay, valuesAt } from './series.ts';

/** Expected energy of the steps from an issue time on, kWh; NaN for one the history says nothing about. */
export type PointForecast = (issueMs: number) => Float64Array;

export interface DayForecast {
  readonly issueMs: number;
  /** By step from `issueMs` on; a mean-like point, not yet shifted to the median, may be below zero. */
  readonly energyKwh: Float64Array;
  /** Steps of the look-back without a reading, taken as the profile's. */
  readonly filledSteps: number;
  /** Share of the inputs that were missing and taken as usual. */
  readonly missingInputs: number;
}

/** A map with what a site adds to it. */
export interface SiteMap {
  readonly map: LinearMap;
  readonly profile: SiteProfile;
  readonly zone: string;
  /** On the grid of the series forecast; null for a map without inputs. */
  readonly inputsAt: InputRow | null;
}

/** Largest share of the look-back, and of the inputs, that may be filled with what is usual. */
const MAX_FILLED_SHARE = 0.25;

/** What the site's cycle does not explain of the `lookback` steps before `issueMs`, kWh; missing steps are 0 and counted. */
export function pastDeviations(
  lookback: number,
  profile: SiteProfile,
  series: MeterSeries,
  issueMs: number,
  zone: string,
): { readonly past: Float64Array; readonly filledSteps: number } {
  const first = positionOf(series, issueMs) - lookback;
  const past = valuesAt(series, first, lookback);
  let filledSteps = 0;
  for (let i = 0; i < lookback; i += 1) {
    if (Number.isNaN(past[i])) {
      past[i] = 0;
      filledSteps += 1;
    } else past[i]! -= profileAt(profile, zone, series, first + i);
  }
  return { past, filledSteps };
}

function predict(
  { map, profile, zone, inputsAt }: SiteMap,
  series: MeterSeries,
  issueMs: number,
): DayForecast {
  const { lookback, horizon, weights } = map;
  const issue = positionOf(series, issueMs);
  const { past, filledSteps } = pastDeviations(lookback, profile, series, issueMs, zone);
  const last = past[lookback - 1]!;
  const energyKwh = new Float64Array(horizon);
  for (let j = 0; j < lookback - 1; j += 1) {
    const x = past[j]! - last;
    for (let h = 0; h < horizon; h += 1) energyKwh[h]! += x * weights[j * horizon + h]!;
  }
  const inputs = inputsAt?.(issue, last / profile.scaleKwh) ?? new Float64Array();
  addInputs(energyKwh, inputs, map, profile.scaleKwh);
  for (let h = 0; h < horizon; h += 1) energyKwh[h]! += last + profileAt(profile, zone, series, issue + h);
  return { issueMs, energyKwh, filledSteps, missingInputs: missingShare(inputs) };
}

/** Adds u·V, which is in standard deviations of `scale`; a missing input is taken as usual. */
export function addInputs(
  ahead: Float64Array,
  inputs: Float64Array,
  { lookback, horizon, weights }: LinearMap,
  scale: number,
): void {
  for (const [i, value] of inputs.entries()) {
    if (Number.isNaN(value)) continue;
    const row = (lookback - 1 + i) * horizon;
    for (let h = 0; h < horizon; h += 1) ahead[h]! += scale * value * weights[row + h]!;
  }
}

/**
 * The linear forecast of the `horizon` steps from `issueMs` on: profile + last deviation + (x − x_L)·W, in kWh.
 * Reads only the `lookback` steps before `issueMs`; missing ones are taken as the profile's and counted.
 * @throws LOOKBACK_TOO_SPARSE where more than a quarter of them is missing, INPUTS_MISSING where that much of the inputs is, STEP_MISALIGNED
 */
export function forecastDay(site: SiteMap, series: MeterSeries, issueMs: number): DayForecast {
  const forecast = predict(site, series, issueMs);
  requireDenseLookback(site.map.lookback, forecast.filledSteps);
  requireKnown(forecast.missingInputs);
  return forecast;
}

/** Share of the inputs that are missing. @throws INPUTS_MISSING where it is more than a quarter */
export function requireInputs(inputs: Float64Array): number {
  const missing = missingShare(inputs);
  requireKnown(missing);
  return missing;
}

function requireKnown(missing: number): void {
  if (missing <= MAX_FILLED_SHARE) return;
  throw new DomainError(
    'INPUTS_MISSING',
    `expected three quarters of the inputs over the horizon, ${Math.round(100 * missing)} % are missing`,
    'invalid',
    { missing },
  );
}

const missingShare = (inputs: Float64Array): number =>
  inputs.reduce((count, value) => (Number.isNaN(value) ? count + 1 : count), 0) / Math.max(1, inputs.length);

/** @throws LOOKBACK_TOO_SPARSE where more than a quarter of the look-back is missing */
export function requireDenseLookback(lookback: number, filledSteps: number): void {
  if (filledSteps <= MAX_FILLED_SHARE * lookback) return;
  throw new DomainError(
    'LOOKBACK_TOO_SPARSE',
    `expected readings for three quarters of the ${lookback} steps before issue, ${filledSteps} are missing`,
    'invalid',
    { lookback, missing: filledSteps },
  );
}

/** `forecastDay` for calibration and scoring, where a day without enough history is left out: all NaN. */
export const loadPoint =
  (site: SiteMap, series: MeterSeries): PointForecast =>
  (issueMs) => {
    const { energyKwh, filledSteps, missingInputs } = predict(site, series, issueMs);
    const sparse = filledSteps > MAX_FILLED_SHARE * site.map.lookback || missingInputs > MAX_FILLED_SHARE;
    return sparse ? energyKwh.fill(Number.NaN) : energyKwh;
  };

/** Seasonal naive: the last `lag` steps before the issue time (a day's, or a week's) over and over. */
export const seasonalNaive =
  (series: MeterSeries, lag: number, horizon: number): PointForecast =>
  (issueMs) => {
    const season = valuesAt(series, positionOf(series, issueMs) - lag, lag);
    return Float64Array.from({ length: horizon }, (_, h) => season[h % lag]!);
  };

/**
 * Days of history in a PV forecast. Chosen on the validation days of twelve homes among 1 … 21; the mean of the same
 * days and a clear-sky envelope scaled by their yield were 15 % and more worse.
 */
const PV_HISTORY_DAYS = 10;

/** Day-ahead PV without weather: the median of the same time of day over the last ten days that have a reading; kWh. */
export const pvPoint =
  (series: MeterSeries, horizon: number): PointForecast =>
  (issueMs) => {
    const first = positionOf(series, issueMs);
    const day = stepsPerDay(series);
    return Float64Array.from({ length: horizon }, (_, h) => {
      const days = Math.ceil((h + 1) / day);
      const past: number[] = [];
      for (let d = days; d < days + PV_HISTORY_DAYS; d += 1) {
        const value = series.values[first + h - day * d];
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
