import { DomainError, quoted } from '#core';
import { CSV_LIMITS, csvError, csvRecords } from './csv-records.ts';

/** The columns of a file of readings. */
export interface CsvColumns {
  readonly start: string;
  readonly value: string;
  /** Read where the header has it. */
  readonly quality: string;
}

/** A row's fields; undefined of one that has more or fewer than the header. */
export type CsvReading =
  { readonly start: string; readonly value: string; readonly quality: string | undefined } | undefined;

/**
 * Readings of a CSV file as its bytes come, some hundred at a time: what is held is one piece of the file and one line, however
 * long either claims to be. Lines end in LF or CRLF; a field may be quoted, within its line.
 * @throws CSV_HEADER, CSV_QUOTE, CSV_EMPTY, CSV_TOO_LARGE (line, rows), CSV_ENCODING
 */
export async function* csvReadings(
  bytes: AsyncIterable<Uint8Array>,
  columns: CsvColumns,
): AsyncGenerator<CsvReading[]> {
  let header: Header | undefined;
  let number = 0;
  let rows = 0;
  for await (const lines of linesOf(bytes)) {
    const readings: CsvReading[] = [];
    for (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const fields = fieldsOf(line, number);
      if (header === undefined) {
        header = headerOf(fields, columns);
        continue;
      }
      rows += 1;
      readings.push(readingOf(header, fields));
    }
    if (rows > CSV_LIMITS.rows) throw tooLarge('rows', number);
    yield readings;
  }
  if (rows === 0) throw csvError('CSV_EMPTY', number + 1, 1, 'expected a header and rows, got no row');
}

interface Header {
  readonly fields: number;
  readonly start: number;
  readonly value: number;
  /** −1 where there is none. */
  readonly quality: number;
}

function headerOf(fields: readonly string[], columns: CsvColumns): Header {
  const names = fields.map((field) => field.trim());
  const [start, value] = [names.indexOf(columns.start), names.indexOf(columns.value)];
  if (start === -1 || value === -1 || new Set(names).size < names.length) {
    const declared = `${quoted(columns.start)} and ${quoted(columns.value)}`;
    throw csvError('CSV_HEADER', 1, 1, `expected a header with ${declared}, each name once, got ${quoted(names.join(','))}`); // prettier-ignore
  }
  return { fields: names.length, start, value, quality: names.indexOf(columns.quality) };
}

function readingOf(header: Header, fields: readonly string[]): CsvReading {
  if (fields.length !== header.fields) return undefined;
  return {
    start: fields[header.start]!.trim(),
    value: fields[header.value]!.trim(),
    quality: header.quality === -1 ? undefined : fields[header.quality]!.trim(),
  };
}

function fieldsOf(line: string, number: number): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const [record] = csvRecords(line);
  if (record === undefined) throw csvError('CSV_QUOTE', number, 1, 'expected fields, got none');
  return record.fields;
}

/** Whole lines of each piece. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let before = 0;
  for await (const piece of bytes) {
    const lines = (rest + decode(decoder, piece)).split(/\r?\n/);
    rest = lines.pop()!;
    // Measured before the next piece is put behind it: a line without an end does not grow.
    for (const [i, line] of [...lines, rest].entries()) {
      if (line.length > CSV_LIMITS.lineCharacters) throw tooLarge('lineCharacters', before + i + 1);
    }
    before += lines.length;
    yield lines;
  }
  rest += decode(decoder, undefined);
  if (rest !== '') yield [rest];
}

function decode(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array | undefined): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch {
    throw new DomainError('CSV_ENCODING', 'expected UTF-8, got other bytes');
  }
}

const tooLarge = (limit: 'rows' | 'lineCharacters', line: number): DomainError =>
  new DomainError(
    'CSV_TOO_LARGE',
    `line ${line}: expected at most ${CSV_LIMITS[limit]} ${limit}, got more`,
    'limit',
    {
      line,
      column: 1,
      limit: CSV_LIMITS[limit],
    },
  );
