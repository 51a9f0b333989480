import type { Column } from '../tables/table.ts';
import type { ForecastRow } from './forecast.entity.ts';
import { seriesUnit } from './forecast-series.ts';
import { FORECAST_RESOLUTION } from './forecast.ts';

const inUnits = (series: string, value: number): number => value / seriesUnit(series).scale;
const inWh = (series: string, value: number): number | null => (seriesUnit(series).isEnergy ? value : null);

/** The fields of `Forecast` in GraphQL, named as columns are; `late_for` holds gates between spaces. */
export const EXPORT_COLUMNS: readonly Column<ForecastRow>[] = [
  { name: 'id', kind: 'text', of: ({ sequence }) => sequence },
  { name: 'organisation_id', kind: 'text', of: ({ tenantId }) => tenantId },
  { name: 'participant_id', kind: 'text', of: ({ participantId }) => participantId },
  { name: 'series', kind: 'text', of: ({ series }) => series },
  { name: 'interval_start', kind: 'instant', of: ({ intervalStart }) => intervalStart },
  { name: 'resolution', kind: 'text', of: () => FORECAST_RESOLUTION },
  { name: 'version', kind: 'integer', of: ({ version }) => version },
  { name: 'unit', kind: 'text', of: ({ series }) => seriesUnit(series).unit },
  { name: 'p10', kind: 'decimal', of: ({ series, p10 }) => inUnits(series, p10) },
  { name: 'p50', kind: 'decimal', of: ({ series, p50 }) => inUnits(series, p50) },
  { name: 'p90', kind: 'decimal', of: ({ series, p90 }) => inUnits(series, p90) },
  { name: 'p10_wh', kind: 'long', nullable: true, of: ({ series, p10 }) => inWh(series, p10) },
  { name: 'p50_wh', kind: 'long', nullable: true, of: ({ series, p50 }) => inWh(series, p50) },
  { name: 'p90_wh', kind: 'long', nullable: true, of: ({ series, p90 }) => inWh(series, p90) },
  { name: 'issued_at', kind: 'instant', of: ({ issuedAt }) => issuedAt },
  { name: 'published_at', kind: 'instant', of: ({ publishedAt }) => publishedAt },
  { name: 'model_hash', kind: 'text', of: ({ modelHash }) => modelHash },
  { name: 'task_card_hash', kind: 'text', nullable: true, of: ({ taskCardHash }) => taskCardHash },
  { name: 'product_id', kind: 'text', nullable: true, of: ({ productId }) => productId },
  { name: 'late_for', kind: 'text', of: ({ lateFor }) => lateFor.join(' ') },
];
