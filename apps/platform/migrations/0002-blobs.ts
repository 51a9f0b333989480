import { type Migration, tenantTable } from '#persistence';

export const blobsMigration: Migration = {
  name: '0002-blobs',
  statements: [
    `CREATE TABLE blob (
      tenant_id uuid NOT NULL REFERENCES organisation,
      sha256 text NOT NULL,
      bytes bigint NOT NULL,
      audience text NOT NULL CONSTRAINT blob_audience_check CHECK (audience IN ('private', 'community')),
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, sha256)
    )`,
    'CREATE INDEX ON blob (sha256)',
    ...tenantTable('blob', {
      read: { where: "audience = 'community'" },
      privileges: 'SELECT, INSERT, UPDATE',
    }),
  ],
};
