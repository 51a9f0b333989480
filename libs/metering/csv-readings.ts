import { type Interval, instantsOfLocal, zoneOffsetMs } from '#core';
import { CSV_LIMITS, csvError } from './csv-records.ts';
import { readCsvTable } from './csv-table.ts';
import { type Finding, Places, minuteText } from './finding.ts';
import { intervalEndFindings } from './interval-ends.ts';
import { mostCommon } from './most-common.ts';
import { orderedRows, type Rows, rowFindings } from './ordered-rows.ts';
import { powerAgainstEnergy } from './power-against-energy.ts';
import { reviewColumn } from './review.ts';
import { withoutZeroFilledWeather } from './zero-filled.ts';

/** Resolutions that divide an hour and are long enough to be billing intervals. */
const RESOLUTIONS_MS = [15, 20, 30, 60].map((minutes) => minutes * 60_000);

/** From this many rows on the most common step is evidence of the resolution; below it a correction of some hours. */
const ROWS_THAT_SHOW_A_RESOLUTION = 24;

/** One quantity of a file on the file's grid: value i covers [startMs + i·resolutionMs, …), in the unit of its name; NaN = missing. */
export interface ReadingColumn {
  /** As in the header, unit included: `load_kwh`. */
  readonly name: string;
  readonly values: Float64Array;
}

/** A file of meter readings on one regular grid of UTC, with what was noticed in it. */
export interface MeterReadings {
  readonly startMs: number;
  readonly resolutionMs: number;
  readonly columns: readonly ReadingColumn[];
  readonly ignoredColumns: readonly string[];
  /** Zone of its local days: declared, or the one offset the file uses; null when it uses several. */
  readonly zone: string | null;
  readonly rows: number;
  readonly findings: readonly Finding[];
}

export interface CsvOptions {
  /** IANA name or fixed offset of timestamps that carry none, and of the site's local days. */
  readonly zone?: string;
  /** Timestamps are the ends of their intervals, not the starts. */
  readonly intervalEnds?: boolean;
  /**
   * What earlier files of this site have of these columns: lets a short file of corrections be read, refuses another resolution.
   */
  readonly resolutionOf?: (columns: readonly string[]) => number | undefined;
}

const minutes = (ms: number) => `${ms / 60_000} min`;

function requireResolution(instants: readonly number[], declaredMs: number | undefined): number {
  const step = mostCommon(instants.slice(1).map((instant, i) => instant - instants[i]!));
  const isShort = instants.length < ROWS_THAT_SHOW_A_RESOLUTION;
  if (declaredMs !== undefined && (step === declaredMs || isShort)) return declaredMs;
  if (step === undefined) {
    throw csvError(
      'CSV_RESOLUTION',
      2,
      1,
      'expected at least two intervals to tell the resolution from, got one',
    );
  }
  if (declaredMs !== undefined) {
    const problem = `expected readings every ${minutes(declaredMs)} as before, got most of them every ${minutes(step)}`;
    throw csvError('CSV_RESOLUTION', 2, 1, problem);
  }
  if (!RESOLUTIONS_MS.includes(step)) {
    const problem = `expected readings every 15, 20, 30 or 60 min, got most of them every ${minutes(step)}`;
    throw csvError('CSV_RESOLUTION', 2, 1, problem);
  }
  return step;
}

interface Grid {
  readonly startMs: number;
  readonly resolutionMs: number;
  readonly intervals: number;
  readonly isOn: (instant: number) => boolean;
}

function gridOf(rows: Rows, resolutionMs: number): Grid {
  const phase = mostCommon(rows.instants.map((instant) => instant % resolutionMs));
  if (phase !== 0) {
    const problem = `expected intervals that start on multiples of ${minutes(resolutionMs)} of UTC, got most between them`;
    throw csvError('CSV_GRID', 2, 1, problem);
  }
  const isOn = (instant: number) => instant % resolutionMs === 0;
  const startMs = rows.instants.find(isOn)!;
  const intervals = (rows.instants.findLast(isOn)! - startMs) / resolutionMs + 1;
  const cells = intervals * rows.cells.length;
  if (cells > CSV_LIMITS.cells) {
    const last = new Date(rows.instants.at(-1)!).getUTCFullYear();
    const problem = `expected at most ${CSV_LIMITS.cells} cells from ${minuteText(startMs)} on, got ${cells}: year ${last}?`;
    throw csvError('CSV_TOO_LARGE', 2, 1, problem);
  }
  return { startMs, resolutionMs, intervals, isOn };
}

interface Placed {
  readonly values: readonly Float64Array[];
  /** 1 where a row exists. */
  readonly hasRow: Uint8Array;
  readonly offGrid: Places;
}

function placeOn(grid: Grid, rows: Rows): Placed {
  const values = rows.cells.map(() => new Float64Array(grid.intervals).fill(Number.NaN));
  const hasRow = new Uint8Array(grid.intervals);
  const offGrid = new Places();
  for (const [row, instant] of rows.instants.entries()) {
    if (!grid.isOn(instant)) {
      offGrid.add(instant, 0);
      continue;
    }
    const at = (instant - grid.startMs) / grid.resolutionMs;
    hasRow[at] = 1;
    for (const [c, column] of values.entries()) column[at] = rows.cells[c]![row]!;
  }
  return { values, hasRow, offGrid };
}

