import { quoted } from '#core';
import { csvError, type CsvLimits, type CsvRecord, csvRecords } from './csv-records.ts';
import { type Finding, Places } from './finding.ts';
import { mostCommon } from './most-common.ts';
import { NumberStyle } from './number-style.ts';
import type { MeterSeries } from './series.ts';
import { reviewTable } from './table-review.ts';
import { readTimestamp } from './timestamp.ts';

/** A data set of any unit: one column of times, the others numbers. */
export interface NumericTable {
  readonly columns: readonly { readonly name: string; readonly series: MeterSeries }[];
  /** Rows of the file, those of a time that another had before, and steps of the grid that no row has. */
  readonly rows: number;
  readonly repeatedRows: number;
  readonly missingSteps: number;
  /** What is doubtful; nothing of it has changed a value. */
  readonly findings: readonly Finding[];
}

/** Public data sets have hundreds of columns. */
const LIMITS: CsvLimits = {
  characters: 512 * 1024 * 1024,
  lineCharacters: 100_000,
  rows: 1_000_000,
  columns: 5_000,
  cells: 100_000_000,
};

const TIME_NAMES = new Set([
  'date',
  'time',
  'datetime',
  'timestamp',
  'utc_timestamp',
  'datetime (utc)',
  'utc time',
]);

interface Header {
  readonly names: readonly string[];
  readonly timeAt: number;
  readonly valuesAt: readonly number[];
}

/** @throws CSV_HEADER, COLUMN_UNKNOWN, COLUMN_REPEATED */
function readHeader({ fields, line }: CsvRecord, wanted: readonly string[] | undefined): Header {
  const names = fields.map((field) => field.trim());
  const timeAt = Math.max(
    0,
    names.findIndex((name) => TIME_NAMES.has(name.toLowerCase())),
  );
  if (names.length < 2)
    throw csvError('CSV_HEADER', line, 1, `expected a comma-separated header of a time and at least one column of numbers, got ${quoted(names.join(','))}`); // prettier-ignore
  const known = names.filter((_, i) => i !== timeAt);
  const unknown = wanted?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const problem = `expected one of the columns ${known.slice(0, 20).join(', ')}, got ${quoted(unknown)}`;
    throw csvError('COLUMN_UNKNOWN', line, 1, problem);
  }
  const read = new Set(wanted ?? known);
  const valuesAt = names.flatMap((name, i) => (i !== timeAt && read.has(name) ? [i] : []));
  if (wanted && valuesAt.length > read.size)
    throw csvError('COLUMN_REPEATED', line, 1, `expected ${wanted.join(', ')} once each, got one twice`);
  return { names, timeAt, valuesAt };
}

/** Rows as they come, the first of each time, and what of them is doubtful. */
class RowReader {
  readonly byInstant = new Map<number, Float64Array>();
  readonly repeated: number[] = [];
  rows = 0;
  private latest = Number.NEGATIVE_INFINITY;
  private readonly late = new Places();
  private readonly hour24 = new Places();
  private readonly same = new Places();
  private readonly conflicting = new Places();
  private readonly styles: readonly NumberStyle[];

  constructor(private readonly header: Header) {
    this.styles = header.valuesAt.map(() => new NumberStyle());
  }

  /** @throws CSV_FIELD_COUNT, CSV_TIMESTAMP, CSV_NUMBER */
  add(record: CsvRecord): void {
    const { names, timeAt, valuesAt } = this.header;
    this.rows += 1;
    if (record.fields.length !== names.length) {
      const problem = `expected ${names.length} fields, got ${record.fields.length}`;
      throw csvError('CSV_FIELD_COUNT', record.line, 1, problem);
    }
    const { instant, hour24 } = instantOf(record, timeAt);
    if (hour24) this.hour24.add(instant, 0);
    if (instant < this.latest) this.late.add(instant, 0);
    this.latest = Math.max(this.latest, instant);
    const values = Float64Array.from(valuesAt, (at) => numberAt(record, at));
    const before = this.byInstant.get(instant);
    if (before === undefined) this.byInstant.set(instant, values);
    else this.repeat(instant, before, values);
    for (const [c, at] of valuesAt.entries()) this.styles[c]!.add(record.fields[at]!.trim(), instant);
  }

  private repeat(instant: number, before: Float64Array, values: Float64Array): void {
    this.repeated.push(instant);
    const isSame = values.every((value, c) => Object.is(value, before[c]));
    (isSame ? this.same : this.conflicting).add(instant, 0);
  }

