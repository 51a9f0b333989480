import { expect } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { isoInstant } from '#core';

export type Row = Readonly<Record<string, unknown>>;

const INSTANTS = new Set(['interval_start', 'issued_at', 'published_at']);
const NUMBERS = new Set(['version', 'p10', 'p50', 'p90', 'p10_wh', 'p50_wh', 'p90_wh']);
const NULLABLE = new Set(['task_card_hash', 'product_id']);

/** What a reader of a format makes of a value, in the words of GraphQL. */
function plain(name: string, value: unknown): unknown {
  if (INSTANTS.has(name)) return isoInstant(Number(value instanceof Date ? value.getTime() : value));
  return NUMBERS.has(name) ? Number(value) : (value ?? null);
}

function fromCsv(bytes: Uint8Array): Row[] {
  const [head, ...lines] = new TextDecoder().decode(bytes).split('\r\n');
  const names = head!.split(',');
  expect(lines.pop()).toBe('');
  return lines.map((line) =>
    Object.fromEntries(
      line.split(',').map((text, i) => {
        const name = names[i]!;
        if (INSTANTS.has(name)) return [name, text];
        return [name, NULLABLE.has(name) && text === '' ? null : plain(name, text)];
      }),
    ),
  );
}

const fromArrow = (bytes: Uint8Array): Row[] => {
  const table = tableFromIPC(bytes);
  const names = table.schema.fields.map(({ name }) => name);
  return [...table].map((row) =>
    Object.fromEntries(names.map((name) => [name, plain(name, (row as unknown as Row)[name])])),
  );
};

async function fromParquet(bytes: Uint8Array): Promise<Row[]> {
  const file = new Uint8Array(bytes).buffer;
  const rows = await parquetReadObjects({ file });
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(name, value)])),
  );
}

/** What a reader of each format makes of a file: rows in the words of GraphQL. */
export const READERS = { csv: fromCsv, arrow: fromArrow, parquet: fromParquet } as const;