/** Whether an instant is the later of two that a wall clock shows alike. */
function isRepeatedHour(zone: string, instant: number): boolean {
  const local = new Date(instant + zoneOffsetMs(zone, instant)).toISOString().slice(0, 19);
  return instantsOfLocal(zone, local)[1] === instant;
}

function gapFindings(grid: Grid, hasRow: Uint8Array, wallClockZone: string | null): Finding[] {
  const gap = new Places();
  const autumn = new Places();
  let longest: Interval = { startMs: 0, endMs: 0 };
  let openedMs = Number.NaN;
  for (const [i, has] of hasRow.entries()) {
    const instant = grid.startMs + i * grid.resolutionMs;
    if (has === 1) {
      openedMs = Number.NaN;
    } else if (wallClockZone !== null && isRepeatedHour(wallClockZone, instant)) {
      autumn.add(instant, grid.resolutionMs);
    } else {
      gap.add(instant, grid.resolutionMs);
      if (Number.isNaN(openedMs)) openedMs = instant;
      const endMs = instant + grid.resolutionMs;
      if (endMs - openedMs > longest.endMs - longest.startMs) longest = { startMs: openedMs, endMs };
    }
  }
  const span = `longest from ${minuteText(longest.startMs)} to ${minuteText(longest.endMs)}`;
  const severity = gap.count > grid.intervals / 10 ? 'severe' : 'warning';
  const repeated = `${autumn.count} intervals of the repeated autumn hour have no row of their own`;
  return [
    ...gap.finding('GAP', severity, null, `${gap.count} of ${grid.intervals} intervals have no row; ${span}`),
    ...autumn.finding('DST_HOUR_MISSING', 'info', null, repeated),
  ];
}

function mixedResolution(rows: Rows, resolutionMs: number): Finding[] {
  const mixed = new Places();
  let run = 1;
  for (let i = 2; i < rows.instants.length; i += 1) {
    const step = rows.instants[i]! - rows.instants[i - 1]!;
    run = step === rows.instants[i - 1]! - rows.instants[i - 2]! ? run + 1 : 1;
    const isOther = step !== resolutionMs && run >= ROWS_THAT_SHOW_A_RESOLUTION;
    if (isOther)
      mixed.add(
        rows.instants[i]! - (run - 1) * step,
        run * step,
        run === ROWS_THAT_SHOW_A_RESOLUTION ? run : 1,
      );
  }
  const message = `${mixed.count} rows follow each other at another step than the file's ${minutes(resolutionMs)}`;
  return mixed.finding('RESOLUTION_MIXED', 'severe', null, message);
}

/** @throws CSV_RESOLUTION */
function tableOf(text: string, options: CsvOptions) {
  const asStarts = readCsvTable(text, options.zone);
  const ordered = orderedRows(asStarts);
  const resolutionMs = requireResolution(ordered.rows.instants, options.resolutionOf?.(asStarts.columns));
  if (options.intervalEnds !== true) return { table: asStarts, resolutionMs, ordered };
  const table = readCsvTable(text, options.zone, resolutionMs);
  return { table, resolutionMs, ordered: orderedRows(table) };
}

/**
 * CSV text → readings on a regular grid. Header `timestamp,<name>_<unit>,…` with the units of `quantityOf`; timestamp is the
 * start of an interval, ISO 8601 with an offset, or a wall clock in `options.zone`. Of autumn's two equal hours the first in
 * the file is the earlier. Doubts become findings; what cannot be read is refused whole.
 *
 * Values beyond what their quantity can be are missing, but generation and irradiance down to −5 % of their maximum, an
 * inverter's own consumption or a sensor at night, count as zero.
 *
 * @throws CSV_HEADER, CSV_EMPTY, CSV_FIELD_COUNT, CSV_TIMESTAMP, CSV_ZONE_REQUIRED, CSV_NUMBER, CSV_QUOTE, CSV_TOO_LARGE,
 * CSV_RESOLUTION, CSV_GRID, each with data {line, column}, both from 1; ZONE_UNKNOWN.
 */
export function readingsFromCsv(text: string, options: CsvOptions = {}): MeterReadings {
  const { table, resolutionMs, ordered } = tableOf(text, options);
  const { rows } = ordered;
  const grid = gridOf(rows, resolutionMs);
  const { values, hasRow, offGrid } = placeOn(grid, rows);
  const { columns, findings: filled } = withoutZeroFilledWeather(
    table.columns.map((name, c) => ({ name, values: values[c]! })),
    grid,
  );
  const reviewed = columns.map(({ name, values: written }) =>
    reviewColumn(name, { startMs: grid.startMs, resolutionMs, values: written }, hasRow),
  );
  const kept = reviewed.map((column, c) => ({ name: table.columns[c]!, values: column.values }));
  const ends = options.intervalEnds === true ? [] : intervalEndFindings({ ...table, ...rows }, resolutionMs);
  return {
    startMs: grid.startMs,
    resolutionMs,
    columns: kept,
    ignoredColumns: table.ignoredColumns,
    zone: table.zone,
    rows: table.rows,
    findings: [
      ...table.findings,
      ...ends,
      ...rowFindings(ordered, offGrid),
      ...mixedResolution(rows, resolutionMs),
      ...gapFindings(grid, hasRow, table.wallClock ? table.zone : null),
      ...filled,
      ...reviewed.flatMap(({ findings }) => findings),
      ...powerAgainstEnergy(kept, grid),
    ],
  };
}
