import { DAY_MS, DomainError, HOUR_MS, type Interval, minuteOfLocalWeek } from '#core';
import type { MeterSeries } from '#metering';
import type { WindowShape } from './config.ts';

/** Where a series begins and how long its steps are. */
export type Grid = Pick<MeterSeries, 'startMs' | 'resolutionMs'>;

/** Position of the step that begins at `atMs`; may lie outside the series. @throws STEP_MISALIGNED */
export function positionOf({ startMs, resolutionMs }: Grid, atMs: number): number {
  const position = Math.round((atMs - startMs) / resolutionMs);
  // Local days begin an hour earlier or later once the clock has changed.
  const slackMs = resolutionMs === DAY_MS ? HOUR_MS : 0;
  if (Math.abs(atMs - startMs - position * resolutionMs) > slackMs) {
    throw new DomainError(
      'STEP_MISALIGNED',
      `expected an instant whole steps of ${resolutionMs / 60_000} min from the series' start ${startMs}, got ${atMs}`,
    );
  }
  return position;
}

/** The slot of a cycle that divides the local week (from Monday 00:00 on) in which the step at `position` lies. */
export function slotOf(
  { startMs, resolutionMs }: Grid,
  zone: string,
  position: number,
  cycle: number,
): number {
  // By the middle of the step: a local day may begin an hour off.
  const minute = minuteOfLocalWeek(zone, startMs + (position + 0.5) * resolutionMs);
  return Math.floor((minute * 60_000) / resolutionMs) % cycle;
}

/** @throws RESOLUTION_OTHER where the series is not of the steps that a shape is in. */
export function requireSteps({ resolutionMs }: Pick<Grid, 'resolutionMs'>, shape: WindowShape): void {
  if (resolutionMs === shape.stepMinutes * 60_000) return;
  throw new DomainError(
    'RESOLUTION_OTHER',
    `expected values every ${shape.stepMinutes} min, got them every ${resolutionMs / 60_000} min`,
  );
}

/** Steps in a local week. */
export const stepsPerWeek = ({ resolutionMs }: Pick<Grid, 'resolutionMs'>): number =>
  (7 * DAY_MS) / resolutionMs;

/** Steps in a local day; 1 where the step is a day. */
export const stepsPerDay = ({ resolutionMs }: Pick<Grid, 'resolutionMs'>): number => DAY_MS / resolutionMs;

/** The `count` values from `position` on, NaN where the series has none. */
export const valuesAt = (series: MeterSeries, position: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => series.values[position + i] ?? Number.NaN);

/** The `count` values from `atMs` on, NaN where the series has none. */
export const valuesFrom = (series: MeterSeries, atMs: number, count: number): Float64Array =>
  valuesAt(series, positionOf(series, atMs), count);

/** Population standard deviation of the readings that begin in `range`, kWh; 0 without any and for a constant load. */
export function standardDeviation(series: MeterSeries, range: Interval): number {
  const count = positionOf(series, range.endMs) - positionOf(series, range.startMs);
  const values = valuesFrom(series, range.startMs, count).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  // The mean of equal numbers is off by a rounding: that is no spread.
  return deviation > 1e-12 * Math.abs(mean) ? deviation : 0;
}
