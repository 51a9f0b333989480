import { isoInstant } from '#core';
import type { ForecastRow } from './forecast.entity.ts';
import { FORECAST_RESOLUTION } from './forecast.ts';

/** A column of every export format. Instants are whole milliseconds UTC, energies whole Wh of 64 bits. */
export type ExportColumn = { readonly name: string; readonly nullable?: true } & (
  | { readonly kind: 'text'; readonly of: (row: ForecastRow) => string | null }
  | { readonly kind: 'instant'; readonly of: (row: ForecastRow) => Date }
  | { readonly kind: 'integer' | 'long'; readonly of: (row: ForecastRow) => number }
);

/** The fields of `Forecast` in GraphQL, named as columns are; `late_for` holds gates between spaces. */
export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  { name: 'id', kind: 'text', of: ({ sequence }) => sequence },
  { name: 'organisation_id', kind: 'text', of: ({ tenantId }) => tenantId },
  { name: 'participant_id', kind: 'text', of: ({ participantId }) => participantId },
  { name: 'series', kind: 'text', of: ({ series }) => series },
  { name: 'interval_start', kind: 'instant', of: ({ intervalStart }) => intervalStart },
  { name: 'resolution', kind: 'text', of: () => FORECAST_RESOLUTION },
  { name: 'version', kind: 'integer', of: ({ version }) => version },
  { name: 'p10_wh', kind: 'long', of: ({ p10Wh }) => p10Wh },
  { name: 'p50_wh', kind: 'long', of: ({ p50Wh }) => p50Wh },
  { name: 'p90_wh', kind: 'long', of: ({ p90Wh }) => p90Wh },
  { name: 'issued_at', kind: 'instant', of: ({ issuedAt }) => issuedAt },
  { name: 'published_at', kind: 'instant', of: ({ publishedAt }) => publishedAt },
  { name: 'model_hash', kind: 'text', of: ({ modelHash }) => modelHash },
  { name: 'task_card_hash', kind: 'text', nullable: true, of: ({ taskCardHash }) => taskCardHash },
  { name: 'late_for', kind: 'text', of: ({ lateFor }) => lateFor.join(' ') },
];

export type ForecastPages = AsyncIterable<readonly ForecastRow[]>;

/** RFC 4180 with a header. No value holds a comma, a quote or a line break: all are ids, hashes, numbers, instants and names. */
export async function* csvOf(pages: ForecastPages): AsyncGenerator<Uint8Array> {
  const text = new TextEncoder();
  yield text.encode(`${EXPORT_COLUMNS.map(({ name }) => name).join(',')}\r\n`);
  for await (const rows of pages) {
    const lines = rows.map((row) => `${EXPORT_COLUMNS.map((column) => cellOf(column, row)).join(',')}\r\n`);
    yield text.encode(lines.join(''));
  }
}

function cellOf(column: ExportColumn, row: ForecastRow): string {
  if (column.kind === 'instant') return isoInstant(column.of(row).getTime());
  return String(column.of(row) ?? '');
}
