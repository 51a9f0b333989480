import { type Migration, tenantTable } from '#persistence';

/**
 * Orders that participants declare for sessions to come. A declaration is never changed, only revoked; what became of it in a
 * session is written once, by the system. All of it is its participant's alone.
 */
export const defaultOrdersMigration: Migration = {
  name: '0057-default-orders',
  statements: [
    `CREATE TABLE market_default_declaration (
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      declaration_id text NOT NULL,
      product text NOT NULL,
      resolution_minutes integer NOT NULL,
      zone text NOT NULL,
      currency text NOT NULL,
      first_day text NOT NULL,
      last_day text NOT NULL,
      orders json NOT NULL,
      signature text NOT NULL,
      declared_at timestamptz NOT NULL,
      revoked_at timestamptz,
      revocation_signature text,
      PRIMARY KEY (tenant_id, participant_id, declaration_id)
    )`,
    'CREATE INDEX ON market_default_declaration (zone, product, resolution_minutes, last_day)',
    ...tenantTable('market_default_declaration', {
      privileges: 'SELECT, INSERT, UPDATE (revoked_at, revocation_signature)',
    }),

    `CREATE TABLE market_default_withdrawal (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      signature text NOT NULL,
      withdrawn_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id)
    )`,
    'CREATE INDEX ON market_default_withdrawal (session_id)',
    ...tenantTable('market_default_withdrawal', { privileges: 'SELECT, INSERT' }),

    `CREATE TABLE market_default_placement (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      declaration_id text NOT NULL,
      hash text,
      reason text,
      placed_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id)
    )`,
    'CREATE INDEX ON market_default_placement (session_id)',
    ...tenantTable('market_default_placement', { privileges: 'SELECT' }),
  ],
};
