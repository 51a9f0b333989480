import { DomainError, HOUR_MS, type Interval } from '#core';
import type { HourlySeries } from '#metering';

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

/** Population standard deviation of the readings that begin in `range`, kWh; 0 without any and for a constant load. */
export function standardDeviation(series: HourlySeries, range: Interval): number {
  const values = hoursFrom(series, range.startMs, (range.endMs - range.startMs) / HOUR_MS).filter(
    (value) => !Number.isNaN(value),
  );
  if (values.length === 0) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  // The mean of equal numbers is off by a rounding: that is no spread.
  return deviation > 1e-12 * Math.abs(mean) ? deviation : 0;
}
