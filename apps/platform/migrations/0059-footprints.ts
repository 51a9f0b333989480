import { APP_ROLE, CURRENT_TENANT, type Migration, tenantTable } from '#persistence';

/**
 * Product footprints: read by their owner and by whom it has granted them, as long as it has. A footprint is never changed but
 * for when it was superseded, a grant but for when it was revoked.
 */
export const footprintsMigration: Migration = {
  name: '0059-footprints',
  statements: [
    `CREATE TABLE footprint (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id uuid NOT NULL UNIQUE,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      document jsonb NOT NULL,
      product_ids text[] NOT NULL,
      company_ids text[] NOT NULL,
      classifications text[] NOT NULL,
      geographies text[] NOT NULL,
      valid_from timestamptz NOT NULL,
      valid_to timestamptz NOT NULL,
      deprecated_at timestamptz,
      published_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON footprint (tenant_id, sequence)',

    `CREATE TABLE footprint_grant (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      footprint_id uuid NOT NULL REFERENCES footprint (id),
      grantee_id uuid NOT NULL REFERENCES organisation,
      granted_at timestamptz NOT NULL,
      revoked_at timestamptz,
      CONSTRAINT footprint_grant_other CHECK (grantee_id <> tenant_id)
    )`,
    'CREATE INDEX ON footprint_grant (tenant_id, footprint_id, sequence)',
    'CREATE INDEX ON footprint_grant (grantee_id)',
    `CREATE UNIQUE INDEX footprint_grant_in_force_key ON footprint_grant (footprint_id, grantee_id)
      WHERE revoked_at IS NULL`,
    ...tenantTable('footprint_grant', {
      read: { where: `grantee_id = ${CURRENT_TENANT} AND revoked_at IS NULL` },
      privileges: 'SELECT, INSERT, UPDATE (revoked_at)',
    }),
    `CREATE POLICY footprint_grant_of_own ON footprint_grant AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
      EXISTS (SELECT FROM footprint f WHERE f.id = footprint_id AND f.tenant_id = ${CURRENT_TENANT}))`,

    ...tenantTable('footprint', {
      read: {
        // Read once a query, not once a row.
        where: `id IN (SELECT g.footprint_id FROM footprint_grant g
          WHERE g.grantee_id = ${CURRENT_TENANT} AND g.revoked_at IS NULL)`,
      },
      privileges: 'SELECT, INSERT, UPDATE (deprecated_at)',
    }),
  ],
};
