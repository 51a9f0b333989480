import { APP_ROLE, type Migration, systemTable, tenantTable } from '#persistence';

/**
 * Salts of entries, signed records of days and participants' counter-signatures. Records are only ever inserted, and only
 * by the system; every member reads them and who counter-signed.
 */
export const ledgerDaysMigration: Migration = {
  name: '0045-ledger-days',
  statements: [
    'ALTER TABLE ledger_entry ADD COLUMN salt text',
    // Of entries to come, not of those that are there.
    'ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_salt_check CHECK (salt IS NOT NULL) NOT VALID',

    `CREATE TABLE ledger_day (
      day date PRIMARY KEY,
      first_index bigint NOT NULL UNIQUE REFERENCES ledger_entry,
      last_index bigint NOT NULL UNIQUE REFERENCES ledger_entry,
      entries bigint NOT NULL,
      root text NOT NULL,
      head text NOT NULL,
      previous text NOT NULL UNIQUE,
      platform_key text NOT NULL,
      hash text NOT NULL UNIQUE,
      signature text NOT NULL
    )`,
    ...systemTable('ledger_day', 'SELECT, INSERT'),
    `CREATE POLICY ledger_day_community ON ledger_day FOR SELECT TO ${APP_ROLE} USING (true)`,
    `GRANT SELECT ON ledger_day TO ${APP_ROLE}`,

    `CREATE TABLE ledger_countersignature (
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      day date NOT NULL REFERENCES ledger_day,
      signing_key text NOT NULL,
      signature text NOT NULL,
      signed_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, participant_id, day),
      UNIQUE (day, participant_id)
    )`,
    ...tenantTable('ledger_countersignature', { read: 'community', privileges: 'SELECT, INSERT' }),
  ],
};
