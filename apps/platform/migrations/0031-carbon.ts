import { APP_ROLE, type Migration, systemTable, tenantTable } from '#persistence';

export const carbonMigration: Migration = {
  name: '0031-carbon',
  statements: [
    `CREATE TABLE grid_series (
      id text PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      region text NOT NULL,
      basis text NOT NULL,
      source text NOT NULL,
      csv_sha256 text NOT NULL,
      community_default boolean NOT NULL,
      first_hour timestamptz NOT NULL,
      last_hour timestamptz NOT NULL,
      hours integer NOT NULL,
      findings jsonb NOT NULL,
      imported_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON grid_series (tenant_id, imported_at)',
    ...tenantTable('grid_series', { read: 'community', privileges: 'SELECT, INSERT' }),

    `CREATE TABLE grid_intensity (
      tenant_id uuid NOT NULL REFERENCES organisation,
      series_id text NOT NULL REFERENCES grid_series,
      starts_at timestamptz NOT NULL,
      kg_co2e_per_kwh text NOT NULL,
      PRIMARY KEY (tenant_id, series_id, starts_at)
    )`,
    ...tenantTable('grid_intensity', { read: 'community', privileges: 'SELECT, INSERT' }),

    `CREATE TABLE published_emissions (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      version integer NOT NULL,
      hours integer NOT NULL,
      location_grams bigint NOT NULL,
      market_grams bigint NOT NULL,
      method_version text NOT NULL,
      basis text NOT NULL,
      factor_ids text[] NOT NULL,
      signature text NOT NULL,
      published_at timestamptz NOT NULL,
      CONSTRAINT published_emissions_version_key UNIQUE (participant_id, starts_at, ends_at, version)
    )`,
    'CREATE INDEX ON published_emissions (tenant_id, starts_at)',
    'CREATE INDEX ON published_emissions (starts_at)',
    ...tenantTable('published_emissions', { read: 'community', privileges: 'SELECT, INSERT' }),

    `CREATE TABLE carbon_account (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      starts_at timestamptz NOT NULL,
      participant_id uuid NOT NULL REFERENCES participant,
      bought_wh bigint NOT NULL,
      sold_wh bigint NOT NULL,
      received_wh bigint NOT NULL,
      given_wh bigint NOT NULL,
      consumed_wh bigint,
      covered_wh bigint,
      PRIMARY KEY (tenant_id, session_id, starts_at, participant_id)
    )`,
    'CREATE INDEX ON carbon_account (session_id)',
    'CREATE INDEX ON carbon_account (participant_id, starts_at)',
    ...tenantTable('carbon_account', { privileges: 'SELECT' }),

    `CREATE TABLE carbon_report (
      session_id uuid NOT NULL REFERENCES market_session,
      series_id text NOT NULL REFERENCES grid_series,
      factor_id text NOT NULL,
      method_version text NOT NULL,
      organisations integer NOT NULL,
      traded_wh bigint NOT NULL,
      missing_deliveries integer NOT NULL,
      hours_without_intensity timestamptz[] NOT NULL,
      attributed_wh bigint,
      consumed_wh bigint,
      covered_wh bigint,
      location_grams bigint,
      market_grams bigint,
      accounted_at timestamptz NOT NULL,
      PRIMARY KEY (session_id, series_id)
    )`,
    ...systemTable('carbon_report', 'SELECT, INSERT'),
    `CREATE POLICY carbon_report_community ON carbon_report FOR SELECT TO ${APP_ROLE} USING (true)`,
    `GRANT SELECT ON carbon_report TO ${APP_ROLE}`,
  ],
};
