import { DAY_MS, HOUR_MS } from '#core';
import { type Finding, Places, minuteText } from './finding.ts';
import type { MeterSeries } from './series.ts';

/*
 * Doubts about units that a column raises against itself. A file that is wrong from end to end (every value in kW)
 * cannot be told from a larger or smaller site without an independent total; a change of unit inside a file can.
 */

/** Days compared on each side of a midnight: a whole week, so that weekends weigh alike. */
const DAYS = 7;

/** A thousand, give or take what consumption itself may do between neighbours. */
const isThousandfold = (ratio: number) => ratio > 300 && ratio < 3000;

/**
 * Whether `value` stands a thousandfold off two neighbours that agree with each other. The band is narrow: a house that
 * draws next to nothing for an hour is ordinary.
 */
function isOutlier(before: number, value: number, after: number): boolean {
  const level = Math.sqrt(before * after);
  const agree = Math.max(before, after) / level < 1.25;
  const ratio = Math.max(level / value, value / level);
  return agree && ratio > 800 && ratio < 1250;
}

/** Single values a thousand times smaller or larger than both neighbours: Wh or MWh among kWh. */
function thousandfoldOutliers(name: string, series: MeterSeries): Finding[] {
  const { values, startMs, resolutionMs } = series;
  const places = new Places();
  for (let i = 1; i + 1 < values.length; i += 1) {
    const [before, value, after] = [values[i - 1]!, values[i]!, values[i + 1]!];
    // A gap or the zero before sunrise is no neighbour to compare with.
    if (before > 0 && value > 0 && after > 0 && isOutlier(before, value, after)) {
      places.add(startMs + i * resolutionMs, resolutionMs);
    }
  }
  const message = `${places.count} single values differ from both neighbours by a factor near 1000: Wh or MWh for kWh?`;
  return places.finding('UNIT_SUSPECT', 'warning', name, message);
}

/** Mean of the known values of each time of day over `DAYS` days from `from`; NaN where none is known. */
function dayProfile(values: Float64Array, from: number, perDay: number): Float64Array {
  const profile = new Float64Array(perDay);
  for (let slot = 0; slot < perDay; slot += 1) {
    let sum = 0;
    let known = 0;
    for (let day = 0; day < DAYS; day += 1) {
      const value = values[from + day * perDay + slot] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      known += 1;
    }
    profile[slot] = sum / known;
  }
  return profile;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.round(q * (sorted.length - 1))]!;
}

/** Ratio of two profiles' slots (later / earlier): the median and the middle half; null where too few are positive. */
function profileRatio(
  earlier: Float64Array,
  later: Float64Array,
): { median: number; q1: number; q3: number } | null {
  const ratios: number[] = [];
  for (const [slot, value] of later.entries())
    if (value > 0 && earlier[slot]! > 0) ratios.push(value / earlier[slot]!);
  if (ratios.length < earlier.length / 4) return null;
  const sorted = ratios.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), q1: quantile(sorted, 0.25), q3: quantile(sorted, 0.75) };
}

/** The unit whose change a ratio of levels would explain, or null. */
function unitChange(ratio: { median: number; q1: number; q3: number }, perHour: number): string | null {
  const [median, q1, q3] =
    ratio.median < 1 ? [1 / ratio.median, 1 / ratio.q3, 1 / ratio.q1] : [ratio.median, ratio.q1, ratio.q3];
  if (isThousandfold(median)) return 'Wh or MWh for kWh';
  // A season or a new machine changes some hours more than others; a unit changes all of them alike.
  const isUniform = q3 / q1 < 1.25;
  const isPerHour = perHour > 1 && Math.abs(median / perHour - 1) < 0.1;
  return isUniform && isPerHour ? 'kW for kWh' : null;
}

/** Midnights at which the whole level of a column changes by 1000, or by the number of intervals in an hour. */
function levelShifts(name: string, series: MeterSeries): Finding[] {
  const perDay = DAY_MS / series.resolutionMs;
  const perHour = HOUR_MS / series.resolutionMs;
  const places = new Places();
  let first = '';
  let skipUntil = 0;
  for (let at = DAYS * perDay; at + DAYS * perDay <= series.values.length; at += perDay) {
    if (at < skipUntil) continue;
    const ratio = profileRatio(
      dayProfile(series.values, at - DAYS * perDay, perDay),
      dayProfile(series.values, at, perDay),
    );
    const unit = ratio === null ? null : unitChange(ratio, perHour);
    if (unit === null) continue;
    // The windows of the next days contain the same shift.
    skipUntil = at + DAYS * perDay;
    places.add(series.startMs + at * series.resolutionMs, 0);
    first ||= `${unit}, first near ${minuteText(places.fromMs)}`;
  }
  const message = `the level changes ${places.count} times as a change of unit would: ${first}`;
  return places.finding('UNIT_SUSPECT', 'severe', name, message);
}

/** Values that look as if they were in another unit than the rest of their column. */
export function reviewUnits(name: string, series: MeterSeries): Finding[] {
  return [...thousandfoldOutliers(name, series), ...levelShifts(name, series)];
}
