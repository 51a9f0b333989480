import { type Migration, tenantTable } from '#persistence';

export const identityMigration: Migration = {
  name: '0001-identity',
  statements: [
    `CREATE TABLE organisation (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      legal_id text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,
    ...tenantTable('organisation', {
      tenantColumn: 'id',
      read: 'community',
      privileges: 'SELECT, INSERT, UPDATE',
    }),

    `CREATE TABLE member (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (tenant_id, name)
    )`,
    ...tenantTable('member', { privileges: 'SELECT, INSERT, UPDATE' }),

    `CREATE TABLE api_key (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      member_id uuid NOT NULL REFERENCES member,
      prefix text NOT NULL UNIQUE,
      secret_hash text NOT NULL,
      roles text[] NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      revoked_at timestamptz
    )`,
    'CREATE INDEX ON api_key (tenant_id, created_at)',
    ...tenantTable('api_key', { privileges: 'SELECT, INSERT, UPDATE' }),

    `CREATE TABLE participant (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      signing_key text NOT NULL UNIQUE,
      agreement_key text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON participant (tenant_id, created_at)',
    ...tenantTable('participant', { read: 'community', privileges: 'SELECT, INSERT' }),

    `CREATE TABLE enrolment_token (
      token_hash text PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      issuer_id uuid NOT NULL REFERENCES organisation,
      expires_at timestamptz NOT NULL,
      participant_id uuid REFERENCES participant,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON enrolment_token (tenant_id, created_at)',
    ...tenantTable('enrolment_token', { privileges: 'SELECT, INSERT, UPDATE' }),
  ],
};
