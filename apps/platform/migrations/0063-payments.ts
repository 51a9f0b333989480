import {
  APP_ROLE,
  CURRENT_TENANT,
  type Migration,
  SYSTEM_ROLE,
  systemTable,
  tenantTable,
} from '#persistence';

/** Both parties read; only the platform writes, and what it wrote stays. */
export const partyRecord = (table: string): readonly string[] => [
  ...systemTable(table, 'SELECT, INSERT'),
  `CREATE POLICY ${table}_parties ON ${table} FOR SELECT TO ${APP_ROLE}
    USING (consumer_id = ${CURRENT_TENANT} OR provider_id = ${CURRENT_TENANT})`,
  `GRANT SELECT ON ${table} TO ${APP_ROLE}`,
  `CREATE INDEX ON ${table} (consumer_id, created_at)`,
  `CREATE INDEX ON ${table} (provider_id, created_at)`,
];

/**
 * Wallets, orders, invoices and what was read. No role may write a party's money but the platform's own, in the transaction
 * of the payment or the read, and a balance below zero is refused by the table itself.
 */
export const paymentsMigration: Migration = {
  name: '0063-payments',
  statements: [
    `CREATE TABLE wallet_balance (
      tenant_id uuid NOT NULL REFERENCES organisation,
      currency text NOT NULL,
      balance_minor bigint NOT NULL,
      changed_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, currency),
      CONSTRAINT wallet_balance_covered CHECK (balance_minor >= 0 AND balance_minor <= 9000000000000000)
    )`,
    ...tenantTable('wallet_balance', { privileges: 'SELECT' }),
    `REVOKE DELETE ON wallet_balance FROM ${SYSTEM_ROLE}`,

    `CREATE TABLE agreement_orders (
      id uuid PRIMARY KEY,
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      period integer NOT NULL,
      price_kind text NOT NULL,
      currency text NOT NULL,
      amount_minor bigint NOT NULL,
      fee_minor bigint NOT NULL,
      seller_minor bigint NOT NULL,
      revenue_minor bigint,
      period_start timestamptz,
      period_end timestamptz,
      idempotency_key text NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (agreement_id, period),
      UNIQUE (consumer_id, idempotency_key),
      CONSTRAINT agreement_orders_whole CHECK (amount_minor = fee_minor + seller_minor AND fee_minor >= 0 AND seller_minor >= 0),
      CONSTRAINT agreement_orders_period CHECK ((period_start IS NULL) = (period_end IS NULL))
    )`,
    ...partyRecord('agreement_orders'),

    `CREATE TABLE agreement_usage (
      id uuid PRIMARY KEY,
      sequence integer NOT NULL,
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      use_id text NOT NULL,
      readings bigint NOT NULL,
      readings_before bigint NOT NULL,
      use_readings bigint NOT NULL,
      bytes bigint NOT NULL,
      currency text,
      amount_minor bigint NOT NULL,
      fee_minor bigint NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (agreement_id, use_id, use_readings),
      UNIQUE (agreement_id, sequence)
    )`,
    ...partyRecord('agreement_usage'),

    `CREATE TABLE invoices (
      id uuid PRIMARY KEY,
      order_id uuid NOT NULL REFERENCES agreement_orders,
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      kind text NOT NULL,
      number integer NOT NULL,
      currency text NOT NULL,
      amount_minor bigint NOT NULL,
      fee_minor bigint NOT NULL,
      seller_minor bigint NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (provider_id, number),
      UNIQUE (order_id, kind),
      CONSTRAINT invoices_kind CHECK (kind IN ('INVOICE', 'CREDIT_NOTE')),
      CONSTRAINT invoices_whole CHECK (amount_minor = fee_minor + seller_minor AND fee_minor >= 0 AND seller_minor >= 0)
    )`,
    ...partyRecord('invoices'),
    'CREATE INDEX ON invoices (agreement_id)',
  ],
};
