import { APP_ROLE, type Migration, tenantTable } from '#persistence';

/** Agreements stay as they were made; that one ended early is an entry of its own, seen by both of its sides. */
export const forecastAgreementEndMigration: Migration = {
  name: '0037-forecast-agreement-end',
  statements: [
    `CREATE TABLE forecast_agreement_end (
      agreement_id uuid NOT NULL REFERENCES forecast_agreement,
      ends_at timestamptz NOT NULL,
      tenant_id uuid NOT NULL REFERENCES organisation,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (agreement_id, ends_at)
    )`,
    'CREATE INDEX ON forecast_agreement_end (tenant_id)',
    ...tenantTable('forecast_agreement_end', {
      // The agreement's own policy shows it to its sides alone.
      read: { where: 'EXISTS (SELECT FROM forecast_agreement a WHERE a.id = agreement_id)' },
      privileges: 'SELECT, INSERT',
    }),
    `CREATE POLICY forecast_agreement_end_sides ON forecast_agreement_end AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
      EXISTS (SELECT FROM forecast_agreement a WHERE a.id = agreement_id
        AND forecast_agreement_end.ends_at >= a.starts_at AND forecast_agreement_end.ends_at < a.ends_at))`,
  ],
};
