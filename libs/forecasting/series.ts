import { DomainError, HOUR_MS } from '#core';

/** Hourly energy of one meter in kWh: `values[i]` covers [startMs + i h, startMs + (i + 1) h), NaN where nothing was read. */
export interface HourlySeries {
  readonly startMs: number;
  readonly values: Float64Array;
}

/** Position of the hour that begins at `atMs`; may lie outside the series. @throws HOUR_MISALIGNED */
export function hourIndex(series: HourlySeries, atMs: number): number {
  const index = (atMs - series.startMs) / HOUR_MS;
  if (!Number.isInteger(index)) {
    throw new DomainError(
      'HOUR_MISALIGNED',
      `expected an instant whole hours from the series' start ${series.startMs}, got ${atMs}`,
    );
  }
  return index;
}

/** The `count` hours from `atMs` on, NaN where the series has none. */
export function hoursFrom(series: HourlySeries, atMs: number, count: number): Float64Array {
  const first = hourIndex(series, atMs);
  return Float64Array.from({ length: count }, (_, i) => series.values[first + i] ?? Number.NaN);
}
