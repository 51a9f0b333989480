import {
  type BasicType,
  ByteWriter,
  type ColumnSource,
  ParquetWriter,
  type SchemaElement,
  schemaFromColumnData,
} from 'hyparquet-writer';
import { type Column, type ColumnKind, type Table, valueOf } from './table.ts';

const TYPES = {
  text: 'STRING',
  instant: 'TIMESTAMP',
  integer: 'INT32',
  long: 'INT64',
  decimal: 'DOUBLE',
} as const satisfies Record<ColumnKind, BasicType>;

/** Hands out what was written since it was last asked; offsets in the file go on. */
class WrittenBytes extends ByteWriter {
  take(): Uint8Array {
    const bytes = new Uint8Array(this.getBuffer());
    this.index = 0;
    return bytes;
  }
}

/** Parquet with Snappy, a row group a page; of the rows only the footer's statistics stay in memory. */
export async function* parquetOf<R>({ columns, pages }: Table<R>): AsyncGenerator<Uint8Array> {
  const written = new WrittenBytes();
  const writer = new ParquetWriter({
    writer: written,
    schema: schemaFromColumnData({ columnData: columnsOf(columns, []) }).map(inUtc),
    createdBy: 'gridcommons',
  });
  for await (const rows of pages) {
    await writer.write({ columnData: columnsOf(columns, rows), rowGroupSize: Math.max(1, rows.length) });
    yield written.take();
  }
  await writer.finish();
  yield written.take();
}

/** Without the logical type a reader takes an instant for local time. */
const inUtc = (element: SchemaElement): SchemaElement =>
  element.converted_type === 'TIMESTAMP_MILLIS'
    ? { ...element, logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } }
    : element;

const columnsOf = <R>(columns: readonly Column<R>[], rows: readonly R[]): ColumnSource[] =>
  columns.map((column) => ({
    name: column.name,
    type: TYPES[column.kind],
    nullable: column.nullable ?? false,
    data: rows.map((row) => valueOf(column, row)),
  }));
