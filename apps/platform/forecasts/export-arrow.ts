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
import { EXPORT_COLUMNS, type ExportColumn, type ForecastPages, valueOf } from './export-columns.ts';
import type { ForecastRow } from './forecast.entity.ts';

const TYPES = {
  text: () => new Utf8(),
  instant: () => new TimestampMillisecond('UTC'),
  integer: () => new Int32(),
  long: () => new Int64(),
  decimal: () => new Float64(),
} as const satisfies Record<ExportColumn['kind'], () => DataType>;

const SCHEMA = new Schema(
  EXPORT_COLUMNS.map(({ name, kind, nullable = false }) => new Field(name, TYPES[kind](), nullable)),
);

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
export async function* arrowOf(pages: ForecastPages): AsyncGenerator<Uint8Array> {
  const written = new WrittenBytes();
  const writer = new RecordBatchStreamWriter();
  writer.reset(written, SCHEMA);
  for await (const rows of pages) {
    writer.write(batchOf(rows));
    yield written.take();
  }
  writer.finish();
  yield written.take();
}

function batchOf(rows: readonly ForecastRow[]): RecordBatch {
  const children = EXPORT_COLUMNS.map((column) => {
    const vector = vectorFromArray(
      rows.map((row) => valueOf(column, row)),
      TYPES[column.kind](),
    );
    return vector.data[0]!;
  });
  const data = makeData({ type: new Struct(SCHEMA.fields), length: rows.length, nullCount: 0, children });
  return new RecordBatch(SCHEMA, data);
}