  findings(): Finding[] {
    const { late, hour24, same, conflicting, styles, header } = this;
    const ends = `hour 24 occurs ${hour24.count} times: the timestamps look like interval ends`;
    const other = `${conflicting.count} rows repeat a time with other values; the first counts`;
    return [
      ...late.finding(
        'OUT_OF_ORDER',
        'info',
        null,
        `${late.count} rows are earlier than one above them; sorted`,
      ),
      ...hour24.finding('INTERVAL_END_SUSPECT', 'warning', null, ends),
      ...same.finding('DUPLICATE', 'info', null, `${same.count} rows repeat a time with the same values`),
      ...conflicting.finding('DUPLICATE', 'warning', null, other),
      ...styles.flatMap((style, c) => style.findings(header.names[header.valuesAt[c]!]!)),
    ];
  }
}

/**
 * CSV text with a header, a column of times and columns of numbers, in any order of rows → series on one regular grid. The
 * column of times is the one called date, time, timestamp or the like, else the first. Times without an offset are taken as
 * UTC; blanks, `null` and steps without a row are missing; of rows of one time the first counts; a row off the grid is passed over
 * where it has no value.
 * @param wanted the columns that are read; the others may hold anything
 * @throws COLUMN_UNKNOWN, COLUMN_REPEATED, CSV_HEADER, CSV_EMPTY, CSV_FIELD_COUNT, CSV_TIMESTAMP, CSV_NUMBER, CSV_QUOTE, CSV_TOO_LARGE, CSV_RESOLUTION, CSV_GRID, each
 *   with data {line, column}, both from 1
 */
export function readNumericTable(text: string, wanted?: readonly string[]): NumericTable {
  const records = csvRecords(text, LIMITS);
  const first: CsvRecord | undefined = records.next().value;
  if (first === undefined) throw csvError('CSV_EMPTY', 1, 1, 'expected a header, got nothing');
  const header = readHeader(first, wanted);
  const reader = new RowReader(header);
  for (const record of records) reader.add(record);
  const { byInstant, rows, repeated } = reader;
  const sorted = [...byInstant.keys()].toSorted((a, b) => a - b);
  const isBlank = (instant: number) => byInstant.get(instant)!.every((value) => Number.isNaN(value));
  const { startMs, resolutionMs, steps, instants, offGrid } = gridOf(sorted, header.valuesAt.length, isBlank);
  const columns = header.valuesAt.map((at, c) => {
    const values = new Float64Array(steps).fill(Number.NaN);
    for (const instant of instants) values[(instant - startMs) / resolutionMs] = byInstant.get(instant)![c]!;
    return { name: header.names[at]!, series: { startMs, resolutionMs, values } };
  });
  const between = `${offGrid.count} rows without a value start between two steps; not read`;
  const findings = [
    ...reader.findings(),
    ...offGrid.finding('OFF_GRID', 'info', null, between),
    ...reviewTable({ columns, instants, repeated }),
  ];
  return { columns, rows, repeatedRows: repeated.length, missingSteps: steps - instants.length, findings };
}

function instantOf({ fields, line }: CsvRecord, column: number): { instant: number; hour24: boolean } {
  const text = fields[column]!.trim();
  const written = readTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (written === null) {
    const problem = `expected an ISO 8601 date and time, got ${JSON.stringify(text.slice(0, 40))}`;
    throw csvError('CSV_TIMESTAMP', line, column + 1, problem);
  }
  return { instant: written.localMs - (written.offsetMs ?? 0), hour24: written.hour24 };
}

function numberAt({ fields, line }: CsvRecord, column: number): number {
  const text = fields[column]!.trim();
  if (text === '' || /^(?:null|nan|na)$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw csvError('CSV_NUMBER', line, column + 1, 'expected a decimal number, or nothing');
}

/** The most frequent distance of two rows is the step; every row with a value must lie on its grid. */
function gridOf(sorted: readonly number[], columns: number, isBlank: (instant: number) => boolean) {
  const resolutionMs = mostCommon(sorted.slice(1).map((instant, i) => instant - sorted[i]!));
  if (resolutionMs === undefined)
    throw csvError('CSV_RESOLUTION', 2, 1, 'expected at least two rows, got fewer');
  const phaseOf = (instant: number) => (instant - sorted[0]!) % resolutionMs;
  const phase = mostCommon(sorted.map(phaseOf))!;
  const offGrid = new Places();
  let off = 0;
  const instants = sorted.filter((instant) => {
    if (phaseOf(instant) === phase) return true;
    if (isBlank(instant)) offGrid.add(instant, 0);
    else off += 1;
    return false;
  });
  if (off > 0) {
    const problem = `expected every row a multiple of ${resolutionMs / 60_000} min after the first, got ${off} between`;
    throw csvError('CSV_GRID', 2, 1, problem);
  }
  const startMs = instants[0]!;
  const steps = (instants.at(-1)! - startMs) / resolutionMs + 1;
  if (steps * columns > LIMITS.cells) {
    const problem = `expected at most ${LIMITS.cells} values between the first and the last row, got ${steps * columns}`;
    throw csvError('CSV_TOO_LARGE', 2, 1, problem);
  }
  return { startMs, resolutionMs, steps, instants, offGrid };
}
