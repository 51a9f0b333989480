import { APP_ROLE, CURRENT_TENANT, type Migration, SYSTEM_ROLE, tenantTable } from '#persistence';
import { partyTable } from './0061-agreements.ts';

const onlyInsert = (table: string, condition: string): string =>
  `CREATE POLICY ${table}_insert ON ${table} AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (${condition})`;

/**
 * Encrypted versions, the keys they are re-encrypted to, and key fragments by agreement. Nothing here opens data by itself. Who
 * has an agreement with an organisation sees its receiving keys; who has one about a data set sees its manifests; a fragment is
 * seen by the two parties of its agreement, and is gone in the transaction that ends the agreement.
 */
export const deliveryMigration: Migration = {
  name: '0062-delivery',
  statements: [
    `CREATE TABLE receiving_keys (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      public_key text NOT NULL,
      signature text NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (tenant_id, public_key)
    )`,
    'CREATE INDEX ON receiving_keys (tenant_id, created_at)',
    ...tenantTable('receiving_keys', {
      read: {
        where: 'EXISTS (SELECT FROM data_agreements d WHERE d.consumer_id = receiving_keys.tenant_id)',
      },
      privileges: 'SELECT, INSERT',
    }),
    onlyInsert(
      'receiving_keys',
      `EXISTS (SELECT FROM participant p WHERE p.id = participant_id AND p.tenant_id = ${CURRENT_TENANT})`,
    ),

    `CREATE TABLE encrypted_versions (
      version_id uuid PRIMARY KEY REFERENCES data_set_versions,
      tenant_id uuid NOT NULL REFERENCES organisation,
      data_set_id uuid NOT NULL REFERENCES data_sets,
      participant_id uuid NOT NULL REFERENCES participant,
      manifest jsonb NOT NULL,
      signature text NOT NULL,
      chunk_list text NOT NULL,
      created_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON encrypted_versions (tenant_id, data_set_id)',
    ...tenantTable('encrypted_versions', {
      read: {
        where: 'EXISTS (SELECT FROM data_agreements d WHERE d.data_set_id = encrypted_versions.data_set_id)',
      },
      privileges: 'SELECT, INSERT',
    }),
    onlyInsert(
      'encrypted_versions',
      `EXISTS (SELECT FROM data_set_versions v WHERE v.id = version_id AND v.tenant_id = ${CURRENT_TENANT}
        AND v.data_set_id = encrypted_versions.data_set_id)
        AND EXISTS (SELECT FROM participant p WHERE p.id = participant_id AND p.tenant_id = ${CURRENT_TENANT})`,
    ),

    `CREATE TABLE delivery_grants (
      id uuid PRIMARY KEY,
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      version_id uuid NOT NULL REFERENCES encrypted_versions,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      resolution text,
      receiving_key text NOT NULL,
      fragment text NOT NULL,
      statement jsonb NOT NULL,
      signature text NOT NULL,
      valid_until timestamptz,
      created_at timestamptz NOT NULL,
      UNIQUE (agreement_id, version_id)
    )`,
    'CREATE INDEX ON delivery_grants (consumer_id, created_at)',
    'CREATE INDEX ON delivery_grants (provider_id, created_at)',
    'CREATE INDEX ON delivery_grants (valid_until)',
    ...partyTable('delivery_grants', 'SELECT, INSERT, DELETE'),
    onlyInsert(
      'delivery_grants',
      `provider_id = ${CURRENT_TENANT}
        AND EXISTS (SELECT FROM data_agreements d JOIN encrypted_versions v ON v.data_set_id = d.data_set_id
          WHERE d.id = agreement_id AND v.version_id = delivery_grants.version_id AND v.tenant_id = ${CURRENT_TENANT}
            AND d.consumer_id = delivery_grants.consumer_id AND d.provider_id = delivery_grants.provider_id
            AND d.valid_until IS NOT DISTINCT FROM delivery_grants.valid_until)`,
    ),
    `CREATE FUNCTION delivery_grants_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM delivery_grants WHERE agreement_id = NEW.agreement_id;
  RETURN NULL;
END $$`,
    `CREATE TRIGGER delivery_grants_end AFTER INSERT ON agreement_events
      FOR EACH ROW WHEN (NEW.type <> 'FINALISED') EXECUTE FUNCTION delivery_grants_end()`,

    ...['receiving_keys', 'encrypted_versions'].map((table) => `REVOKE UPDATE, DELETE ON ${table} FROM ${SYSTEM_ROLE}`), // prettier-ignore
  ],
};
