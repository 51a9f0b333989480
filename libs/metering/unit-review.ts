import { DAY_MS, HOUR_MS } from '#core';
import { type Finding, Places, minuteText } from './finding.ts';
import { isGeneration, isLoad, quantityOf } from './quantity.ts';
import { dayProfile, isAbrupt, isThousandfold, ratioSpread, unitChange } from './scale.ts';
import type { MeterSeries } from './series.ts';

/*
 * Doubts about units that a column raises against itself. A file that is wrong from end to end (every value in kW)
 * cannot be told from a larger or smaller site without an independent total; a change of unit inside a file can.
 */

/** Days compared on each side of a midnight: a whole week, so that weekends weigh alike. */
const DAYS = 7;

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

/** The change of unit that the levels of a week before and a week after step `at` would follow from; null where there is none. */
function shiftAt(name: string, series: MeterSeries, at: number): { unit: string; isSevere: boolean } | null {
  const span = (DAYS * DAY_MS) / series.resolutionMs;
  const ratio = ratioSpread(dayProfile(series, at - span, at), dayProfile(series, at, at + span));
  const unit = ratio === null ? null : unitChange(ratio, series.resolutionMs);
  if (ratio === null || unit === null || !isAbrupt(series, at, ratio.median)) return null;
  return { unit, isSevere: isCertain(name, ratio.median) };
}

/** A series without the days, counted from its start, of which nothing is known; and which days are left. */
function knownDays(series: MeterSeries, perDay: number): { known: MeterSeries; days: readonly number[] } {
  const days = Array.from({ length: Math.ceil(series.values.length / perDay) }, (_, day) => day).filter(
    (day) => series.values.subarray(day * perDay, (day + 1) * perDay).some((value) => !Number.isNaN(value)),
  );
  const values = new Float64Array(days.length * perDay).fill(Number.NaN);
  for (const [i, day] of days.entries())
    values.set(series.values.subarray(day * perDay, (day + 1) * perDay), i * perDay);
  return { known: { ...series, values }, days };
}

/**
 * Days at whose beginning the whole level of a column changes by 1000, or by the number of intervals in an hour; also across a gap, as
 * where files of two years are joined.
 */
function levelShifts(name: string, series: MeterSeries): Finding[] {
  const { startMs, resolutionMs } = series;
  const perDay = DAY_MS / resolutionMs;
  if (resolutionMs > HOUR_MS || !Number.isInteger(perDay)) return [];
  const { known, days } = knownDays(series, perDay);
  const { values } = known;
  const places = new Places();
  let first = '';
  let isSevere = false;
  for (let at = DAYS * perDay; at + DAYS * perDay <= values.length; at += perDay) {
    const shift = shiftAt(name, known, at);
    if (shift === null) continue;
    places.add(startMs + days[at / perDay]! * DAY_MS, 0);
    isSevere ||= shift.isSevere;
    first ||= `${shift.unit}, first near ${minuteText(places.fromMs)}`;
    // The windows of the next days contain the same shift.
    at += (DAYS - 1) * perDay;
  }
  const message = `the level changes ${places.count} times as a change of unit would: ${first}`;
  return places.finding('UNIT_SUSPECT', isSevere ? 'severe' : 'warning', name, message);
}

/** A wind front may quadruple what a park feeds in; nothing does that to all hours of a load, or of the sun. */
function isCertain(name: string, ratio: number): boolean {
  if (isLoad(name) || isGeneration(name)) return true;
  return quantityOf(name) !== null && isThousandfold(Math.max(ratio, 1 / ratio));
}

/** Values that look as if they were in another unit than the rest of their column. */
export function reviewUnits(name: string, series: MeterSeries): Finding[] {
  return [...thousandfoldOutliers(name, series), ...levelShifts(name, series)];
}

/**
 * What a file brings of a column against all that was known of it before: by the same intervals where it corrects some, else by
 * the mean day of each. Severe is a level that only a change of unit explains, a warning one that may be.
 * @param earlier, later of one resolution
 */
export function reviewScale(name: string, earlier: MeterSeries, later: MeterSeries): Finding[] {
  const { resolutionMs } = later;
  if (resolutionMs > HOUR_MS || !Number.isInteger(DAY_MS / resolutionMs)) return [];
  const offset = (later.startMs - earlier.startMs) / resolutionMs;
  const shared = later.values.map((_, i) => earlier.values[offset + i] ?? Number.NaN);
  const isCorrection = shared.filter((value) => value > 0).length >= DAY_MS / resolutionMs;
  const ratio = isCorrection
    ? ratioSpread(shared, later.values)
    : ratioSpread(dayProfile(earlier), dayProfile(later));
  const unit = ratio === null ? null : unitChange(ratio, resolutionMs, true);
  if (unit === null) return [];
  const places = new Places();
  places.add(later.startMs, later.values.length * resolutionMs, later.values.length);
  const isUsual = unitChange(ratio!, resolutionMs) !== null;
  const severity = isUsual && isCertain(name, ratio!.median) ? 'severe' : 'warning';
  const message = `against earlier files the level differs as another unit would: ${unit}`;
  return places.finding('UNIT_SUSPECT', severity, name, message);
}
