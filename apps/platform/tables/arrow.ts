import {
  AsyncByteQueue,
  type DataType,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { type Column, type ColumnKind, type Table, valueOf } from './table.ts';

const TYPES = {
  text: () => new Utf8(),
  instant: () => new TimestampMillisecond('UTC'),
  integer: () => new Int32(),
  long: () => new Int64(),
  decimal: () => new Float64(),
} as const satisfies Record<ColumnKind, () => DataType>;

const schemaOf = <R>(columns: readonly Column<R>[]): Schema =>
  new Schema(columns.map(({ name, kind, nullable = false }) => new Field(name, TYPES[kind](), nullable)));

/** What the writer has said since it was last asked: its own queue would grow as long as nobody reads. */
class WrittenBytes extends AsyncByteQueue {
  #parts: Uint8Array[] = [];

  override write(part: Uint8Array): void {
    // A copy: the writer hands out views of buffers that it may use again.
    if (part.byteLength > 0) this.#parts.push(new Uint8Array(bytesOf(part)));
  }

  take(): Uint8Array {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    return bytes;
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The Arrow IPC streaming format, a record batch a page. */
export async function* arrowOf<R>({ columns, pages }: Table<R>): AsyncGenerator<Uint8Array> {
  const schema = schemaOf(columns);
  const written = new WrittenBytes();
  const writer = new RecordBatchStreamWriter();
  writer.reset(written, schema);
  for await (const rows of pages) {
    writer.write(batchOf(schema, columns, rows));
    yield written.take();
  }
  writer.finish();
  yield written.take();
}

function batchOf<R>(schema: Schema, columns: readonly Column<R>[], rows: readonly R[]): RecordBatch {
  const children = columns.map((column) => {
    const vector = vectorFromArray(
      rows.map((row) => valueOf(column, row)),
      TYPES[column.kind](),
    );
    return vector.data[0]!;
  });
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new RecordBatch(schema, data);
}
