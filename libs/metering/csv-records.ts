import { DomainError } from '#core';

/** What a CSV file may hold before it is refused; generous for a meter file, small enough for one process. */
export const CSV_LIMITS = {
  /** UTF-16 code units of the whole text. */
  characters: 128 * 1024 * 1024,
  lineCharacters: 10_000,
  rows: 1_000_000,
  columns: 64,
  /** Intervals between the first and the last timestamp, times columns: a mistyped year must not allocate gigabytes. */
  cells: 4_000_000,
} as const;

export type CsvLimits = { readonly [K in keyof typeof CSV_LIMITS]: number };

/** One CSV record and the line, from 1, on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * A refusal that points into the file: `line` from 1 (the header is line 1), `column` the number of the field from 1.
 * The text of a cell never gets into the message: it may be a reading.
 */
export function csvError(code: string, line: number, column: number, problem: string): DomainError {
  return new DomainError(code, `line ${line}, column ${column}: ${problem}`, 'invalid', { line, column });
}

function csvLimit(limits: CsvLimits, name: keyof CsvLimits, got: number, line: number): DomainError {
  const limit = limits[name];
  return new DomainError(
    'CSV_TOO_LARGE',
    `line ${line}: expected at most ${limit} ${name}, got ${got}`,
    'limit',
    {
      line,
      column: 1,
      limit,
      got,
    },
  );
}

interface Cursor {
  readonly text: string;
  readonly limits: CsvLimits;
  at: number;
  line: number;
}

/** The quoted field at the cursor, which stands on its opening quote; leaves the cursor behind the closing one. */
function quotedField(cursor: Cursor, recordStart: number, column: number): string {
  const { text, limits } = cursor;
  const openedOn = cursor.line;
  let value = '';
  for (;;) {
    const close = text.indexOf('"', cursor.at + 1);
    if (close === -1)
      throw csvError('CSV_QUOTE', openedOn, column, 'expected a closing quote, got the end of the file');
    if (close - recordStart > limits.lineCharacters)
      throw csvLimit(limits, 'lineCharacters', close - recordStart, openedOn);
    const part = text.slice(cursor.at + 1, close);
    cursor.line += part.split('\n').length - 1;
    value += part;
    cursor.at = close + 1;
    if (text[cursor.at] !== '"') break;
    value += '"';
  }
  if (cursor.at < text.length && !',\r\n'.includes(text[cursor.at]!)) {
    throw csvError(
      'CSV_QUOTE',
      cursor.line,
      column,
      'expected a comma or a line end after the closing quote',
    );
  }
  return value;
}

/** Where the line that contains `at` ends: the index of its line feed, or the length of the text. */
function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 ? text.length : feed;
}

function plainRecord(cursor: Cursor, end: number): CsvRecord {
  const { text, at, line } = cursor;
  cursor.at = end + 1;
  cursor.line += 1;
  return { line, fields: text.slice(at, end > at && text[end - 1] === '\r' ? end - 1 : end).split(',') };
}

function plainField(cursor: Cursor, column: number): string {
  const rest = cursor.text.slice(cursor.at, lineEnd(cursor.text, cursor.at));
  const field = /^[^,\r]*/.exec(rest)![0];
  if (field.includes('"'))
    throw csvError('CSV_QUOTE', cursor.line, column, 'expected a quote only around a whole field');
  cursor.at += field.length;
  return field;
}

function recordWithQuotes(cursor: Cursor): CsvRecord {
  const { text, at: recordStart, line } = cursor;
  const fields: string[] = [];
  for (;;) {
    const column = fields.length + 1;
    fields.push(
      text[cursor.at] === '"' ? quotedField(cursor, recordStart, column) : plainField(cursor, column),
    );
    if (text[cursor.at] !== ',') break;
    cursor.at += 1;
  }
  if (text[cursor.at] === '\r') cursor.at += 1;
  if (cursor.at < text.length && text[cursor.at] !== '\n') {
    throw csvError('CSV_QUOTE', cursor.line, fields.length, 'expected a line feed after the carriage return');
  }
  cursor.at += 1;
  cursor.line += 1;
  return { line, fields };
}

function checkRecord(record: CsvRecord, rows: number, limits: CsvLimits): CsvRecord {
  // One more than the rows: the header is a record too.
  if (rows > limits.rows + 1) throw csvLimit(limits, 'rows', rows - 1, record.line);
  const columns = record.fields.length;
  if (columns > limits.columns) throw csvLimit(limits, 'columns', columns, record.line);
  return record;
}

/**
 * The records of a comma-separated text (RFC 4180: quoted fields, doubled quotes, LF or CRLF); a byte order mark and
 * blank lines are passed over.
 * @throws CSV_QUOTE, CSV_TOO_LARGE, each with line and column.
 */
export function* csvRecords(text: string, limits: CsvLimits = CSV_LIMITS): Generator<CsvRecord> {
  if (text.length > limits.characters) throw csvLimit(limits, 'characters', text.length, 1);
  const cursor: Cursor = { text, limits, at: text.startsWith('\uFEFF') ? 1 : 0, line: 1 };
  const quoteFrom = (at: number) => {
    const found = text.indexOf('"', at);
    return found === -1 ? text.length : found;
  };
  let quote = quoteFrom(0);
  for (let rows = 0; cursor.at < text.length;) {
    const end = lineEnd(text, cursor.at);
    const length = end - cursor.at;
    if (length > limits.lineCharacters) throw csvLimit(limits, 'lineCharacters', length, cursor.line);
    // Looked for again only once passed: a search from every line would read the file once per line.
    if (quote < cursor.at) quote = quoteFrom(cursor.at);
    const record = quote >= end ? plainRecord(cursor, end) : recordWithQuotes(cursor);
    if (record.fields.length === 1 && record.fields[0]!.trim() === '') continue;
    rows += 1;
    yield checkRecord(record, rows, limits);
  }
}
