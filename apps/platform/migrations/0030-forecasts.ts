import { type Migration, tenantTable } from '#persistence';

export const forecastsMigration: Migration = {
  name: '0030-forecasts',
  statements: [
    `CREATE TABLE forecast (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      series text NOT NULL,
      interval_start timestamptz NOT NULL,
      version integer NOT NULL,
      p10_wh bigint NOT NULL,
      p50_wh bigint NOT NULL,
      p90_wh bigint NOT NULL,
      issued_at timestamptz NOT NULL,
      published_at timestamptz NOT NULL,
      model_hash text NOT NULL,
      task_card_hash text,
      UNIQUE (participant_id, series, interval_start, version)
    )`,
    'CREATE INDEX ON forecast (tenant_id, interval_start)',
    'CREATE INDEX ON forecast (interval_start)',
    ...tenantTable('forecast', { read: 'community', privileges: 'SELECT, INSERT' }),
  ],
};
