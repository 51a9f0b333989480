import { APP_ROLE, CURRENT_TENANT, type Migration, tenantTable } from '#persistence';

const covers = (table: string): string =>
  `${table}.series = forecast.series
    AND forecast.interval_start >= ${table}.starts_at AND forecast.interval_start < ${table}.ends_at`;

/**
 * Terms, agreements and charges are only ever inserted. A priced forecast is shown to its publisher and to whoever has
 * been charged for its delivery day, to nobody else: not to the operator, not in an aggregate, not by a forgotten check.
 */
export const forecastTermsMigration: Migration = {
  name: '0035-forecast-terms',
  statements: [
    `CREATE TABLE forecast_terms (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      series text NOT NULL,
      zone text NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      price_per_day_minor bigint NOT NULL,
      currency text NOT NULL,
      licence text NOT NULL,
      created_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON forecast_terms (tenant_id, series, starts_at)',
    ...tenantTable('forecast_terms', { read: 'community', privileges: 'SELECT, INSERT' }),

    `CREATE TABLE forecast_agreement (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      terms_id uuid NOT NULL REFERENCES forecast_terms,
      publisher_id uuid NOT NULL REFERENCES organisation,
      series text NOT NULL,
      zone text NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      price_per_day_minor bigint NOT NULL,
      currency text NOT NULL,
      created_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON forecast_agreement (tenant_id, publisher_id, series, starts_at)',
    'CREATE INDEX ON forecast_agreement (publisher_id)',
    ...tenantTable('forecast_agreement', {
      read: { where: `publisher_id = ${CURRENT_TENANT}` },
      privileges: 'SELECT, INSERT',
    }),
    `CREATE POLICY forecast_agreement_terms ON forecast_agreement AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
      EXISTS (SELECT FROM forecast_terms t WHERE t.id = terms_id AND t.tenant_id = publisher_id
        AND t.series = forecast_agreement.series AND t.zone = forecast_agreement.zone
        AND t.price_per_day_minor = forecast_agreement.price_per_day_minor
        AND t.currency = forecast_agreement.currency
        AND forecast_agreement.starts_at >= t.starts_at AND forecast_agreement.ends_at <= t.ends_at))`,

    `CREATE TABLE forecast_charge (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      agreement_id uuid NOT NULL REFERENCES forecast_agreement,
      publisher_id uuid NOT NULL REFERENCES organisation,
      series text NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      price_minor bigint NOT NULL,
      currency text NOT NULL,
      task_card_hash text,
      contributors integer NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (tenant_id, publisher_id, series, starts_at)
    )`,
    'CREATE INDEX ON forecast_charge (publisher_id)',
    ...tenantTable('forecast_charge', {
      read: { where: `publisher_id = ${CURRENT_TENANT}` },
      privileges: 'SELECT',
    }),

    'DROP POLICY forecast_community ON forecast',
    `CREATE POLICY forecast_community ON forecast FOR SELECT TO ${APP_ROLE} USING (
      NOT EXISTS (SELECT FROM forecast_terms t WHERE t.tenant_id = forecast.tenant_id AND ${covers('t')})
      OR EXISTS (SELECT FROM forecast_charge c
        WHERE c.tenant_id = ${CURRENT_TENANT} AND c.publisher_id = forecast.tenant_id AND ${covers('c')}))`,
  ],
};
