import { APP_ROLE, CURRENT_TENANT, type Migration, SYSTEM_ROLE, systemTable } from '#persistence';

/** Policies and grants of a table whose rows belong to the two parties of a negotiation alike. */
export const partyTable = (table: string, privileges: string): readonly string[] => {
  const own = `(consumer_id = ${CURRENT_TENANT} OR provider_id = ${CURRENT_TENANT})`;
  return [
    ...systemTable(table),
    `CREATE POLICY ${table}_parties ON ${table} TO ${APP_ROLE} USING ${own} WITH CHECK ${own}`,
    `GRANT ${privileges} ON ${table} TO ${APP_ROLE}`,
  ];
};

/** A condition on what a party writes, beside that the row is of its own. */
const onlyInsert = (table: string, name: string, condition: string): string =>
  `CREATE POLICY ${table}_${name} ON ${table} AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (${condition})`;

/** That the provider itself is writing, or has said that its listed terms, and no others, are agreed to by themselves. */
const byProvider = (row: string): string =>
  `(${row}.provider_id = ${CURRENT_TENANT} OR EXISTS (SELECT FROM automatic_offers a JOIN data_offers o ON o.id = a.offer_id
    WHERE a.offer_id = ${row}.offer_id AND o.policy_hash = ${row}.policy_hash
      AND o.valid_until IS NOT DISTINCT FROM ${row}.valid_until))`;

/**
 * Negotiations of the Dataspace Protocol, agreements and transfers, each seen by its two parties and nobody else. What was
 * said and agreed stays as it was: agreements change in nothing but when they were paid, and on a priced one only the
 * payment's own transaction writes that.
 */
