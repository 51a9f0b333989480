import { HOUR_MS } from '#core';
import { type Finding, Places } from './finding.ts';
import { intensityBasisFindings } from './intensity-basis.ts';
import { intervalEndFindings } from './interval-ends.ts';
import { constantRuns } from './review.ts';
import { type MeterSeries } from './series.ts';
import { reviewUnits } from './unit-review.ts';
import { zeroTail } from './zero-filled.ts';

/** Rows of a table as they lie on its grid. */
export interface TableRows {
  readonly columns: readonly { readonly name: string; readonly series: MeterSeries }[];
  /** Times that have a row, ascending, and those that several rows have. */
  readonly instants: readonly number[];
  readonly repeated: readonly number[];
}

const SUN = /(?:^|[^a-z])(?:solar|pv|sun|photovoltai\w*)(?:[^a-z]|$)/i;

/** What a table of columns of any unit shows. Nothing of it changes a value: published figures are of the values as they are. */
export function reviewTable(table: TableRows): Finding[] {
  const { columns } = table;
  const { series } = columns[0]!;
  const named = columns.map(({ name, series: { values } }) => ({ name, values }));
  return [
    ...timeFindings(table, series),
    ...zeroTail(named, series),
    ...intensityBasisFindings(named, series),
    ...columns.flatMap((column) => [
      ...missing(column.name, column.series, table.instants.length),
      ...negativeSun(column.name, column.series),
      ...constantRuns(column.name, column.series),
      ...reviewUnits(column.name, column.series),
    ]),
  ];
}

function timeFindings({ columns, instants, repeated }: TableRows, series: MeterSeries): Finding[] {
  const ends = { instants, afterSkipped: [], firstLocalMs: instants[0]!, lastLocalMs: instants.at(-1)! };
  return [
    ...intervalEndFindings(ends, series.resolutionMs),
    ...gaps(instants, series),
    ...longSteps(instants, series.resolutionMs),
    ...clockChanges(columns, instants, repeated),
  ];
}

function gaps(instants: readonly number[], { resolutionMs, values }: MeterSeries): Finding[] {
  const places = new Places();
  for (let i = 1; i < instants.length; i += 1) {
    const from = instants[i - 1]! + resolutionMs;
    if (instants[i]! > from) places.add(from, instants[i]! - from, (instants[i]! - from) / resolutionMs);
  }
  const severity = places.count > values.length / 10 ? 'severe' : 'warning';
  return places.finding('GAP', severity, null, `${places.count} of ${values.length} steps have no row`);
}

/** From this many rows on another step is another resolution, not a gap. */
const ROWS_OF_A_RESOLUTION = 24;

function longSteps(instants: readonly number[], resolutionMs: number): Finding[] {
  const places = new Places();
  let run = 0;
  for (let i = 1; i < instants.length; i += 1) {
    const step = instants[i]! - instants[i - 1]!;
    run = step !== resolutionMs && (run === 0 || step === instants[i - 1]! - instants[i - 2]!) ? run + 1 : 0;
    if (run >= ROWS_OF_A_RESOLUTION)
      places.add(instants[i]! - run * step, run * step, run === ROWS_OF_A_RESOLUTION ? run : 1);
  }
  const message = `${places.count} rows follow each other at a longer step than the file's ${resolutionMs / 60_000} min`;
  return places.finding('RESOLUTION_MIXED', 'severe', null, message);
}

const isSundayNight = (ms: number): boolean => {
  const at = new Date(ms);
  return at.getUTCDay() === 0 && at.getUTCHours() >= 1 && at.getUTCHours() <= 3;
};
const inMonths = (ms: number, months: readonly number[]): boolean =>
  months.includes(new Date(ms).getUTCMonth());

/** Nights in which clocks change, north and south of the equator, for the time that is skipped and the one that comes twice. */
const isSpringNight = (ms: number) => isSundayNight(ms) && inMonths(ms, [2, 8, 9]);
const isAutumnNight = (ms: number) => isSundayNight(ms) && inMonths(ms, [3, 9, 10]);

/** Steps of spring nights at which every column is zero and an hour before and after some are not. */
function zeroSpringHours(columns: TableRows['columns'], instants: readonly number[]): Places {
  const { startMs, resolutionMs } = columns[0]!.series;
  const valuesOf = (ms: number) =>
    columns.map(({ series }) => series.values[(ms - startMs) / resolutionMs] ?? 0);
  const isZero = (ms: number) => valuesOf(ms).every((value) => value === 0);
  const isAlive = (ms: number) => valuesOf(ms).some((value) => value !== 0 && !Number.isNaN(value));
  const places = new Places();
  for (const instant of instants.filter(isSpringNight))
    if (isZero(instant) && isAlive(instant - HOUR_MS) && isAlive(instant + HOUR_MS))
      places.add(instant, resolutionMs);
  return places;
}

/** A table whose times carry no offset is taken as UTC; a wall clock gives itself away in the two nights of a year it changes. */
function clockChanges(
  columns: TableRows['columns'],
  instants: readonly number[],
  repeated: readonly number[],
): Finding[] {
  const { resolutionMs } = columns[0]!.series;
  if (resolutionMs > HOUR_MS) return [];
  const zero = zeroSpringHours(columns, instants);
  const clock = new Places();
  for (const [i, instant] of instants.entries()) {
    const skipped = instant + resolutionMs;
    if (instants[i + 1] === skipped + HOUR_MS && isSpringNight(skipped)) clock.add(skipped, HOUR_MS);
  }
  for (const instant of repeated) if (isAutumnNight(instant)) clock.add(instant, resolutionMs);
  const recorded = `${zero.count} steps of a Sunday night in spring are zero in every column: an hour that no wall clock shows?`;
  const wall = `${clock.count} steps are skipped or come twice on Sunday nights in spring and autumn: a wall clock, taken as UTC`;
  return [
    ...zero.finding('DST_ZERO', 'warning', null, recorded),
    ...clock.finding('ZONE_UNDECLARED', 'warning', null, wall),
  ];
}

function missing(name: string, { values, startMs, resolutionMs }: MeterSeries, rows: number): Finding[] {
  const unknown = values.filter((value) => Number.isNaN(value)).length;
  const blank = unknown - (values.length - rows);
  if (blank <= 0) return [];
  const places = new Places();
  places.add(startMs, values.length * resolutionMs, blank);
  const severity = unknown > values.length / 2 ? 'severe' : 'warning';
  return places.finding('BLANK', severity, name, `${blank} of ${rows} rows have no value`);
}

function negativeSun(name: string, { values, startMs, resolutionMs }: MeterSeries): Finding[] {
  if (!SUN.test(name)) return [];
  const places = new Places();
  for (const [i, value] of values.entries())
    if (value < 0) places.add(startMs + i * resolutionMs, resolutionMs);
  return places.finding(
    'NEGATIVE',
    'warning',
    name,
    `${places.count} values of solar generation are below zero`,
  );
}
