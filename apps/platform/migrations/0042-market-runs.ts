import { APP_ROLE, CURRENT_TENANT, type Migration, SYSTEM_ROLE, tenantTable } from '#persistence';

const PUBLISHED = (table: string): string => `EXISTS (SELECT FROM market_session session
  WHERE session.id = ${table}.session_id AND session.state IN ('CLEARED', 'DELIVERED', 'SETTLED'))`;

/** What a session that was cancelled had cleared goes; nothing that members ever saw can be deleted. */
const deletable = (table: string): readonly string[] => [
  `GRANT DELETE ON ${table} TO ${SYSTEM_ROLE}`,
  `CREATE POLICY ${table}_cancelled ON ${table} AS RESTRICTIVE FOR DELETE TO ${SYSTEM_ROLE} USING (
    EXISTS (SELECT FROM market_session session WHERE session.id = ${table}.session_id AND session.state = 'CANCELLED'))`,
];

/**
 * A session is cleared slot by slot, by runs. What a run has stored no member sees until the last slot is, and sessions
 * are numbered in the order in which they became visible, so that their trades can be followed.
 */
export const marketRunsMigration: Migration = {
  name: '0042-market-runs',
  statements: [
    `CREATE TABLE market_run (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      attempt integer NOT NULL,
      state text NOT NULL,
      slots_done integer NOT NULL,
      slots_total integer NOT NULL,
      reason text,
      started_at timestamptz NOT NULL,
      finished_at timestamptz,
      PRIMARY KEY (tenant_id, session_id, attempt)
    )`,
    'CREATE INDEX ON market_run (session_id)',
    ...tenantTable('market_run', { read: 'community', privileges: 'SELECT, INSERT' }),

    'ALTER TABLE market_session ADD COLUMN cleared_sequence bigint',
    'CREATE INDEX ON market_session (cleared_sequence)',
    // Forced policies bind the owner too: it would see no row to update.
    'ALTER TABLE market_session NO FORCE ROW LEVEL SECURITY',
    `UPDATE market_session SET cleared_sequence = numbered.n
      FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS n FROM market_session
        WHERE state IN ('CLEARED', 'DELIVERED', 'SETTLED')) numbered
      WHERE numbered.id = market_session.id`,
    'ALTER TABLE market_session FORCE ROW LEVEL SECURITY',

    'DROP POLICY market_clearing_community ON market_clearing',
    `CREATE POLICY market_clearing_community ON market_clearing FOR SELECT TO ${APP_ROLE} USING (${PUBLISHED('market_clearing')})`,
    'DROP POLICY market_trade_party ON market_trade',
    `CREATE POLICY market_trade_party ON market_trade FOR SELECT TO ${APP_ROLE} USING (
      (buyer_tenant_id = ${CURRENT_TENANT} OR seller_tenant_id = ${CURRENT_TENANT}) AND ${PUBLISHED('market_trade')})`,
    ...deletable('market_clearing'),
    ...deletable('market_trade'),
  ],
};
