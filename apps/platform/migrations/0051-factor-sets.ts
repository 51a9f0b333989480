import { type Migration, tenantTable } from '#persistence';

const COMMUNITY = { read: { where: 'community_default' }, privileges: 'SELECT, INSERT' } as const;

/** Sets of factors that organisations import: only ever inserted, so that a figure's factor stays what it was. */
export const factorSetsMigration: Migration = {
  name: '0051-factor-sets',
  statements: [
    `CREATE TABLE factor_set (
      id text PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      title text NOT NULL,
      csv_sha256 text NOT NULL,
      community_default boolean NOT NULL,
      rows integer NOT NULL,
      findings jsonb NOT NULL,
      imported_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON factor_set (tenant_id, imported_at)',
    ...tenantTable('factor_set', COMMUNITY),

    `CREATE TABLE emission_factor (
      id text PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      set_id text NOT NULL REFERENCES factor_set,
      community_default boolean NOT NULL,
      subject text NOT NULL,
      grams_co2e_per_kwh text NOT NULL,
      basis text NOT NULL,
      averaging text NOT NULL,
      zone text,
      gwp_set text,
      source text NOT NULL,
      valid_from timestamptz NOT NULL,
      valid_to timestamptz
    )`,
    'CREATE INDEX ON emission_factor (tenant_id, subject)',
    'CREATE INDEX ON emission_factor (set_id)',
    ...tenantTable('emission_factor', COMMUNITY),

    `CREATE TABLE combustion_factor (
      id text PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      set_id text NOT NULL REFERENCES factor_set,
      community_default boolean NOT NULL,
      fuel text NOT NULL,
      sector text,
      calorific text NOT NULL,
      kg_co2_per_tj text NOT NULL,
      kg_ch4_per_tj text NOT NULL,
      kg_n2o_per_tj text NOT NULL,
      biogenic boolean NOT NULL,
      zone text,
      source text NOT NULL,
      valid_from timestamptz NOT NULL,
      valid_to timestamptz
    )`,
    'CREATE INDEX ON combustion_factor (tenant_id, fuel)',
    'CREATE INDEX ON combustion_factor (set_id)',
    ...tenantTable('combustion_factor', COMMUNITY),
  ],
};
