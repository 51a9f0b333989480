import { DomainError } from '#core';
import { csvError, type Finding, greenButtonCsv, measureOf, readGreenButton } from '#metering';
import { parquetCsv } from './parquet-file.ts';
import { textOf } from './reading-file.ts';

export const FILE_FORMATS = ['csv', 'green-button', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A file of any format as the CSV that it says the same as, with what was doubtful in it as it was. */
export interface AsCsv {
  readonly csv: string;
  readonly findings: readonly Finding[];
}

/** By how a file begins: Parquet's magic number, XML's first bracket, else CSV. */
export function formatOf(bytes: Uint8Array): FileFormat {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('utf8');
  if (start.startsWith('PAR1')) return 'parquet';
  return /^\uFEFF?\s*</.test(start) ? 'green-button' : 'csv';
}

/** @throws FORMAT_UNKNOWN */
export function requireFormat(name: string): FileFormat {
  const format = FILE_FORMATS.find((each) => each === name);
  if (format !== undefined) return format;
  throw new DomainError('FORMAT_UNKNOWN', `expected format ${FILE_FORMATS.join(', ')}, got ${name}`);
}

/** @throws COLUMN_NAME_INVALID unless it is a name that ends in a unit, as load_kwh */
export function requireColumn(name: string): string {
  if (/^[a-z][a-z0-9_]{0,63}$/.test(name) && measureOf(name) !== name) return name;
  throw new DomainError(
    'COLUMN_NAME_INVALID',
    `expected a name that ends in a unit, as load_kwh or price_eur_per_mwh, got ${JSON.stringify(name.slice(0, 80))}`,
  );
}

/**
 * A CSV of times and one column of values under names that can be read; what its header says is not looked at.
 * @throws CSV_HEADER, where there are other columns too
 */
export function withColumn(csv: string, column: string): string {
  const end = csv.search(/\r?\n/);
  const header = end === -1 ? csv : csv.slice(0, end);
  const names = header.split(',').length;
  if (names === 2) return `timestamp,${column}${csv.slice(header.length)}`;
  throw csvError(
    'CSV_HEADER',
    1,
    names,
    `expected a time and one column of values to call ${column}, got ${names} columns`,
  );
}

/** @throws CSV_ENCODING; as readGreenButton and greenButtonCsv; as parquetCsv */
export async function asCsv(format: FileFormat, bytes: Uint8Array, file: string): Promise<AsCsv> {
  if (format === 'csv') return { csv: textOf(bytes), findings: [] };
  if (format === 'parquet') return { csv: await parquetCsv(file), findings: [] };
  const document = readGreenButton(textOf(bytes));
  const { csv, columns } = greenButtonCsv(document);
  const findings = document.findings.flatMap((finding) => {
    const column = columns.get(finding.column ?? '');
    return column === undefined ? [] : [{ ...finding, column }];
  });
  return { csv, findings };
}
