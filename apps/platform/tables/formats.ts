import { arrowOf } from './arrow.ts';
import { parquetOf } from './parquet.ts';
import { csvOf, type Table } from './table.ts';

export interface TableFormat {
  /** Ends the names of its files. */
  readonly name: string;
  readonly contentType: string;
  readonly encode: <R>(table: Table<R>) => AsyncIterable<Uint8Array>;
}

const FORMATS: readonly TableFormat[] = [
  { name: 'csv', contentType: 'text/csv; charset=utf-8', encode: csvOf },
  { name: 'arrow', contentType: 'application/vnd.apache.arrow.stream', encode: arrowOf },
  { name: 'parquet', contentType: 'application/vnd.apache.parquet', encode: parquetOf },
];

export const TABLE_FORMATS: ReadonlyMap<string, TableFormat> = new Map(
  FORMATS.map((format) => [format.name, format]),
);
