import { isoInstant } from '#core';

/** A column of every format. Instants are whole milliseconds UTC, long ones whole numbers of 64 bits, decimals doubles. */
export type Column<R> = { readonly name: string; readonly nullable?: true } & (
  | { readonly kind: 'text'; readonly of: (row: R) => string | null }
  | { readonly kind: 'instant'; readonly of: (row: R) => Date | null }
  | { readonly kind: 'integer' | 'decimal' | 'long'; readonly of: (row: R) => number | null }
);
export type ColumnKind = Column<unknown>['kind'];

export interface Table<R> {
  readonly columns: readonly Column<R>[];
  readonly pages: AsyncIterable<readonly R[]>;
}

/** As the binary formats take it. */
export function valueOf<R>(column: Column<R>, row: R): string | number | bigint | Date | null {
  const value = column.of(row);
  return column.kind === 'long' && value !== null ? BigInt(Number(value)) : value;
}

/** RFC 4180 with a header. */
export async function* csvOf<R>({ columns, pages }: Table<R>): AsyncGenerator<Uint8Array> {
  const text = new TextEncoder();
  yield text.encode(`${columns.map(({ name }) => name).join(',')}\r\n`);
  for await (const rows of pages) {
    const lines = rows.map((row) => `${columns.map((column) => cellOf(column, row)).join(',')}\r\n`);
    yield text.encode(lines.join(''));
  }
}

function cellOf<R>(column: Column<R>, row: R): string {
  const value = column.of(row);
  const text = value instanceof Date ? isoInstant(value.getTime()) : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
