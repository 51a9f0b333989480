import {
  APP_ROLE,
  CURRENT_TENANT,
  type Migration,
  SYSTEM_ROLE,
  systemTable,
  tenantTable,
} from '#persistence';

/**
 * Feeders that sessions must honour. A feeder is its organiser's; which bus a participant is connected at, its organisation
 * sees too, and what became of a trade on the feeder its parties, each its own side, once the session is cleared.
 */
export const marketFeedersMigration: Migration = {
  name: '0043-market-feeders',
  statements: [
    `CREATE TABLE market_feeder (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      name text NOT NULL,
      network json NOT NULL,
      bus_count integer NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON market_feeder (tenant_id, created_at)',
    ...tenantTable('market_feeder', { privileges: 'SELECT, INSERT' }),

    `CREATE TABLE market_connection (
      tenant_id uuid NOT NULL REFERENCES organisation,
      feeder_id uuid NOT NULL REFERENCES market_feeder,
      participant_id uuid NOT NULL REFERENCES participant,
      holder_id uuid NOT NULL REFERENCES organisation,
      bus text NOT NULL,
      PRIMARY KEY (tenant_id, feeder_id, participant_id)
    )`,
    'CREATE INDEX ON market_connection (feeder_id, participant_id)',
    'CREATE INDEX ON market_connection (holder_id)',
    ...tenantTable('market_connection', { privileges: 'SELECT, INSERT' }),
    `CREATE POLICY market_connection_holder ON market_connection FOR SELECT TO ${APP_ROLE} USING (holder_id = ${CURRENT_TENANT})`,

    'ALTER TABLE market_session ADD COLUMN feeder_id uuid REFERENCES market_feeder',

    `CREATE TABLE market_carriage (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      starts_at timestamptz NOT NULL,
      place integer NOT NULL,
      side text NOT NULL,
      participant_id uuid NOT NULL REFERENCES participant,
      order_id text NOT NULL,
      trade_id uuid,
      proposed_wh bigint NOT NULL,
      admitted_wh bigint NOT NULL,
      network_charge_minor bigint,
      bus text NOT NULL,
      voltage double precision NOT NULL,
      limits text[] NOT NULL,
      PRIMARY KEY (tenant_id, session_id, starts_at, place, side)
    )`,
    'CREATE INDEX ON market_carriage (session_id)',
    ...systemTable('market_carriage', 'SELECT, INSERT, DELETE'),
    `CREATE POLICY market_carriage_party ON market_carriage FOR SELECT TO ${APP_ROLE} USING (
      tenant_id = ${CURRENT_TENANT} AND EXISTS (SELECT FROM market_session session
        WHERE session.id = market_carriage.session_id AND session.state IN ('CLEARED', 'DELIVERED', 'SETTLED')))`,
    `GRANT SELECT ON market_carriage TO ${APP_ROLE}`,
    // What members have seen stays.
    `CREATE POLICY market_carriage_cancelled ON market_carriage AS RESTRICTIVE FOR DELETE TO ${SYSTEM_ROLE} USING (
      EXISTS (SELECT FROM market_session session
        WHERE session.id = market_carriage.session_id AND session.state = 'CANCELLED'))`,
  ],
};
