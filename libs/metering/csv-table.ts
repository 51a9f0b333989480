import { HOUR_MS, quoted, requireZone, zoneOffsetMs } from '#core';
import { type CsvRecord, csvError, csvRecords } from './csv-records.ts';
import { type Finding, Places } from './finding.ts';
import { NumberStyle } from './number-style.ts';
import { quantityOf } from './quantity.ts';
import { instantsOfWallClock, offsetName, readTimestamp } from './timestamp.ts';

/** A CSV file's rows as written: one instant and one number (NaN = blank) per column and row, in file order. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly ignoredColumns: readonly string[];
  readonly instants: readonly number[];
  /** cells[column][row], each in the unit its column's name ends in. */
  readonly cells: readonly (readonly number[])[];
  /** The declared zone; without one the only offset that occurs; null where several do. */
  readonly zone: string | null;
  /** Whether some rows are wall-clock times that the declared zone gave their instant. */
  readonly wallClock: boolean;
  /** Of rows at wall-clock times that spring skips: where the hour after the skipped one begins. */
  readonly afterSkipped: readonly number[];
  /** Earliest and latest wall clock as written, read as if it were UTC, ms. */
  readonly firstLocalMs: number;
  readonly lastLocalMs: number;
  /** Data rows of the file, those that could not be placed in time included. */
  readonly rows: number;
  readonly findings: readonly Finding[];
}

interface Header {
  readonly timestampAt: number;
  readonly valuesAt: readonly number[];
  readonly names: readonly string[];
}

interface Reading {
  readonly zone: string | undefined;
  readonly instants: number[];
  readonly cells: number[][];
  readonly styles: readonly NumberStyle[];
  readonly offsets: Set<number>;
  /** How often each wall clock of a repeated hour has come up. */
  readonly repeats: Map<number, number>;
  readonly skippedZero: Places;
  readonly skippedOther: Places;
  readonly hour24: Places;
  readonly afterSkipped: number[];
  /** Length of the intervals whose ends the file's timestamps are; 0 where they are starts. */
  readonly endsMs: number;
  readonly written: Places;
  wallClockRows: number;
  rows: number;
}

function readHeader(record: CsvRecord): Header {
  const names = record.fields.map((field) => field.trim());
  const duplicate = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (duplicate !== -1) {
    throw csvError(
      'CSV_HEADER',
      record.line,
      duplicate + 1,
      `expected every column name once, got ${quoted(names[duplicate])} twice`,
    );
  }
  const timestampAt = names.indexOf('timestamp');
  const valuesAt = names.flatMap((name, i) => (quantityOf(name) === null ? [] : [i]));
  if (timestampAt === -1 || valuesAt.length === 0) {
    throw csvError(
      'CSV_HEADER',
      record.line,
      timestampAt === -1 ? 1 : names.length,
      `expected a comma-separated header with timestamp and at least one column whose name ends in a unit (load_kwh, price_eur_per_mwh, temperature_c), got ${quoted(names.join(','))}`,
    );
  }
  return { timestampAt, valuesAt, names };
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** NaN for a blank cell and for the word null, which databases export for one. */
function readNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || /^null$/i.test(trimmed)) return Number.NaN;
  const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.POSITIVE_INFINITY;
  return Number.isFinite(value) ? value : undefined;
}

function readCells(header: Header, record: CsvRecord): number[] {
  return header.valuesAt.map((at) => {
    const value = readNumber(record.fields[at]!);
    if (value !== undefined) return value;
    const name = header.names[at]!;
    throw csvError('CSV_NUMBER', record.line, at + 1, `expected a decimal number in ${name}, or nothing`);
  });
}

/** The instant of a wall clock: of two, the first time it comes up the earlier; none (NaN) in the skipped hour. */
function placeWallClock(reading: Reading, localMs: number, zone: string): number {
  reading.wallClockRows += 1;
  const instants = instantsOfWallClock(zone, localMs);
  if (instants.length < 2) return instants[0] ?? Number.NaN;
  const seen = reading.repeats.get(localMs) ?? 0;
  reading.repeats.set(localMs, seen + 1);
  return instants[Math.min(seen, 1)]!;
}

function place(reading: Reading, header: Header, record: CsvRecord): { instant: number; localMs: number } {
  const column = header.timestampAt + 1;
  const text = record.fields[header.timestampAt]!.trim();
  const written = readTimestamp(text);
  if (written === null) {
    const problem = `expected an ISO 8601 date and time, got ${JSON.stringify(text.slice(0, 40))}`;
    throw csvError('CSV_TIMESTAMP', record.line, column, problem);
  }
  const { offsetMs } = written;
  const localMs = written.localMs - reading.endsMs;
  reading.written.add(written.localMs, 0);
  if (written.hour24 && reading.endsMs === 0) reading.hour24.add(localMs - (offsetMs ?? 0), 0);
  if (offsetMs !== null) {
    reading.offsets.add(offsetMs);
    return { instant: localMs - offsetMs, localMs };
  }
  if (reading.zone === undefined) {
    const problem = 'got a local time without an offset: declare the zone it is in (--zone Europe/Berlin)';
    throw csvError('CSV_ZONE_REQUIRED', record.line, column, problem);
  }
  return { instant: placeWallClock(reading, localMs, reading.zone), localMs };
}

