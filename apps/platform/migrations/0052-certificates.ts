import {
  APP_ROLE,
  CURRENT_TENANT,
  type Migration,
  SYSTEM_ROLE,
  systemTable,
  tenantTable,
} from '#persistence';

/**
 * Granular certificates. Members read; all writing is the registry's, so that nobody can make a Wh or claim one twice:
 * of an issue no two standing certificates begin at one Wh, and a certificate is claimed once.
 */
export const certificatesMigration: Migration = {
  name: '0052-certificates',
  statements: [
    `CREATE TABLE certificate_issue (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      session_id uuid NOT NULL REFERENCES market_session,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      kind text NOT NULL,
      meter text NOT NULL,
      area text NOT NULL,
      technology text,
      quantity_wh bigint NOT NULL,
      traded_to uuid REFERENCES participant,
      supplements text,
      event_hash text NOT NULL UNIQUE,
      expires_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON certificate_issue (tenant_id, starts_at)',
    'CREATE INDEX ON certificate_issue (participant_id, starts_at)',
    'CREATE INDEX ON certificate_issue (session_id)',
    // A second issue of a meter and interval names the one before: nobody can issue beside it.
    'CREATE UNIQUE INDEX certificate_issue_first ON certificate_issue (meter, kind, starts_at) WHERE supplements IS NULL',
    'CREATE UNIQUE INDEX certificate_issue_next ON certificate_issue (supplements) WHERE supplements IS NOT NULL',
    ...tenantTable('certificate_issue', { privileges: 'SELECT' }),

    `CREATE TABLE certificate (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      issue_id uuid NOT NULL REFERENCES certificate_issue,
      first_number bigint NOT NULL,
      last_number bigint NOT NULL,
      state text NOT NULL,
      standing boolean NOT NULL,
      event_hash text NOT NULL,
      kind text NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      area text NOT NULL,
      technology text,
      bound boolean NOT NULL,
      expires_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON certificate (tenant_id, starts_at, id)',
    'CREATE INDEX ON certificate (participant_id, starts_at)',
    'CREATE INDEX ON certificate (issue_id)',
    'CREATE UNIQUE INDEX certificate_standing_key ON certificate (issue_id, first_number) WHERE standing',
    ...tenantTable('certificate', { privileges: 'SELECT' }),

    `CREATE TABLE certificate_event_holder (
      tenant_id uuid NOT NULL REFERENCES organisation,
      event_hash text NOT NULL,
      PRIMARY KEY (tenant_id, event_hash)
    )`,
    ...tenantTable('certificate_event_holder', { privileges: 'SELECT' }),

    `CREATE TABLE certificate_event (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      hash text NOT NULL UNIQUE,
      statement json NOT NULL,
      parents text[] NOT NULL,
      at timestamptz NOT NULL
    )`,
    ...systemTable('certificate_event', 'SELECT, INSERT'),
    `CREATE POLICY certificate_event_held ON certificate_event FOR SELECT TO ${APP_ROLE} USING (
      EXISTS (SELECT FROM certificate_event_holder h WHERE h.event_hash = hash AND h.tenant_id = ${CURRENT_TENANT}))`,
    `GRANT SELECT ON certificate_event TO ${APP_ROLE}`,

    `CREATE TABLE certificate_transfer (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      to_tenant_id uuid NOT NULL REFERENCES organisation,
      to_participant_id uuid NOT NULL REFERENCES participant,
      certificate_id uuid NOT NULL UNIQUE REFERENCES certificate,
      session_id uuid REFERENCES market_session,
      starts_at timestamptz NOT NULL,
      quantity_wh bigint NOT NULL,
      event_hash text NOT NULL UNIQUE,
      transferred_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON certificate_transfer (tenant_id, sequence)',
    'CREATE INDEX ON certificate_transfer (to_tenant_id, sequence)',
    ...tenantTable('certificate_transfer', {
      read: { where: `to_tenant_id = ${CURRENT_TENANT}` },
      privileges: 'SELECT',
    }),

    `CREATE TABLE certificate_claim (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      participant_id uuid NOT NULL REFERENCES participant,
      production_id uuid NOT NULL UNIQUE REFERENCES certificate,
      consumption_id uuid NOT NULL UNIQUE REFERENCES certificate,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      quantity_wh bigint NOT NULL,
      bound boolean NOT NULL,
      event_hash text NOT NULL UNIQUE,
      claimed_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON certificate_claim (tenant_id, sequence)',
    'CREATE INDEX ON certificate_claim (participant_id, starts_at)',
    ...tenantTable('certificate_claim', { privileges: 'SELECT' }),

    `CREATE TABLE certificate_shortfall (
      tenant_id uuid NOT NULL REFERENCES organisation,
      session_id uuid NOT NULL REFERENCES market_session,
      participant_id uuid NOT NULL REFERENCES participant,
      starts_at timestamptz NOT NULL,
      kind text NOT NULL,
      quantity_wh bigint NOT NULL,
      PRIMARY KEY (tenant_id, session_id, participant_id, starts_at, kind)
    )`,
    'CREATE INDEX ON certificate_shortfall (session_id)',
    ...tenantTable('certificate_shortfall', { privileges: 'SELECT' }),

    // What was issued, passed on and claimed is history: nobody changes it.
    ...['certificate_issue', 'certificate_event', 'certificate_event_holder', 'certificate_transfer', 'certificate_claim'].map((table) => `REVOKE UPDATE, DELETE ON ${table} FROM ${SYSTEM_ROLE}`), // prettier-ignore
    `REVOKE DELETE ON certificate FROM ${SYSTEM_ROLE}`,
  ],
};
