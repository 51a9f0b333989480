import { APP_ROLE, type Migration, tenantTable } from '#persistence';
import { OPERATOR_LEGAL_ID } from '../identity/operator-bootstrap.ts';

/** Rules are only ever inserted; every earlier forecast arrived before any gate there was. */
export const forecastGatesMigration: Migration = {
  name: '0034-forecast-gates',
  statements: [
    `CREATE TABLE forecast_gate (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      name text NOT NULL,
      zone text NOT NULL,
      days_before integer NOT NULL,
      closes_at text NOT NULL,
      after_gate text NOT NULL,
      valid_from timestamptz NOT NULL,
      valid_to timestamptz,
      created_at timestamptz NOT NULL,
      UNIQUE (tenant_id, name, valid_from)
    )`,
    ...tenantTable('forecast_gate', { read: 'community', privileges: 'SELECT, INSERT' }),
    // Gates bind every publisher: another organisation cannot set one, whatever a request of its says.
    `CREATE POLICY forecast_gate_operator ON forecast_gate AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
      EXISTS (SELECT FROM organisation o WHERE o.id = tenant_id AND o.legal_id = '${OPERATOR_LEGAL_ID}'))`,

    "ALTER TABLE forecast ADD late_for text[] NOT NULL DEFAULT '{}'",
    'ALTER TABLE forecast ALTER late_for DROP DEFAULT',
  ],
};
