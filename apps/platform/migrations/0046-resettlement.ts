import { type Migration, SYSTEM_ROLE, tenantTable } from '#persistence';

/**
 * Settlements, their shares and carbon accounts have versions, all of which are kept: what comes after the first is
 * booked as a difference. Whoever settled before has version 1, and its correction window from the end of delivery.
 */
export const resettlementMigration: Migration = {
  name: '0046-resettlement',
  statements: [
    'ALTER TABLE market_session ADD COLUMN correction_days integer NOT NULL DEFAULT 30',
    'ALTER TABLE market_session ADD COLUMN settled_at timestamptz',
    'ALTER TABLE market_session ADD COLUMN settlement_version integer',
    'ALTER TABLE market_settlement ADD COLUMN version integer NOT NULL DEFAULT 1',
    'ALTER TABLE market_settlement ALTER COLUMN version DROP DEFAULT',
    'ALTER TABLE market_settlement ADD COLUMN difference_minor bigint',
    `CREATE TABLE market_settlement_version (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      version integer NOT NULL,
      settled_at timestamptz NOT NULL,
      corrections integer NOT NULL,
      savings_minor bigint NOT NULL,
      market_minor bigint NOT NULL,
      missing_deliveries integer NOT NULL,
      PRIMARY KEY (tenant_id, session_id, version)
    )`,
    'CREATE INDEX ON market_settlement_version (session_id)',

    // Forced policies bind the owner too: it would see no row to update.
    ...['market_session', 'market_settlement'].map((table) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`), // prettier-ignore
    "UPDATE market_session SET settled_at = ends_at, settlement_version = 1 WHERE state = 'SETTLED'",
    'UPDATE market_settlement SET difference_minor = local_minor + deviation_minor',
    `INSERT INTO market_settlement_version
      SELECT tenant_id, id, 1, ends_at, 0, coalesce(savings_minor, 0), coalesce(market_minor, 0), coalesce(missing_deliveries, 0)
      FROM market_session WHERE state = 'SETTLED'`,
    ...['market_session', 'market_settlement'].map((table) => `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`), // prettier-ignore
    ...tenantTable('market_settlement_version', { privileges: 'SELECT' }),
    'ALTER TABLE market_settlement ALTER COLUMN difference_minor SET NOT NULL',
    ...withVersion('market_settlement', 'tenant_id, session_id, participant_id, version'),

    `CREATE TABLE market_delivery_correction (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      starts_at timestamptz NOT NULL,
      version integer NOT NULL,
      net_import_wh bigint NOT NULL,
      net_export_wh bigint NOT NULL,
      reason text NOT NULL,
      signature text NOT NULL,
      received_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, starts_at, version)
    )`,
    'CREATE INDEX ON market_delivery_correction (session_id)',
    ...tenantTable('market_delivery_correction', { privileges: 'SELECT, INSERT' }),

    // What was stated and settled is kept as it was, also from the jobs.
    ...['market_settlement', 'market_settlement_version', 'market_delivery_correction'].map((table) => `REVOKE UPDATE, DELETE ON ${table} FROM ${SYSTEM_ROLE}`), // prettier-ignore

    'ALTER TABLE market_sharing ADD COLUMN settlement_version integer NOT NULL DEFAULT 1',
    'ALTER TABLE market_sharing ALTER COLUMN settlement_version DROP DEFAULT',
    ...withVersion('market_sharing', 'tenant_id, session_id, method, settlement_version'),
    'ALTER TABLE market_share ADD COLUMN settlement_version integer NOT NULL DEFAULT 1',
    'ALTER TABLE market_share ALTER COLUMN settlement_version DROP DEFAULT',
    ...withVersion('market_share', 'tenant_id, session_id, participant_id, method, settlement_version'),

    'ALTER TABLE carbon_account ADD COLUMN version integer NOT NULL DEFAULT 1',
    'ALTER TABLE carbon_account ALTER COLUMN version DROP DEFAULT',
    ...withVersion('carbon_account', 'tenant_id, session_id, starts_at, participant_id, version'),
  ],
};

function withVersion(table: string, key: string): string[] {
  return [
    `ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey`,
    `ALTER TABLE ${table} ADD PRIMARY KEY (${key})`,
  ];
}
