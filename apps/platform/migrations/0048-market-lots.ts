import {
  APP_ROLE,
  CURRENT_TENANT,
  type Migration,
  SYSTEM_ROLE,
  systemTable,
  tenantTable,
} from '#persistence';

/** Nonces behind lots are for everybody once no order can follow from them. */
const cleared = (table: string): string => `EXISTS (SELECT FROM market_session session
  WHERE session.id = ${table}.session_id AND session.state IN ('CLEARED', 'DELIVERED', 'SETTLED'))`;

/**
 * Lots that are committed to before bids open and revealed after the gate, what a mechanism charges beside trades, and
 * what its organiser pays in. Sessions from before draw their lots as they did.
 */
export const marketLotsMigration: Migration = {
  name: '0048-market-lots',
  statements: [
    'ALTER TABLE market_session ADD COLUMN bids_open_at timestamptz',
    'ALTER TABLE market_session ADD COLUMN reveal_minutes integer',
    'ALTER TABLE market_session ADD COLUMN closed_at timestamptz',
    'ALTER TABLE market_session ADD COLUMN lot_commitment text',
    'ALTER TABLE market_session ADD COLUMN deficit_cap_minor bigint',
    'ALTER TABLE market_session ADD COLUMN unit_wh bigint',
    'ALTER TABLE market_settlement ADD COLUMN charge_minor bigint NOT NULL DEFAULT 0',
    'ALTER TABLE market_settlement ALTER COLUMN charge_minor DROP DEFAULT',

    `CREATE TABLE market_lot (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      commitment text NOT NULL,
      signature text NOT NULL,
      committed_at timestamptz NOT NULL,
      nonce text,
      PRIMARY KEY (tenant_id, session_id, participant_id)
    )`,
    'CREATE INDEX ON market_lot (session_id, participant_id)',
    ...tenantTable('market_lot', {
      read: { where: cleared('market_lot') },
      privileges: 'SELECT, INSERT, UPDATE (nonce)',
    }),

    // Whoever opens a session writes the market's own nonce and reads it no sooner than everybody else.
    `CREATE TABLE market_own_lot (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      nonce text NOT NULL,
      PRIMARY KEY (tenant_id, session_id)
    )`,
    'CREATE INDEX ON market_own_lot (session_id)',
    ...systemTable('market_own_lot', 'SELECT'),
    `CREATE POLICY market_own_lot_opens ON market_own_lot FOR INSERT TO ${APP_ROLE} WITH CHECK (tenant_id = ${CURRENT_TENANT})`,
    `CREATE POLICY market_own_lot_cleared ON market_own_lot FOR SELECT TO ${APP_ROLE} USING (${cleared('market_own_lot')})`,
    `GRANT SELECT, INSERT ON market_own_lot TO ${APP_ROLE}`,

    `CREATE TABLE market_charge (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      starts_at timestamptz NOT NULL,
      kind text NOT NULL,
      amount_exact numeric NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, starts_at, kind)
    )`,
    'CREATE INDEX ON market_charge (session_id, starts_at)',
    ...systemTable('market_charge', 'SELECT, INSERT, DELETE'),
    `CREATE POLICY market_charge_own ON market_charge FOR SELECT TO ${APP_ROLE} USING (
      tenant_id = ${CURRENT_TENANT} AND ${cleared('market_charge')})`,
    `GRANT SELECT ON market_charge TO ${APP_ROLE}`,
    `CREATE POLICY market_charge_cancelled ON market_charge AS RESTRICTIVE FOR DELETE TO ${SYSTEM_ROLE} USING (
      EXISTS (SELECT FROM market_session session WHERE session.id = market_charge.session_id AND session.state = 'CANCELLED'))`,
  ],
};
