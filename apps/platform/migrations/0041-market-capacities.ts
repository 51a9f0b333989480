import { type Migration, tenantTable } from '#persistence';

/** Flexibility has a direction, orders may say more than a limit, and sellers of capacity state what they kept ready. */
export const marketCapacitiesMigration: Migration = {
  name: '0041-market-capacities',
  statements: [
    'ALTER TABLE market_session ADD COLUMN direction text',
    "ALTER TABLE market_order ADD COLUMN terms json NOT NULL DEFAULT '{}'",
    `CREATE TABLE market_availability (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      starts_at timestamptz NOT NULL,
      available_wh bigint NOT NULL,
      signature text NOT NULL,
      received_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, starts_at)
    )`,
    'CREATE INDEX ON market_availability (session_id)',
    ...tenantTable('market_availability', { privileges: 'SELECT, INSERT' }),
  ],
};
