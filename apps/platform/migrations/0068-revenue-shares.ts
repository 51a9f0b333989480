import {
  APP_ROLE,
  CURRENT_TENANT,
  type Migration,
  SYSTEM_ROLE,
  systemTable,
  tenantTable,
} from '#persistence';

/** Who is paid a part of what a data set earns, as its publisher says, and what each was paid. A contributor sees its own rows alone. */
export const revenueSharesMigration: Migration = {
  name: '0068-revenue-shares',
  statements: [
    `CREATE TABLE revenue_shares (
      data_set_id uuid NOT NULL REFERENCES data_sets,
      organisation_id uuid NOT NULL REFERENCES organisation,
      tenant_id uuid NOT NULL REFERENCES organisation,
      weight bigint NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (data_set_id, organisation_id),
      CONSTRAINT revenue_shares_weight CHECK (weight > 0)
    )`,
    ...tenantTable('revenue_shares', {
      privileges: 'SELECT, INSERT, DELETE',
      read: { where: `organisation_id = ${CURRENT_TENANT}` },
    }),
    `CREATE POLICY revenue_shares_of_own ON revenue_shares AS RESTRICTIVE FOR INSERT TO ${APP_ROLE}
      WITH CHECK (EXISTS (SELECT FROM data_sets d WHERE d.id = data_set_id AND d.tenant_id = ${CURRENT_TENANT}))`,
    'CREATE INDEX ON revenue_shares (organisation_id)',
    'CREATE INDEX ON revenue_shares (tenant_id)',

    `CREATE TABLE order_shares (
      id uuid PRIMARY KEY,
      order_id uuid NOT NULL REFERENCES agreement_orders,
      organisation_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      data_set_id uuid NOT NULL REFERENCES data_sets,
      currency text NOT NULL,
      amount_minor bigint NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (order_id, organisation_id),
      CONSTRAINT order_shares_amount CHECK (amount_minor > 0)
    )`,
    ...systemTable('order_shares', 'SELECT, INSERT'),
    `CREATE POLICY order_shares_parties ON order_shares FOR SELECT TO ${APP_ROLE}
      USING (organisation_id = ${CURRENT_TENANT} OR provider_id = ${CURRENT_TENANT})`,
    `GRANT SELECT ON order_shares TO ${APP_ROLE}`,
    `REVOKE UPDATE, DELETE ON order_shares FROM ${SYSTEM_ROLE}`,
    'CREATE INDEX ON order_shares (organisation_id, created_at)',
    'CREATE INDEX ON order_shares (provider_id, created_at)',
  ],
};
