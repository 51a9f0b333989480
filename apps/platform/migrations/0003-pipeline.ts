import { type Migration, systemTable, tenantTable } from '#persistence';

export const pipelineMigration: Migration = {
  name: '0003-pipeline',
  statements: [
    `CREATE TABLE request_nonce (
      participant_id uuid NOT NULL,
      nonce text NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (participant_id, nonce)
    )`,
    'CREATE INDEX ON request_nonce (expires_at)',
    ...systemTable('request_nonce'),

    `CREATE TABLE idempotency_key (
      tenant_id uuid NOT NULL,
      key text NOT NULL,
      request_hash text NOT NULL,
      response bytea,
      locked_until timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, key)
    )`,
    'CREATE INDEX ON idempotency_key (expires_at)',
    ...tenantTable('idempotency_key'),
  ],
};
