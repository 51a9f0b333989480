import { DAY_MS, DomainError, HOUR_MS, type Interval, localDate, localDay } from '#core';
import type { MeterSeries } from '#metering';

/** How one local day's energy is spread over its 24 hours: shares that sum to 1. */
export interface DayShape {
  /** YYYY-MM-DD in the zone. */
  readonly date: string;
  /** Saturday or Sunday. */
  readonly isWeekend: boolean;
  readonly energyKwh: number;
  /** 24 shares, hour 0 first. */
  readonly shares: Float64Array;
}

export interface DayShapes {
  readonly days: readonly DayShape[];
  /** Days left out: a missing hour, 23 or 25 hours, or no energy at all. */
  readonly skipped: { readonly incomplete: number; readonly clockChange: number; readonly idle: number };
}

const HOURS = 24;
/** Ten years of days. */
const MAX_HOURS = 90_000;

/**
 * The shapes of the local days that lie wholly within an hourly series.
 * @throws SERIES_NOT_HOURLY, SERIES_TOO_LONG, LOAD_NEGATIVE, ZONE_UNKNOWN
 */
export function dayShapes(series: MeterSeries, zone: string): DayShapes {
  requireHourly(series);
  const days: DayShape[] = [];
  const skipped = { incomplete: 0, clockChange: 0, idle: 0 };
  const endMs = series.startMs + series.values.length * HOUR_MS;
  for (
    let day = localDay(zone, localDate(zone, series.startMs));
    day.endMs <= endMs;
    day = nextDay(zone, day)
  ) {
    if (day.startMs < series.startMs) continue;
    const from = Math.ceil((day.startMs - series.startMs) / HOUR_MS);
    const hours = series.values.subarray(from, from + HOURS);
    const energyKwh = hours.reduce((sum, value) => sum + value, 0);
    if (day.endMs - day.startMs !== DAY_MS) skipped.clockChange += 1;
    else if (hours.length < HOURS || Number.isNaN(energyKwh)) skipped.incomplete += 1;
    else if (energyKwh === 0) skipped.idle += 1;
    else days.push(shapeOf(localDate(zone, day.startMs), hours, energyKwh));
  }
  return { days, skipped };
}

const nextDay = (zone: string, { endMs }: Interval): Interval => localDay(zone, localDate(zone, endMs));

function shapeOf(date: string, hours: Float64Array, energyKwh: number): DayShape {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return {
    date,
    isWeekend: weekday === 0 || weekday === 6,
    energyKwh,
    shares: hours.map((value) => value / energyKwh),
  };
}

function requireHourly({ resolutionMs, values }: MeterSeries): void {
  if (resolutionMs !== HOUR_MS) {
    throw new DomainError('SERIES_NOT_HOURLY', `expected hours, got steps of ${resolutionMs} ms`);
  }
  if (values.length > MAX_HOURS) {
    throw new DomainError(
      'SERIES_TOO_LONG',
      `expected at most ${MAX_HOURS} hours, got ${values.length}`,
      'limit',
    );
  }
  const at = values.findIndex((value) => value < 0 || value === Number.POSITIVE_INFINITY);
  if (at >= 0) {
    throw new DomainError(
      'LOAD_NEGATIVE',
      `expected a finite load of at least 0 kWh, got ${values[at]} in hour ${at}`,
    );
  }
}
