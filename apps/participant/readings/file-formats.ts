import { DomainError } from '#core';
import { type Finding, greenButtonCsv, readGreenButton } from '#metering';
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
