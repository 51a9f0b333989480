import { GENESIS } from '#ledger';
import { APP_ROLE, CURRENT_TENANT, type Migration, systemTable, tenantTable } from '#persistence';

/** Entries are only ever inserted: no role may change or delete one. */
export const ledgerMigration: Migration = {
  name: '0021-ledger',
  statements: [
    `CREATE TABLE ledger_entry (
      index bigint PRIMARY KEY,
      previous_hash text NOT NULL,
      hash text NOT NULL UNIQUE,
      type text NOT NULL,
      reference text NOT NULL,
      currency text NOT NULL,
      postings json NOT NULL,
      memo text NOT NULL,
      at timestamptz NOT NULL,
      UNIQUE (type, reference)
    )`,
    `CREATE TABLE ledger_holder (
      tenant_id uuid NOT NULL REFERENCES organisation,
      entry_index bigint NOT NULL REFERENCES ledger_entry,
      PRIMARY KEY (tenant_id, entry_index)
    )`,
    ...tenantTable('ledger_holder', { privileges: 'SELECT' }),

    ...systemTable('ledger_entry', 'SELECT, INSERT'),
    `CREATE POLICY ledger_entry_holder ON ledger_entry FOR SELECT TO ${APP_ROLE} USING (
      EXISTS (SELECT FROM ledger_holder h WHERE h.entry_index = index AND h.tenant_id = ${CURRENT_TENANT}))`,
    `GRANT SELECT ON ledger_entry TO ${APP_ROLE}`,

    `CREATE TABLE ledger_head (
      id smallint PRIMARY KEY CHECK (id = 1),
      index bigint NOT NULL,
      hash text NOT NULL
    )`,
    // Before the policies, which would bind the owner too.
    `INSERT INTO ledger_head (id, index, hash) VALUES (1, ${GENESIS.index}, '${GENESIS.hash}')`,
    ...systemTable('ledger_head', 'SELECT, UPDATE'),
  ],
};
