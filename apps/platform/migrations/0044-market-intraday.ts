import { APP_ROLE, type Migration, systemTable, tenantTable } from '#persistence';

/**
 * Order books beside the auction. An order is its owner's to read and the system's to write: matching changes orders of two
 * members at once. Of a book the community reads what was traded last and how much; its levels are summed on request.
 */
export const marketIntradayMigration: Migration = {
  name: '0044-market-intraday',
  statements: [
    'ALTER TABLE market_session ADD COLUMN intraday_lead_minutes integer',
    "ALTER TABLE market_trade ADD COLUMN venue text NOT NULL DEFAULT 'auction'",
    'ALTER TABLE market_trade ADD COLUMN traded_at timestamptz',

    `CREATE TABLE market_intraday_order (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      order_id text NOT NULL,
      starts_at timestamptz NOT NULL,
      side text NOT NULL,
      quantity_wh bigint NOT NULL,
      price_per_mwh bigint NOT NULL,
      time_in_force text NOT NULL,
      expires_at timestamptz,
      signature text NOT NULL,
      received_at timestamptz NOT NULL,
      left_wh bigint NOT NULL,
      ended text,
      cancel_signature text,
      UNIQUE (participant_id, session_id, order_id)
    )`,
    'CREATE INDEX ON market_intraday_order (tenant_id, session_id, sequence)',
    'CREATE INDEX ON market_intraday_order (session_id, starts_at, ended, side, price_per_mwh)',
    ...tenantTable('market_intraday_order', { privileges: 'SELECT' }),

    `CREATE TABLE market_intraday_book (
      session_id uuid NOT NULL REFERENCES market_session,
      starts_at timestamptz NOT NULL,
      version bigint NOT NULL,
      last_price_per_mwh bigint,
      last_traded_at timestamptz,
      traded_wh bigint NOT NULL,
      PRIMARY KEY (session_id, starts_at)
    )`,
    'CREATE INDEX ON market_intraday_book (session_id, version)',
    ...systemTable('market_intraday_book', 'SELECT, INSERT, UPDATE'),
    `CREATE POLICY market_intraday_book_community ON market_intraday_book FOR SELECT TO ${APP_ROLE} USING (true)`,
    `GRANT SELECT ON market_intraday_book TO ${APP_ROLE}`,
  ],
};
