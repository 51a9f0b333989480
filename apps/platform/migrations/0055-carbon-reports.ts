import { type Migration, tenantTable } from '#persistence';

/** Whole reports that members show the community. A version never changes; a restatement names the one before it. */
export const carbonReportsMigration: Migration = {
  name: '0055-carbon-reports',
  statements: [
    `CREATE TABLE published_report (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      version integer NOT NULL,
      restates text,
      hash text NOT NULL,
      blob text NOT NULL,
      method_version text NOT NULL,
      published_at timestamptz NOT NULL,
      CONSTRAINT published_report_version_key UNIQUE (participant_id, starts_at, ends_at, version)
    )`,
    'CREATE INDEX ON published_report (tenant_id, starts_at)',
    'CREATE INDEX ON published_report (starts_at)',
    ...tenantTable('published_report', { read: 'community', privileges: 'SELECT, INSERT' }),
  ],
};
