import { APP_ROLE, CURRENT_TENANT, type Migration, systemTable, tenantTable } from '#persistence';

/** Its columns are those of audit_chain, or of audit_entry's own chain. */
const PARTY = `(tenant_id = ${CURRENT_TENANT} OR provider_id = ${CURRENT_TENANT})`;
const AUDITOR = `EXISTS (SELECT FROM audit_reader r WHERE r.tenant_id = ${CURRENT_TENANT})`;
const IN_OWN_CHAIN = `EXISTS (SELECT FROM audit_chain c WHERE c.id = chain AND ${PARTY.replaceAll(/(tenant_id|provider_id)/g, 'c.$1')})`;

/**
 * Decisions about data in hash chains: one an agreement, one an organisation for what it asks for without being a party.
 * Entries are only ever inserted. Who reads a chain are its parties, and organisations named in audit_reader.
 */
export const auditMigration: Migration = {
  name: '0065-audit',
  statements: [
    `CREATE TABLE audit_reader (
      tenant_id uuid PRIMARY KEY REFERENCES organisation
    )`,
    ...tenantTable('audit_reader', { privileges: 'SELECT' }),

    `CREATE TABLE audit_chain (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      index bigint NOT NULL,
      hash text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON audit_chain (tenant_id, created_at)',
    'CREATE INDEX ON audit_chain (provider_id)',
    ...systemTable('audit_chain', 'SELECT, INSERT, UPDATE'),
    `CREATE POLICY audit_chain_party ON audit_chain TO ${APP_ROLE} USING (${PARTY}) WITH CHECK (${PARTY})`,
    `CREATE POLICY audit_chain_auditor ON audit_chain FOR SELECT TO ${APP_ROLE} USING (${AUDITOR})`,
    `GRANT SELECT, INSERT, UPDATE (index, hash) ON audit_chain TO ${APP_ROLE}`,

    `CREATE TABLE audit_entry (
      chain uuid NOT NULL REFERENCES audit_chain,
      index bigint NOT NULL,
      salt text NOT NULL,
      previous_hash text NOT NULL,
      hash text NOT NULL UNIQUE,
      organisation_id uuid NOT NULL REFERENCES organisation,
      actor_kind text NOT NULL,
      actor_id uuid NOT NULL,
      agreement_id uuid,
      operation text NOT NULL,
      rows bigint NOT NULL,
      bytes bigint NOT NULL,
      decision text NOT NULL,
      code text,
      at timestamptz NOT NULL,
      PRIMARY KEY (chain, index)
    )`,
    ...systemTable('audit_entry', 'SELECT, INSERT'),
    `CREATE POLICY audit_entry_party ON audit_entry FOR SELECT TO ${APP_ROLE} USING (${IN_OWN_CHAIN})`,
    // In one's own name only, and into no chain but those one is a party of.
    `CREATE POLICY audit_entry_own ON audit_entry FOR INSERT TO ${APP_ROLE}
      WITH CHECK (organisation_id = ${CURRENT_TENANT} AND ${IN_OWN_CHAIN})`,
    `CREATE POLICY audit_entry_auditor ON audit_entry FOR SELECT TO ${APP_ROLE} USING (${AUDITOR})`,
    `GRANT SELECT, INSERT ON audit_entry TO ${APP_ROLE}`,
  ],
};
