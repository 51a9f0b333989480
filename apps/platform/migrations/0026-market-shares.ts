import { APP_ROLE, CURRENT_TENANT, type Migration, tenantTable } from '#persistence';

/**
 * How a settled session's surplus may be shared. That it was worked out, or why not, every member reads; a share only its
 * member and the organiser.
 */
export const marketSharesMigration: Migration = {
  name: '0026-market-shares',
  statements: [
    "ALTER TABLE market_session ADD COLUMN powers json NOT NULL DEFAULT '[]'",
    'ALTER TABLE market_session ALTER COLUMN powers DROP DEFAULT',

    `CREATE TABLE market_sharing (
      session_id uuid NOT NULL REFERENCES market_session,
      method text NOT NULL,
      tenant_id uuid NOT NULL REFERENCES organisation,
      surplus_minor bigint NOT NULL,
      refusal text,
      PRIMARY KEY (tenant_id, session_id, method)
    )`,
    'CREATE INDEX ON market_sharing (session_id)',
    ...tenantTable('market_sharing', { read: 'community', privileges: 'SELECT' }),

    `CREATE TABLE market_share (
      session_id uuid NOT NULL REFERENCES market_session,
      method text NOT NULL,
      participant_id uuid NOT NULL REFERENCES participant,
      tenant_id uuid NOT NULL REFERENCES organisation,
      organiser_id uuid NOT NULL REFERENCES organisation,
      saved_minor bigint NOT NULL,
      share_minor bigint NOT NULL,
      standard_error_minor double precision NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, method)
    )`,
    'CREATE INDEX ON market_share (session_id, method)',
    ...tenantTable('market_share', { privileges: 'SELECT' }),
    `CREATE POLICY market_share_organiser ON market_share FOR SELECT TO ${APP_ROLE} USING (organiser_id = ${CURRENT_TENANT})`,
  ],
};
