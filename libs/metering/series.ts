import { DAY_MS, HOUR_MS, type Interval, localDate, localDay } from '#core';
import type { Quantity } from './quantity.ts';

/**
 * Values on a regular grid: value i covers [startMs + i·resolutionMs, +resolutionMs); local days where the resolution is a
 * day, 23 to 25 hours long, the first of which begins at startMs. Energy in kWh, or what else is metered; NaN = missing.
 */
export interface MeterSeries {
  readonly startMs: number;
  readonly resolutionMs: number;
  readonly values: Float64Array;
}

/** How much of a stretch of time is known. `present + missing` is the number of intervals in [fromMs, toMs). */
export interface Coverage {
  /** Start of the first known interval; equal to toMs when nothing is known. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly present: number;
  readonly missing: number;
  readonly longestGap: Interval | null;
}

/**
 * Sums to UTC hours, or to the steps of `resolutionMs` that a longer one of at most an hour is made of; means of what does not add
 * up (`overSteps`). A step with a missing part is missing: half an hour's energy is not an estimate of the hour's. The finer
 * resolution divides the coarser, and the series starts on its grid.
 */
export function hourlySeries(
  series: MeterSeries,
  resolutionMs = HOUR_MS,
  how: Quantity['overSteps'] = 'sum',
): MeterSeries {
  const parts = resolutionMs / series.resolutionMs;
  const startMs = Math.floor(series.startMs / resolutionMs) * resolutionMs;
  const lead = (series.startMs - startMs) / series.resolutionMs;
  const values = new Float64Array(Math.ceil((lead + series.values.length) / parts));
  for (let step = 0; step < values.length; step += 1) {
    let sum = 0;
    for (let part = 0; part < parts; part += 1)
      sum += series.values[step * parts + part - lead] ?? Number.NaN;
    values[step] = how === 'sum' ? sum : sum / parts;
  }
  return { startMs, resolutionMs, values };
}

/** Sums, or means, of hours over the local days that lie wholly within the series; a day with a missing hour is missing. */
export function dailySeries(
  hours: MeterSeries,
  zone: string,
  how: Quantity['overSteps'] = 'sum',
): MeterSeries {
  // In zones half an hour off UTC's grid a day begins with the first full hour after its midnight.
  const hourOf = (ms: number) => Math.ceil((ms - hours.startMs) / HOUR_MS);
  let day = localDay(zone, localDate(zone, hours.startMs));
  if (hourOf(day.startMs) < 0) day = nextDay(zone, day);
  const { startMs } = day;
  const days: number[] = [];
  for (; hourOf(day.endMs) <= hours.values.length; day = nextDay(zone, day)) {
    const known = hours.values.subarray(hourOf(day.startMs), hourOf(day.endMs));
    const sum = known.reduce((total, value) => total + value, 0);
    days.push(how === 'sum' ? sum : sum / known.length);
  }
  return { startMs, resolutionMs: DAY_MS, values: Float64Array.from(days) };
}

const nextDay = (zone: string, { endMs }: Interval): Interval => localDay(zone, localDate(zone, endMs));

/** The part of a series inside `span`, on span's own hours; hours the series does not have are missing. */
export function hoursOf(series: MeterSeries, span: Interval): MeterSeries {
  const startMs = Math.ceil(span.startMs / HOUR_MS) * HOUR_MS;
  const hours = Math.max(0, Math.floor((span.endMs - startMs) / HOUR_MS));
  const offset = (startMs - series.startMs) / HOUR_MS;
  return {
    startMs,
    resolutionMs: HOUR_MS,
    values: Float64Array.from({ length: hours }, (_, i) => series.values[offset + i] ?? Number.NaN),
  };
}

const known = (value: number) => !Number.isNaN(value);

/** What is known between the first and the last reading of a series. */
export function coverage(series: MeterSeries): Coverage {
  const { values, startMs, resolutionMs } = series;
  const first = values.findIndex(known);
  if (first === -1) return { fromMs: startMs, toMs: startMs, present: 0, missing: 0, longestGap: null };
  const last = values.findLastIndex(known);
  let present = 0;
  let longest = { at: 0, length: 0 };
  let gap = 0;
  for (let i = first; i <= last; i += 1) {
    gap = known(values[i]!) ? 0 : gap + 1;
    if (gap === 0) present += 1;
    if (gap > longest.length) longest = { at: i - gap + 1, length: gap };
  }
  const at = (index: number) => startMs + index * resolutionMs;
  return {
    fromMs: at(first),
    toMs: at(last + 1),
    present,
    missing: last - first + 1 - present,
    longestGap:
      longest.length === 0 ? null : { startMs: at(longest.at), endMs: at(longest.at + longest.length) },
  };
}

function isComplete(series: MeterSeries, day: Interval): boolean {
  const from = Math.floor((day.startMs - series.startMs) / HOUR_MS);
  const to = Math.ceil((day.endMs - series.startMs) / HOUR_MS);
  if (from < 0 || to > series.values.length) return false;
  return series.values.subarray(from, to).every((value) => !Number.isNaN(value));
}

/**
 * The last local calendar day of `zone` whose every hour (23, 24 or 25) is known; null if there is none. In zones half
 * an hour off UTC's grid the hours across midnight count for both days.
 * @throws ZONE_UNKNOWN.
 */
export function lastCompleteLocalDay(
  series: MeterSeries,
  zone: string,
): { readonly date: string; readonly interval: Interval } | null {
  let atMs = series.startMs + series.values.length * HOUR_MS - 1;
  while (atMs >= series.startMs) {
    const date = localDate(zone, atMs);
    const day = localDay(zone, date);
    if (isComplete(series, day)) return { date, interval: day };
    atMs = day.startMs - 1;
  }
  return null;
}
