import { type Migration, tenantTable } from '#persistence';

/**
 * What organisations state of themselves and members share of their portraits. Both are read by their own organisation only;
 * others learn sums of several organisations, which the system makes.
 */
export const analyticsMigration: Migration = {
  name: '0058-analytics',
  statements: [
    `CREATE TABLE organisation_sector (
      tenant_id uuid PRIMARY KEY REFERENCES organisation,
      sector text,
      stated_at timestamptz NOT NULL
    )`,
    ...tenantTable('organisation_sector', { privileges: 'SELECT, INSERT, UPDATE (sector, stated_at)' }),

    `CREATE TABLE shared_portrait (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      version integer NOT NULL,
      method text NOT NULL,
      labels jsonb NOT NULL,
      signature text NOT NULL,
      published_at timestamptz NOT NULL,
      CONSTRAINT shared_portrait_version_key UNIQUE (participant_id, version)
    )`,
    'CREATE INDEX ON shared_portrait (tenant_id, sequence)',
    ...tenantTable('shared_portrait', { privileges: 'SELECT, INSERT' }),
  ],
};
