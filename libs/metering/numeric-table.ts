import { csvError, type CsvLimits, type CsvRecord, csvRecords } from './csv-records.ts';
import { mostCommon } from './most-common.ts';
import type { MeterSeries } from './series.ts';
import { readTimestamp } from './timestamp.ts';

/** A data set of any unit: one column of times, the others numbers. */
export interface NumericTable {
  readonly columns: readonly { readonly name: string; readonly series: MeterSeries }[];
  /** Rows of the file, those of a time that another had before, and steps of the grid that no row has. */
  readonly rows: number;
  readonly repeatedRows: number;
  readonly missingSteps: number;
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

/**
 * CSV text with a header, a column of times and columns of numbers, in any order of rows → series on one regular grid. The
 * column of times is the one called date, time, timestamp or the like, else the first. Times without an offset are taken as
 * UTC; blanks, `null` and steps without a row are missing; of rows of one time the first counts.
 * @param wanted the one column that is read; the others may hold anything
 * @throws COLUMN_UNKNOWN, CSV_HEADER, CSV_EMPTY, CSV_FIELD_COUNT, CSV_TIMESTAMP, CSV_NUMBER, CSV_QUOTE, CSV_TOO_LARGE, CSV_RESOLUTION, CSV_GRID, each
 *   with data {line, column}, both from 1
 */
export function readNumericTable(text: string, wanted?: string): NumericTable {
  const records = csvRecords(text, LIMITS);
  const header: CsvRecord | undefined = records.next().value;
  if (header === undefined) throw csvError('CSV_EMPTY', 1, 1, 'expected a header, got nothing');
  const names = header.fields.map((field) => field.trim());
  const timeAt = Math.max(
    0,
    names.findIndex((name) => TIME_NAMES.has(name.toLowerCase())),
  );
  if (names.length < 2)
    throw csvError('CSV_HEADER', header.line, 1, 'expected a time and at least one column of numbers');
  const valuesAt = names.flatMap((name, i) => (i === timeAt || name !== (wanted ?? name) ? [] : [i]));
  if (valuesAt.length === 0) {
    const known = names
      .filter((_, i) => i !== timeAt)
      .slice(0, 20)
      .join(', ');
    throw csvError('COLUMN_UNKNOWN', header.line, 1, `expected one of the columns ${known}, got ${wanted}`);
  }
  const byInstant = new Map<number, Float64Array>();
  let rows = 0;
  for (const record of records) {
    rows += 1;
    if (record.fields.length !== names.length) {
      const problem = `expected ${names.length} fields, got ${record.fields.length}`;
      throw csvError('CSV_FIELD_COUNT', record.line, 1, problem);
    }
    const instant = instantOf(record, timeAt);
    if (!byInstant.has(instant))
      byInstant.set(
        instant,
        Float64Array.from(valuesAt, (at) => numberAt(record, at)),
      );
  }
  const instants = [...byInstant.keys()].toSorted((a, b) => a - b);
  const { startMs, resolutionMs, steps } = gridOf(instants, valuesAt.length);
  const columns = valuesAt.map((at, c) => {
    const values = new Float64Array(steps).fill(Number.NaN);
    for (const instant of instants) values[(instant - startMs) / resolutionMs] = byInstant.get(instant)![c]!;
    return { name: names[at]!, series: { startMs, resolutionMs, values } };
  });
  return { columns, rows, repeatedRows: rows - instants.length, missingSteps: steps - instants.length };
}

function instantOf({ fields, line }: CsvRecord, column: number): number {
  const text = fields[column]!.trim();
  const written = readTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (written === null) {
    const problem = `expected an ISO 8601 date and time, got ${JSON.stringify(text.slice(0, 40))}`;
    throw csvError('CSV_TIMESTAMP', line, column + 1, problem);
  }
  return written.localMs - (written.offsetMs ?? 0);
}

function numberAt({ fields, line }: CsvRecord, column: number): number {
  const text = fields[column]!.trim();
  if (text === '' || /^(?:null|nan|na)$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw csvError('CSV_NUMBER', line, column + 1, 'expected a decimal number, or nothing');
}

/** The most frequent distance of two rows is the step; every row must lie on its grid. */
function gridOf(instants: readonly number[], columns: number) {
  const resolutionMs = mostCommon(instants.slice(1).map((instant, i) => instant - instants[i]!));
  if (resolutionMs === undefined)
    throw csvError('CSV_RESOLUTION', 2, 1, 'expected at least two rows, got fewer');
  const startMs = instants[0]!;
  const off = instants.filter((instant) => (instant - startMs) % resolutionMs !== 0).length;
  if (off > 0) {
    const problem = `expected every row a multiple of ${resolutionMs / 60_000} min after the first, got ${off} between`;
    throw csvError('CSV_GRID', 2, 1, problem);
  }
  const steps = (instants.at(-1)! - startMs) / resolutionMs + 1;
  if (steps * columns > LIMITS.cells) {
    const problem = `expected at most ${LIMITS.cells} values between the first and the last row, got ${steps * columns}`;
    throw csvError('CSV_TOO_LARGE', 2, 1, problem);
  }
  return { startMs, resolutionMs, steps };
}
