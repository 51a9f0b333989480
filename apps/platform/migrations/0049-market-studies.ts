import { type Migration, tenantTable } from '#persistence';

/** Computations that organisations ask for; input and result are their own alone. */
export const marketStudiesMigration: Migration = {
  name: '0049-market-studies',
  statements: [
    `CREATE TABLE market_study (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      verb text NOT NULL,
      method text,
      input json NOT NULL,
      options json NOT NULL,
      time_limit_ms integer NOT NULL,
      idempotency_key text NOT NULL,
      request_hash text NOT NULL,
      state text NOT NULL,
      revision integer NOT NULL,
      progress double precision,
      progress_text text,
      result json,
      error_code text,
      error_message text,
      error_data json,
      solver_ms double precision,
      attempts integer NOT NULL,
      lease_id uuid,
      lease_until timestamptz,
      created_at timestamptz(6) NOT NULL DEFAULT now(),
      started_at timestamptz,
      finished_at timestamptz,
      expires_at timestamptz,
      UNIQUE (tenant_id, idempotency_key)
    )`,
    'CREATE INDEX ON market_study (tenant_id, created_at)',
    'CREATE INDEX ON market_study (state)',
    'CREATE INDEX ON market_study (expires_at)',
    ...tenantTable('market_study'),
  ],
};
