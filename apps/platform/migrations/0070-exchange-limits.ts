import { APP_ROLE, CURRENT_TENANT, type Migration, systemTable } from '#persistence';

const READABLE =
  'EXISTS (SELECT FROM audit_entry e WHERE e.chain = audit_repeat.chain AND e.index = audit_repeat.index)';
const OWN = `EXISTS (SELECT FROM audit_entry e WHERE e.chain = audit_repeat.chain AND e.index = audit_repeat.index
  AND e.organisation_id = ${CURRENT_TENANT})`;

/** How often a recorded refusal was made again: seen with its entry, counted by whoever is refused. */
const REPEATS = [
  `CREATE TABLE audit_repeat (
    chain uuid NOT NULL,
    index bigint NOT NULL,
    count bigint NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (chain, index),
    FOREIGN KEY (chain, index) REFERENCES audit_entry (chain, index)
  )`,
  ...systemTable('audit_repeat', 'SELECT, INSERT, UPDATE'),
  `CREATE POLICY audit_repeat_readable ON audit_repeat FOR SELECT TO ${APP_ROLE} USING (${READABLE})`,
  `CREATE POLICY audit_repeat_begun ON audit_repeat FOR INSERT TO ${APP_ROLE} WITH CHECK (${OWN})`,
  `CREATE POLICY audit_repeat_counted ON audit_repeat FOR UPDATE TO ${APP_ROLE} USING (${OWN}) WITH CHECK (${OWN})`,
  `GRANT SELECT, INSERT, UPDATE (count, last_at) ON audit_repeat TO ${APP_ROLE}`,
  "CREATE INDEX audit_entry_refusals ON audit_entry (chain, at) WHERE decision = 'DENY'",
];

export const exchangeLimitsMigration: Migration = {
  name: '0070-exchange-limits',
  statements: [...REPEATS],
};
