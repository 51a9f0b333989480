import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { DomainError, isoInstant } from '#core';
import { CSV_LIMITS } from '#metering';

const OPTIONS = {
  memory_limit: '512MB',
  threads: '1',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

interface Column {
  readonly name: string;
  readonly type: string;
}

const refuse = (code: string, expected: string, kind: 'invalid' | 'limit' = 'invalid'): DomainError =>
  new DomainError(code, `expected ${expected}`, kind);

/**
 * A Parquet file's columns as CSV: `timestamp` as an instant (TIMESTAMP WITH TIME ZONE), a wall clock (TIMESTAMP) or text, the rest
 * numbers in the unit of their names.
 * @throws PARQUET_UNREADABLE, PARQUET_COLUMNS, PARQUET_TOO_LARGE
 */
export async function parquetCsv(file: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', OPTIONS);
  const connection = await instance.connect();
  try {
    const columns = await columnsOf(connection, file);
    await requireRows(connection, file);
    const selected = columns.map(({ name, type }) => `${valueOf(name, type)} AS ${quoted(name)}`).join(', ');
    const rows = await connection.runAndReadAll(`SELECT ${selected} FROM read_parquet($file)`, { file });
    const isInstant = columns.some(({ name, type }) => name === 'timestamp' && type === WITH_ZONE);
    const lines = rows
      .getRows()
      .map((row) => row.map((cell, i) => cellText(cell, columns[i]!, isInstant)).join(','));
    return `${[columns.map(({ name }) => name).join(','), ...lines].join('\n')}\n`;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const WITH_ZONE = 'TIMESTAMP WITH TIME ZONE';
const isTime = ({ name, type }: Column): boolean => name === 'timestamp' && type.startsWith('TIMESTAMP');

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function valueOf(name: string, type: string): string {
  if (isTime({ name, type })) return `epoch_ms(${quoted(name)})`;
  return name === 'timestamp' ? quoted(name) : `CAST(${quoted(name)} AS DOUBLE)`;
}

const NUMBER = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

async function columnsOf(connection: DuckDBConnection, file: string): Promise<Column[]> {
  const described = await connection
    .runAndReadAll('SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($file))', {
      file,
    })
    .catch((error: unknown) => {
      throw new DomainError(
        'PARQUET_UNREADABLE',
        `expected a Parquet file, got ${String(error).split('\n')[0]}`,
      );
    });
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  const timestamp = columns.find(({ name }) => name === 'timestamp');
  if (timestamp === undefined || !/^(?:TIMESTAMP|VARCHAR)/.test(timestamp.type)) {
    throw refuse(
      'PARQUET_COLUMNS',
      `a column timestamp of instants or text, got ${timestamp?.type ?? 'none'}`,
    );
  }
  const kept = columns.filter(({ name, type }) => name === 'timestamp' || NUMBER.test(type));
  if (kept.length > CSV_LIMITS.columns) {
    throw refuse('PARQUET_TOO_LARGE', `at most ${CSV_LIMITS.columns} columns, got ${kept.length}`, 'limit');
  }
  if (kept.some(({ name }) => /[",\r\n]/.test(name))) {
    throw refuse('PARQUET_COLUMNS', 'names of columns without commas and quotation marks, got others');
  }
  return kept.toSorted((a, b) => Number(b.name === 'timestamp') - Number(a.name === 'timestamp'));
}

async function requireRows(connection: DuckDBConnection, file: string): Promise<void> {
  const counted = await connection.runAndReadAll('SELECT count(*) FROM read_parquet($file)', { file });
  const rows = Number(counted.getRows()[0]![0]);
  if (rows <= CSV_LIMITS.rows) return;
  throw refuse('PARQUET_TOO_LARGE', `at most ${CSV_LIMITS.rows} rows, got ${rows}`, 'limit');
}

function cellText(cell: DuckDBValue, column: Column, isInstant: boolean): string {
  if (cell === null) return '';
  if (!isTime(column)) return typeof cell === 'string' ? cell : Number(cell).toString();
  const text = isoInstant(Number(cell));
  return isInstant ? text : text.replace(/Z$/, '');
}
