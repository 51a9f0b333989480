import { type Migration, SYSTEM_ROLE, tenantTable } from '#persistence';

/** What members gave to their communities, certified in the ledger, and how well they keep their trades. */
export const contributionsMigration: Migration = {
  name: '0047-contributions',
  statements: [
    `CREATE TABLE market_contribution (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      version integer NOT NULL,
      hash text NOT NULL,
      entry_index bigint NOT NULL REFERENCES ledger_entry,
      product text NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      bought_wh bigint NOT NULL,
      sold_wh bigint NOT NULL,
      traded_wh bigint NOT NULL,
      deviation_wh bigint NOT NULL,
      missing integer NOT NULL,
      given_wh bigint NOT NULL,
      received_wh bigint NOT NULL,
      avoided_grams bigint,
      data_rounds integer NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, version),
      UNIQUE (hash)
    )`,
    'CREATE INDEX ON market_contribution (tenant_id, starts_at)',
    'CREATE INDEX ON market_contribution (participant_id, starts_at)',
    'CREATE INDEX ON market_contribution (session_id)',
    ...tenantTable('market_contribution', { privileges: 'SELECT' }),
    `REVOKE UPDATE, DELETE ON market_contribution FROM ${SYSTEM_ROLE}`,

    `CREATE TABLE market_reputation (
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      sessions integer NOT NULL,
      score double precision NOT NULL,
      PRIMARY KEY (tenant_id, participant_id)
    )`,
    'CREATE INDEX ON market_reputation (participant_id)',
    ...tenantTable('market_reputation', { read: 'community', privileges: 'SELECT' }),
  ],
};
