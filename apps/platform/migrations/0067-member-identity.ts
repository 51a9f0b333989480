import { type Migration, tenantTable } from '#persistence';

/** Subjects of an identity provider, and whom each acts as. A subject is linked once at a time, by whichever organisation. */
export const memberIdentityMigration: Migration = {
  name: '0067-member-identity',
  statements: [
    `CREATE TABLE member_identity (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      member_id uuid NOT NULL REFERENCES member,
      issuer text NOT NULL,
      subject text NOT NULL,
      roles text[] NOT NULL,
      created_at timestamptz NOT NULL,
      unlinked_at timestamptz
    )`,
    'CREATE INDEX ON member_identity (tenant_id, created_at)',
    'CREATE UNIQUE INDEX member_identity_linked_key ON member_identity (issuer, subject) WHERE unlinked_at IS NULL',
    ...tenantTable('member_identity', { privileges: 'SELECT, INSERT, UPDATE' }),
  ],
};
