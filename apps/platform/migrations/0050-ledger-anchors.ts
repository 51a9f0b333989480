import { APP_ROLE, type Migration, systemTable } from '#persistence';

/** Where days were anchored: only ever inserted, and only by the system; every member reads it. */
export const ledgerAnchorsMigration: Migration = {
  name: '0050-ledger-anchors',
  statements: [
    `CREATE TABLE ledger_anchor (
      day date PRIMARY KEY REFERENCES ledger_day,
      chain_id bigint NOT NULL,
      contract text NOT NULL,
      transaction text,
      block bigint,
      CONSTRAINT ledger_anchor_mined_check CHECK ((transaction IS NULL) = (block IS NULL))
    )`,
    ...systemTable('ledger_anchor', 'SELECT, INSERT'),
    `CREATE POLICY ledger_anchor_community ON ledger_anchor FOR SELECT TO ${APP_ROLE} USING (true)`,
    `GRANT SELECT ON ledger_anchor TO ${APP_ROLE}`,
  ],
};
