import { APP_ROLE, CURRENT_TENANT, type Migration, systemTable, tenantTable } from '#persistence';

/**
 * Allowances of compliance years. What an organisation holds changes with issues, trades and retirements, which the system
 * books; it reads its own. Of emissions it writes and reads its own words; no other member, nor the operator, reads any of it.
 */
export const allowancesMigration: Migration = {
  name: '0054-allowances',
  statements: [
    `CREATE TABLE allowance_account (
      tenant_id uuid NOT NULL REFERENCES organisation,
      scheme text NOT NULL,
      year integer NOT NULL,
      held_tonnes bigint NOT NULL CONSTRAINT allowance_account_held_check CHECK (held_tonnes >= 0),
      issued_tonnes bigint NOT NULL,
      surrendered_tonnes bigint NOT NULL,
      cancelled_tonnes bigint NOT NULL,
      PRIMARY KEY (tenant_id, scheme, year)
    )`,
    ...tenantTable('allowance_account', { privileges: 'SELECT' }),

    `CREATE TABLE allowance_issue (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      scheme text NOT NULL,
      year integer NOT NULL,
      reference text NOT NULL,
      rule_set_id text NOT NULL,
      tonnes bigint NOT NULL,
      issued_at timestamptz NOT NULL,
      CONSTRAINT allowance_issue_reference_key UNIQUE (tenant_id, scheme, year, reference)
    )`,
    ...tenantTable('allowance_issue', { privileges: 'SELECT' }),

    `CREATE TABLE allowance_emissions (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      scheme text NOT NULL,
      year integer NOT NULL,
      kind text NOT NULL,
      tonnes bigint NOT NULL,
      low_tonnes bigint,
      high_tonnes bigint,
      signature text NOT NULL,
      stated_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON allowance_emissions (tenant_id, scheme, year, kind, sequence)',
    ...tenantTable('allowance_emissions', { privileges: 'SELECT, INSERT' }),

    `CREATE TABLE allowance_retirement (
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      retirement_id text NOT NULL,
      scheme text NOT NULL,
      year integer NOT NULL,
      purpose text NOT NULL,
      tonnes bigint NOT NULL,
      signature text NOT NULL,
      retired_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, participant_id, retirement_id)
    )`,
    ...tenantTable('allowance_retirement', { privileges: 'SELECT' }),

    `CREATE TABLE allowance_order (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      order_id text NOT NULL,
      scheme text NOT NULL,
      year integer NOT NULL,
      side text NOT NULL,
      tonnes bigint NOT NULL,
      price_minor_per_tonne bigint NOT NULL,
      time_in_force text NOT NULL,
      expires_at timestamptz,
      signature text NOT NULL,
      received_at timestamptz NOT NULL,
      left_tonnes bigint NOT NULL,
      ended text,
      cancel_signature text,
      UNIQUE (participant_id, scheme, year, order_id)
    )`,
    'CREATE INDEX ON allowance_order (tenant_id, scheme, year, sequence)',
    'CREATE INDEX ON allowance_order (scheme, year, ended, side, price_minor_per_tonne)',
    ...tenantTable('allowance_order', { privileges: 'SELECT' }),

    `CREATE TABLE allowance_trade (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      scheme text NOT NULL,
      year integer NOT NULL,
      buyer_tenant_id uuid NOT NULL REFERENCES organisation,
      seller_tenant_id uuid NOT NULL REFERENCES organisation,
      buyer_participant_id uuid NOT NULL REFERENCES participant,
      seller_participant_id uuid NOT NULL REFERENCES participant,
      buy_order_id text NOT NULL,
      sell_order_id text NOT NULL,
      tonnes bigint NOT NULL,
      price_minor_per_tonne bigint NOT NULL,
      traded_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON allowance_trade (buyer_tenant_id, scheme, year, sequence)',
    'CREATE INDEX ON allowance_trade (seller_tenant_id, scheme, year, sequence)',
    'CREATE INDEX ON allowance_trade (scheme, year, sequence)',
    ...systemTable('allowance_trade', 'SELECT, INSERT'),
    `CREATE POLICY allowance_trade_party ON allowance_trade FOR SELECT TO ${APP_ROLE} USING (
      buyer_tenant_id = ${CURRENT_TENANT} OR seller_tenant_id = ${CURRENT_TENANT})`,
    `GRANT SELECT ON allowance_trade TO ${APP_ROLE}`,
  ],
};
