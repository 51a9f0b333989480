import { APP_ROLE, CURRENT_TENANT, type Migration, SYSTEM_ROLE, systemTable } from '#persistence';

const READABLE =
  'EXISTS (SELECT FROM audit_entry e WHERE e.chain = audit_repeat.chain AND e.index = audit_repeat.index)';
const OWN = `EXISTS (SELECT FROM audit_entry e WHERE e.chain = audit_repeat.chain AND e.index = audit_repeat.index
  AND e.organisation_id = ${CURRENT_TENANT})`;

/** How often a recorded refusal was made again: seen with its entry, counted by whoever is refused. */
const REPEATS = [
  `CREATE TABLE audit_repeat (
    chain uuid NOT NULL,
    index bigint NOT NULL,
    count bigint NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (chain, index),
    FOREIGN KEY (chain, index) REFERENCES audit_entry (chain, index)
  )`,
  ...systemTable('audit_repeat', 'SELECT, INSERT, UPDATE'),
  `CREATE POLICY audit_repeat_readable ON audit_repeat FOR SELECT TO ${APP_ROLE} USING (${READABLE})`,
  `CREATE POLICY audit_repeat_begun ON audit_repeat FOR INSERT TO ${APP_ROLE} WITH CHECK (${OWN})`,
  `CREATE POLICY audit_repeat_counted ON audit_repeat FOR UPDATE TO ${APP_ROLE} USING (${OWN}) WITH CHECK (${OWN})`,
  `GRANT SELECT, INSERT, UPDATE (count, last_at) ON audit_repeat TO ${APP_ROLE}`,
  "CREATE INDEX audit_entry_refusals ON audit_entry (chain, at) WHERE decision = 'DENY'",
];

/** As in 0066. */
const byProvider = (row: string): string =>
  `(${row}.provider_id = ${CURRENT_TENANT} OR EXISTS (SELECT FROM automatic_offers a JOIN data_offers o ON o.id = a.offer_id
    WHERE a.offer_id = ${row}.offer_id AND o.policy_hash = ${row}.policy_hash AND o.price IS NOT DISTINCT FROM ${row}.price
      AND o.valid_until IS NOT DISTINCT FROM ${row}.valid_until))`;

/** No table or operator of a caller's own schema, nor a temporary one, stands in for those that a function means. */
const SEARCH_PATH = 'SET search_path = pg_catalog, public, pg_temp';

/**
 * Each party causes its own events alone: the provider revokes, the consumer retires and supersedes, and what was finalised
 * lapses no more. A function, since a policy that asked the events itself would be asked by the policy of their insertion.
 */
const EVENTS = [
  `CREATE FUNCTION is_agreement_finalised(wanted uuid) RETURNS boolean LANGUAGE sql STABLE ${SEARCH_PATH} AS $$
    SELECT EXISTS (SELECT FROM agreement_events e WHERE e.agreement_id = wanted AND e.type = 'FINALISED') $$`,
  'DROP POLICY agreement_events_of_parties ON agreement_events',
  `CREATE POLICY agreement_events_of_parties ON agreement_events AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
    EXISTS (SELECT FROM data_agreements d WHERE d.id = agreement_id
      AND d.consumer_id = agreement_events.consumer_id AND d.provider_id = agreement_events.provider_id
      AND CASE type
        WHEN 'FINALISED' THEN sender = 'provider' AND ${byProvider('d')}
        WHEN 'REVOKED' THEN sender = 'provider' AND d.provider_id = ${CURRENT_TENANT}
        WHEN 'RETIRED' THEN sender = 'consumer' AND d.consumer_id = ${CURRENT_TENANT}
        WHEN 'SUPERSEDED' THEN sender = 'consumer' AND d.consumer_id = ${CURRENT_TENANT}
          AND EXISTS (SELECT FROM data_agreements s WHERE s.id = successor_id AND s.consumer_id = d.consumer_id
            AND s.provider_id = d.provider_id AND s.data_set_id = d.data_set_id AND s.created_at > d.created_at)
        WHEN 'LAPSED' THEN NOT is_agreement_finalised(d.id)
          AND CASE sender WHEN 'consumer' THEN d.consumer_id WHEN 'provider' THEN d.provider_id END = ${CURRENT_TENANT}
        ELSE false
      END
      AND (type = 'SUPERSEDED' OR successor_id IS NULL)))`,
];

const FUNCTIONS = ['data_set', 'offer'].map(
  (of) => `ALTER FUNCTION holds_agreement_of_${of}(uuid) ${SEARCH_PATH}`,
);

/** Changes of the catalogue are news: a job forgets them in time. */
const NEWS = [
  `GRANT DELETE ON catalogue_changes TO ${SYSTEM_ROLE}`,
  'CREATE INDEX ON catalogue_changes (created_at)',
];

export const exchangeLimitsMigration: Migration = {
  name: '0070-exchange-limits',
  statements: [...REPEATS, ...EVENTS, ...FUNCTIONS, ...NEWS],
};