function readRow(reading: Reading, header: Header, record: CsvRecord): void {
  const expected = header.names.length;
  const got = record.fields.length;
  if (got !== expected) {
    const problem = `expected ${expected} fields as in the header, got ${got}`;
    throw csvError('CSV_FIELD_COUNT', record.line, Math.min(got, expected) + 1, problem);
  }
  const { instant, localMs } = place(reading, header, record);
  const values = readCells(header, record);
  reading.rows += 1;
  if (Number.isNaN(instant)) {
    const zero = values.every((value) => Number.isNaN(value) || value === 0);
    const jumpMs = localMs - zoneOffsetMs(reading.zone!, localMs + 86_400_000);
    (zero ? reading.skippedZero : reading.skippedOther).add(jumpMs, 0);
    if (!zero) reading.afterSkipped.push(jumpMs + HOUR_MS);
    return;
  }
  reading.instants.push(instant);
  for (const [column, value] of values.entries()) {
    reading.cells[column]!.push(value);
    reading.styles[column]!.add(record.fields[header.valuesAt[column]!]!.trim(), instant);
  }
}

function zoneOf(reading: Reading): string | null {
  if (reading.zone !== undefined) return reading.zone;
  const [offset] = reading.offsets;
  return reading.offsets.size === 1 && offset !== undefined ? offsetName(offset) : null;
}

function tableFindings(reading: Reading, header: Header, zone: string | null): Finding[] {
  const whole = new Places();
  for (const instant of [reading.instants[0], reading.instants.at(-1)]) {
    if (instant !== undefined && zone === null) whole.add(instant, 0);
  }
  const otherEnergy = header.names.filter((name) => /(?<!_per)_(?:[mg]?wh|[kmg]?j)$/i.test(name));
  const otherEnergyPlace = new Places();
  for (const instant of reading.instants.slice(0, otherEnergy.length === 0 ? 0 : 1))
    otherEnergyPlace.add(instant, 0, otherEnergy.length);
  const skipped = 'at wall-clock times that spring skips; not read';
  return [
    ...reading.skippedZero.finding(
      'DST_ZERO',
      'info',
      null,
      `${reading.skippedZero.count} zero rows ${skipped}`,
    ),
    ...reading.skippedOther.finding(
      'DST_NONEXISTENT',
      'warning',
      null,
      `${reading.skippedOther.count} rows ${skipped}`,
    ),
    ...reading.hour24.finding(
      'INTERVAL_END_SUSPECT',
      'warning',
      null,
      `hour 24 occurs ${reading.hour24.count} times: timestamps are read as interval starts, these look like ends`,
    ),
    ...whole.finding(
      'ZONE_UNDECLARED',
      'warning',
      null,
      `${reading.offsets.size} UTC offsets occur and no zone is declared: local days are unknown`,
    ),
    ...reading.styles.flatMap((style, column) => style.findings(header.names[header.valuesAt[column]!]!)),
    ...otherEnergyPlace.finding(
      'UNIT_SUSPECT',
      'info',
      null,
      `columns of energy in another unit than kWh are not read: ${otherEnergy.join(', ')}`,
    ),
  ];
}

/**
 * Reads the whole text or nothing. Timestamps are interval starts; with `endsMs` the ends of intervals that long. `zone` (IANA name or fixed offset) is needed where timestamps carry no offset.
 * @throws CSV_HEADER, CSV_EMPTY, CSV_FIELD_COUNT, CSV_TIMESTAMP, CSV_ZONE_REQUIRED, CSV_NUMBER, CSV_QUOTE,
 * CSV_TOO_LARGE, each with {line, column}; ZONE_UNKNOWN.
 */
export function readCsvTable(text: string, zone: string | undefined, endsMs = 0): CsvTable {
  if (zone !== undefined) requireZone(zone);
  const records = csvRecords(text);
  const first = records.next();
  if (first.done === true) throw csvError('CSV_EMPTY', 1, 1, 'expected a header and rows, got an empty file');
  const header = readHeader(first.value);
  const reading: Reading = {
    zone,
    instants: [],
    cells: header.valuesAt.map(() => []),
    styles: header.valuesAt.map(() => new NumberStyle()),
    offsets: new Set(),
    repeats: new Map(),
    skippedZero: new Places(),
    skippedOther: new Places(),
    hour24: new Places(),
    afterSkipped: [],
    endsMs,
    written: new Places(),
    wallClockRows: 0,
    rows: 0,
  };
  for (const record of records) readRow(reading, header, record);
  if (reading.instants.length === 0) {
    throw csvError('CSV_EMPTY', first.value.line + 1, 1, 'expected at least one row of readings, got none');
  }
  const fileZone = zoneOf(reading);
  return {
    columns: header.valuesAt.map((at) => header.names[at]!),
    ignoredColumns: header.names.filter(
      (_, at) => at !== header.timestampAt && !header.valuesAt.includes(at),
    ),
    instants: reading.instants,
    cells: reading.cells,
    zone: fileZone,
    wallClock: reading.wallClockRows > 0,
    afterSkipped: reading.afterSkipped,
    firstLocalMs: reading.written.fromMs,
    lastLocalMs: reading.written.toMs,
    rows: reading.rows,
    findings: tableFindings(reading, header, fileZone),
  };
}