export const agreementsMigration: Migration = {
  name: '0061-agreements',
  statements: [
    `CREATE TABLE automatic_offers (
      offer_id uuid PRIMARY KEY REFERENCES data_offers,
      tenant_id uuid NOT NULL REFERENCES organisation,
      created_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON automatic_offers (tenant_id)',
    ...systemTable('automatic_offers'),
    `CREATE POLICY automatic_offers_own ON automatic_offers TO ${APP_ROLE} USING (tenant_id = ${CURRENT_TENANT})
      WITH CHECK (tenant_id = ${CURRENT_TENANT}
        AND EXISTS (SELECT FROM data_offers o WHERE o.id = offer_id AND o.tenant_id = ${CURRENT_TENANT}))`,
    `CREATE POLICY automatic_offers_listed ON automatic_offers FOR SELECT TO ${APP_ROLE}
      USING (EXISTS (SELECT FROM data_offers o WHERE o.id = offer_id))`,
    `GRANT SELECT, INSERT, DELETE ON automatic_offers TO ${APP_ROLE}`,

    `CREATE TABLE negotiations (
      id uuid PRIMARY KEY,
      consumer_pid text NOT NULL,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      offer_id uuid NOT NULL REFERENCES data_offers,
      data_set_id uuid NOT NULL REFERENCES data_sets,
      request_hash text NOT NULL,
      state text NOT NULL,
      rounds integer NOT NULL,
      offered_by text NOT NULL,
      policy jsonb NOT NULL,
      policy_hash text NOT NULL,
      price jsonb,
      valid_from timestamptz NOT NULL,
      valid_until timestamptz,
      agreement_id uuid,
      reason_code text,
      reason text,
      expires_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      changed_at timestamptz NOT NULL,
      UNIQUE (consumer_id, consumer_pid),
      CONSTRAINT negotiations_parties CHECK (consumer_id <> provider_id)
    )`,
    'CREATE INDEX ON negotiations (consumer_id, created_at)',
    'CREATE INDEX ON negotiations (provider_id, created_at)',
    'CREATE INDEX ON negotiations (state, expires_at)',
    ...partyTable(
      'negotiations',
      `SELECT, INSERT, UPDATE (state, rounds, offered_by, policy, policy_hash, valid_from, valid_until, agreement_id,
        reason_code, reason, expires_at, changed_at)`,
    ),
    onlyInsert(
      'negotiations',
      'of_offer',
      `consumer_id = ${CURRENT_TENANT} AND EXISTS (SELECT FROM data_offers o WHERE o.id = offer_id
        AND o.tenant_id = provider_id AND o.data_set_id = negotiations.data_set_id)`,
    ),

    `CREATE TABLE negotiation_messages (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      negotiation_id uuid NOT NULL REFERENCES negotiations,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      type text NOT NULL,
      sender text NOT NULL,
      automatic boolean NOT NULL,
      state text NOT NULL,
      policy jsonb,
      policy_hash text,
      valid_from timestamptz,
      valid_until timestamptz,
      reason_code text,
      reason text,
      created_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON negotiation_messages (negotiation_id, sequence)',
    'CREATE INDEX ON negotiation_messages (consumer_id, sequence)',
    'CREATE INDEX ON negotiation_messages (provider_id, sequence)',
    ...partyTable('negotiation_messages', 'SELECT, INSERT'),
    onlyInsert(
      'negotiation_messages',
      'own_words',
      `EXISTS (SELECT FROM negotiations n WHERE n.id = negotiation_id
        AND n.consumer_id = negotiation_messages.consumer_id AND n.provider_id = negotiation_messages.provider_id
        AND ((sender = 'consumer' AND NOT automatic AND n.consumer_id = ${CURRENT_TENANT})
          OR (sender = 'provider' AND NOT automatic AND n.provider_id = ${CURRENT_TENANT})
          OR (sender = 'provider' AND automatic AND ${byProvider('n')})))`,
    ),

    `CREATE TABLE data_agreements (
      id uuid PRIMARY KEY,
      negotiation_id uuid NOT NULL UNIQUE REFERENCES negotiations,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      offer_id uuid NOT NULL REFERENCES data_offers,
      data_set_id uuid NOT NULL REFERENCES data_sets,
      policy jsonb NOT NULL,
      policy_hash text NOT NULL,
      price jsonb,
      valid_from timestamptz NOT NULL,
      valid_until timestamptz,
      hash text NOT NULL,
      created_at timestamptz NOT NULL,
      paid_at timestamptz
    )`,
    'CREATE INDEX ON data_agreements (consumer_id, created_at)',
    'CREATE INDEX ON data_agreements (provider_id, created_at)',
    'CREATE INDEX ON data_agreements (data_set_id)',
    ...partyTable('data_agreements', 'SELECT, INSERT, UPDATE (paid_at)'),
    onlyInsert(
      'data_agreements',
      'as_negotiated',
      `paid_at IS NULL AND ${byProvider('data_agreements')}
        AND EXISTS (SELECT FROM negotiations n WHERE n.id = negotiation_id AND n.state = 'AGREED'
          AND n.agreement_id = data_agreements.id AND n.consumer_id = data_agreements.consumer_id
          AND n.provider_id = data_agreements.provider_id AND n.offer_id = data_agreements.offer_id
          AND n.data_set_id = data_agreements.data_set_id AND n.policy_hash = data_agreements.policy_hash
          AND n.price IS NOT DISTINCT FROM data_agreements.price)`,
    ),
    `CREATE FUNCTION data_agreement_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.paid_at IS NOT NULL
    OR to_jsonb(NEW) - 'paid_at' IS DISTINCT FROM to_jsonb(OLD) - 'paid_at' THEN
    RAISE EXCEPTION 'an agreement is immutable';
  END IF;
  IF OLD.price IS NOT NULL AND current_user = '${APP_ROLE}' THEN
    RAISE EXCEPTION 'a priced agreement is paid by its payment only';
  END IF;
  RETURN NEW;
END $$`,
    `CREATE TRIGGER data_agreement_unchanged BEFORE UPDATE OR DELETE ON data_agreements
      FOR EACH ROW EXECUTE FUNCTION data_agreement_unchanged()`,

    `CREATE TABLE agreement_events (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      type text NOT NULL,
      sender text NOT NULL,
      reason_code text,
      reason text,
      successor_id uuid REFERENCES data_agreements,
      created_at timestamptz NOT NULL,
      UNIQUE (agreement_id, type)
    )`,
    'CREATE INDEX ON agreement_events (consumer_id)',
    'CREATE INDEX ON agreement_events (provider_id)',
    ...partyTable('agreement_events', 'SELECT, INSERT'),
    onlyInsert(
      'agreement_events',
      'of_parties',
      `EXISTS (SELECT FROM data_agreements d WHERE d.id = agreement_id
        AND d.consumer_id = agreement_events.consumer_id AND d.provider_id = agreement_events.provider_id
        AND (type <> 'REVOKED' OR d.provider_id = ${CURRENT_TENANT})
        AND (type <> 'FINALISED' OR ${byProvider('d')}))`,
    ),

    `CREATE TABLE agreement_uses (
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      use_id text NOT NULL,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      action text NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (agreement_id, action, use_id)
    )`,
    'CREATE INDEX ON agreement_uses (consumer_id)',
    'CREATE INDEX ON agreement_uses (provider_id)',
    ...partyTable('agreement_uses', 'SELECT, INSERT'),
    onlyInsert(
      'agreement_uses',
      'of_consumer',
      `consumer_id = ${CURRENT_TENANT} AND EXISTS (SELECT FROM data_agreements d WHERE d.id = agreement_id
        AND d.consumer_id = agreement_uses.consumer_id AND d.provider_id = agreement_uses.provider_id)`,
    ),

    `CREATE TABLE transfers (
      id uuid PRIMARY KEY,
      consumer_pid text NOT NULL,
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      format text NOT NULL,
      request_hash text NOT NULL,
      state text NOT NULL,
      reason_code text,
      reason text,
      created_at timestamptz NOT NULL,
      changed_at timestamptz NOT NULL,
      UNIQUE (consumer_id, consumer_pid)
    )`,
    'CREATE INDEX ON transfers (agreement_id)',
    'CREATE INDEX ON transfers (consumer_id, created_at)',
    'CREATE INDEX ON transfers (provider_id, created_at)',
    ...partyTable('transfers', 'SELECT, INSERT, UPDATE (state, reason_code, reason, changed_at)'),
    onlyInsert(
      'transfers',
      'of_consumer',
      `consumer_id = ${CURRENT_TENANT} AND EXISTS (SELECT FROM data_agreements d WHERE d.id = agreement_id
        AND d.consumer_id = transfers.consumer_id AND d.provider_id = transfers.provider_id)`,
    ),

    ...['negotiation_messages', 'agreement_events', 'agreement_uses'].map((table) => `REVOKE UPDATE, DELETE ON ${table} FROM ${SYSTEM_ROLE}`), // prettier-ignore
    ...['negotiations', 'data_agreements', 'transfers'].map((table) => `REVOKE DELETE ON ${table} FROM ${SYSTEM_ROLE}`), // prettier-ignore
  ],
};
