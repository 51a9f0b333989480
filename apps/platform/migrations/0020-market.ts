import { APP_ROLE, CURRENT_TENANT, type Migration, systemTable, tenantTable } from '#persistence';

export const marketMigration: Migration = {
  name: '0020-market',
  statements: [
    `CREATE TABLE market_session (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      zone text NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      gate_closes_at timestamptz,
      retail_per_mwh bigint NOT NULL,
      feed_in_per_mwh bigint NOT NULL,
      currency text NOT NULL,
      state text NOT NULL,
      trade_count integer,
      traded_wh bigint,
      welfare_minor bigint,
      savings_minor bigint,
      missing_deliveries integer,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON market_session (tenant_id, created_at)',
    'CREATE INDEX ON market_session (state)',
    ...tenantTable('market_session', { read: 'community', privileges: 'SELECT, INSERT, UPDATE' }),

    `CREATE TABLE market_order (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      order_id text NOT NULL,
      starts_at timestamptz NOT NULL,
      side text NOT NULL,
      quantity_wh bigint NOT NULL,
      price_per_mwh bigint NOT NULL,
      signature text NOT NULL,
      received_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, order_id)
    )`,
    'CREATE INDEX ON market_order (session_id, starts_at)',
    ...tenantTable('market_order', { privileges: 'SELECT, INSERT' }),

    `CREATE TABLE market_clearing (
      session_id uuid NOT NULL REFERENCES market_session,
      starts_at timestamptz NOT NULL,
      quantity_wh bigint NOT NULL,
      price_per_mwh bigint,
      certificate json NOT NULL,
      PRIMARY KEY (session_id, starts_at)
    )`,
    ...systemTable('market_clearing', 'SELECT, INSERT'),
    `CREATE POLICY market_clearing_community ON market_clearing FOR SELECT TO ${APP_ROLE} USING (true)`,
    `GRANT SELECT ON market_clearing TO ${APP_ROLE}`,

    `CREATE TABLE market_trade (
      id uuid PRIMARY KEY,
      session_id uuid NOT NULL REFERENCES market_session,
      starts_at timestamptz NOT NULL,
      buyer_tenant_id uuid NOT NULL REFERENCES organisation,
      seller_tenant_id uuid NOT NULL REFERENCES organisation,
      buyer_participant_id uuid NOT NULL REFERENCES participant,
      seller_participant_id uuid NOT NULL REFERENCES participant,
      buy_order_id text NOT NULL,
      sell_order_id text NOT NULL,
      quantity_wh bigint NOT NULL,
      price_per_mwh bigint NOT NULL
    )`,
    'CREATE INDEX ON market_trade (session_id, starts_at)',
    'CREATE INDEX ON market_trade (buyer_tenant_id, session_id)',
    'CREATE INDEX ON market_trade (seller_tenant_id, session_id)',
    ...systemTable('market_trade', 'SELECT, INSERT'),
    `CREATE POLICY market_trade_party ON market_trade FOR SELECT TO ${APP_ROLE} USING (
      buyer_tenant_id = ${CURRENT_TENANT} OR seller_tenant_id = ${CURRENT_TENANT})`,
    `GRANT SELECT ON market_trade TO ${APP_ROLE}`,

    `CREATE TABLE market_delivery (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      starts_at timestamptz NOT NULL,
      net_import_wh bigint NOT NULL,
      net_export_wh bigint NOT NULL,
      signature text NOT NULL,
      received_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, starts_at)
    )`,
    'CREATE INDEX ON market_delivery (session_id)',
    ...tenantTable('market_delivery', { privileges: 'SELECT, INSERT' }),

    `CREATE TABLE market_settlement (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      bought_wh bigint NOT NULL,
      sold_wh bigint NOT NULL,
      shortfall_wh bigint NOT NULL,
      excess_wh bigint NOT NULL,
      local_minor bigint NOT NULL,
      deviation_minor bigint NOT NULL,
      savings_minor bigint NOT NULL,
      missing_hours timestamptz[] NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id)
    )`,
    ...tenantTable('market_settlement', { privileges: 'SELECT' }),
  ],
};
