import { type Interval, instantsOfLocal, zoneOffsetMs } from '#core';
import { CSV_LIMITS, csvError } from './csv-records.ts';
import { type CsvTable, readCsvTable } from './csv-table.ts';
import { type Finding, Places, minuteText } from './finding.ts';
import { reviewColumn } from './review.ts';
import { mostCommon } from './most-common.ts';

/** Resolutions that divide an hour and are long enough to be billing intervals. */
const RESOLUTIONS_MS = [15, 20, 30, 60].map((minutes) => minutes * 60_000);

/** From this many rows on the most common step is evidence of the resolution; below it a correction of some hours. */
const ROWS_THAT_SHOW_A_RESOLUTION = 24;

/** One quantity of a file on the file's grid: value i covers [startMs + i·resolutionMs, …). kWh, NaN = missing. */
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
  /** What earlier files of this site have: lets a short file of corrections be read, refuses another resolution. */
  readonly resolutionMs?: number;
}

interface Rows {
  readonly instants: readonly number[];
  readonly cells: readonly (readonly number[])[];
}

function inOrder(table: CsvTable): { rows: Rows; late: Places } {
  const late = new Places();
  let latest = Number.NEGATIVE_INFINITY;
  for (const instant of table.instants) {
    if (instant < latest) late.add(instant, 0);
    latest = Math.max(latest, instant);
  }
  if (late.count === 0) return { rows: table, late };
  // Stable, so that of equal instants the last row of the file stays last.
  const order = table.instants.map((_, i) => i).toSorted((a, b) => table.instants[a]! - table.instants[b]!);
  const sorted = (list: readonly number[]) => order.map((i) => list[i]!);
  return { rows: { instants: sorted(table.instants), cells: table.cells.map(sorted) }, late };
}

/** Of several rows for one instant the last wins, cell by cell; a blank says nothing and does not erase. */
function withoutDuplicates(rows: Rows): { rows: Rows; same: Places; conflicting: Places } {
  const same = new Places();
  const conflicting = new Places();
  const instants: number[] = [];
  const cells: number[][] = rows.cells.map(() => []);
  for (const [row, instant] of rows.instants.entries()) {
    if (instant !== instants.at(-1)) {
      instants.push(instant);
      for (const [c, column] of cells.entries()) column.push(rows.cells[c]![row]!);
      continue;
    }
    const at = instants.length - 1;
    let conflict = false;
    for (const [c, column] of cells.entries()) {
      const value = rows.cells[c]![row]!;
      if (Number.isNaN(value)) continue;
      conflict ||= !Number.isNaN(column[at]!) && column[at] !== value;
      column[at] = value;
    }
    (conflict ? conflicting : same).add(instant, 0);
  }
  return { rows: { instants, cells }, same, conflicting };
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

function rowFindings(late: Places, same: Places, conflicting: Places, offGrid: Places): Finding[] {
  return [
    ...late.finding(
      'OUT_OF_ORDER',
      'info',
      null,
      `${late.count} rows are earlier than a row above them; sorted`,
    ),
    ...same.finding('DUPLICATE', 'info', null, `${same.count} rows repeat an interval with the same values`),
    ...conflicting.finding(
      'DUPLICATE',
      'warning',
      null,
      `${conflicting.count} rows repeat an interval with other values; the last row of the file counts`,
    ),
    ...offGrid.finding(
      'OFF_GRID',
      'warning',
      null,
      `${offGrid.count} rows start between two intervals; not read`,
    ),
  ];
}

/**
 * CSV text → readings on a regular grid. Header `timestamp,<column>_kwh,…`; timestamp is the start of an interval, ISO
 * 8601 with an offset, or a wall clock in `options.zone`. Of autumn's two equal hours the first in the file is the
 * earlier. Doubts become findings; what cannot be read is refused whole.
 *
 * Load and generation below zero: generation down to −5 % of its maximum is an inverter's own consumption and counts
 * as zero; any other negative value has an unknown true value and is missing.
 *
 * @throws CSV_HEADER, CSV_EMPTY, CSV_FIELD_COUNT, CSV_TIMESTAMP, CSV_ZONE_REQUIRED, CSV_NUMBER, CSV_QUOTE, CSV_TOO_LARGE,
 * CSV_RESOLUTION, CSV_GRID, each with data {line, column}, both from 1; ZONE_UNKNOWN.
 */
export function readingsFromCsv(text: string, options: CsvOptions = {}): MeterReadings {
  const table = readCsvTable(text, options.zone);
  const { rows: sorted, late } = inOrder(table);
  const { rows, same, conflicting } = withoutDuplicates(sorted);
  const resolutionMs = requireResolution(rows.instants, options.resolutionMs);
  const grid = gridOf(rows, resolutionMs);
  const { values, hasRow, offGrid } = placeOn(grid, rows);
  const reviewed = table.columns.map((name, c) =>
    reviewColumn(name, { startMs: grid.startMs, resolutionMs, values: values[c]! }, hasRow),
  );
  return {
    startMs: grid.startMs,
    resolutionMs,
    columns: reviewed.map(({ values: kept }, c) => ({ name: table.columns[c]!, values: kept })),
    ignoredColumns: table.ignoredColumns,
    zone: table.zone,
    rows: table.rows,
    findings: [
      ...table.findings,
      ...rowFindings(late, same, conflicting, offGrid),
      ...mixedResolution(rows, resolutionMs),
      ...gapFindings(grid, hasRow, table.wallClock ? table.zone : null),
      ...reviewed.flatMap(({ findings }) => findings),
    ],
  };
}
