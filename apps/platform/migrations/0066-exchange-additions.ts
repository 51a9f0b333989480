import { APP_ROLE, CURRENT_TENANT, type Migration, SYSTEM_ROLE, tenantTable } from '#persistence';

const replaced = (table: string, policy: string, definition: string): readonly string[] => [
  `DROP POLICY ${policy} ON ${table}`,
  `CREATE POLICY ${policy} ON ${table} ${definition}`,
];

const onlyInsert = (table: string, name: string, condition: string): readonly string[] =>
  replaced(table, `${table}_${name}`, `AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (${condition})`);

const ofListed = (dataSet: string): string =>
  `EXISTS (SELECT FROM data_sets d WHERE d.id = ${dataSet} AND d.status = 'listed')`;

/** As in 0061, and for exactly the listed price: since then terms may name another one. */
const byProvider = (row: string): string =>
  `(${row}.provider_id = ${CURRENT_TENANT} OR EXISTS (SELECT FROM automatic_offers a JOIN data_offers o ON o.id = a.offer_id
    WHERE a.offer_id = ${row}.offer_id AND o.policy_hash = ${row}.policy_hash AND o.price IS NOT DISTINCT FROM ${row}.price
      AND o.valid_until IS NOT DISTINCT FROM ${row}.valid_until))`;

/** A function, since a policy that asked the agreements itself would be asked by the policy of their insertion. */
const holder = (of: string, column: string): string =>
  `CREATE FUNCTION holds_agreement_of_${of}(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM data_agreements a WHERE a.${column} = wanted) $$`;

/**
 * What an organisation has agreed about stays visible to it: a retired data set with its versions, and the very offer. Others
 * see as little of them as before, and nobody can ask for them anew.
 */
const KEPT = [
  holder('data_set', 'data_set_id'),
  holder('offer', 'offer_id'),
  'CREATE INDEX ON data_agreements (offer_id)',
  `CREATE POLICY data_sets_agreed ON data_sets FOR SELECT TO ${APP_ROLE}
    USING (status = 'retired' AND holds_agreement_of_data_set(id))`,
  `CREATE POLICY data_offers_agreed ON data_offers FOR SELECT TO ${APP_ROLE} USING (holds_agreement_of_offer(id))`,
  ...replaced(
    'data_offers',
    'data_offers_community',
    `FOR SELECT TO ${APP_ROLE} USING (status = 'LISTED' AND ${ofListed('data_set_id')})`,
  ),
  ...replaced(
    'automatic_offers',
    'automatic_offers_listed',
    `FOR SELECT TO ${APP_ROLE} USING (EXISTS (SELECT FROM data_offers o WHERE o.id = offer_id AND o.status = 'LISTED'
      AND ${ofListed('o.data_set_id')}))`,
  ),
];

/** What has happened to listed data sets, in the order of its commits; nothing is recorded of drafts. */
const CHANGES = [
  `CREATE TABLE catalogue_changes (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES organisation,
    data_set_id uuid NOT NULL REFERENCES data_sets,
    type text NOT NULL,
    carrier text NOT NULL,
    kind text NOT NULL,
    version_id uuid REFERENCES data_set_versions,
    offer_id uuid REFERENCES data_offers,
    created_at timestamptz NOT NULL
  )`,
  'CREATE INDEX ON catalogue_changes (tenant_id, sequence)',
  ...tenantTable('catalogue_changes', { read: 'community', privileges: 'SELECT, INSERT' }),
  `CREATE POLICY catalogue_changes_of_listed ON catalogue_changes AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
    EXISTS (SELECT FROM data_sets d WHERE d.id = data_set_id AND d.tenant_id = ${CURRENT_TENANT} AND d.status <> 'draft'))`,
  `REVOKE UPDATE, DELETE ON catalogue_changes FROM ${SYSTEM_ROLE}`,
];

/** Offers to one consumer alone, which the provider begins with, and prices that are negotiated. */
const NEGOTIATED = [
  'ALTER TABLE data_offers DROP CONSTRAINT data_offers_status_check',
  `ALTER TABLE data_offers ADD CONSTRAINT data_offers_status_check
    CHECK (status IN ('LISTED', 'UNLISTED', 'WITHDRAWN'))`,
  "ALTER TABLE negotiations ADD COLUMN opened_by text NOT NULL DEFAULT 'consumer'",
  'ALTER TABLE negotiations ALTER COLUMN opened_by DROP DEFAULT',
  'ALTER TABLE negotiation_messages ADD COLUMN price jsonb',
  `GRANT UPDATE (price) ON negotiations TO ${APP_ROLE}`,
  ...onlyInsert(
    'negotiations',
    'of_offer',
    `CASE opened_by WHEN 'consumer' THEN consumer_id WHEN 'provider' THEN provider_id END = ${CURRENT_TENANT}
      AND ${ofListed('negotiations.data_set_id')} AND EXISTS (SELECT FROM data_offers o WHERE o.id = offer_id
        AND o.tenant_id = provider_id AND o.data_set_id = negotiations.data_set_id)`,
  ),
  ...onlyInsert(
    'negotiation_messages',
    'own_words',
    `EXISTS (SELECT FROM negotiations n WHERE n.id = negotiation_id
      AND n.consumer_id = negotiation_messages.consumer_id AND n.provider_id = negotiation_messages.provider_id
      AND ((sender = 'consumer' AND NOT automatic AND n.consumer_id = ${CURRENT_TENANT})
        OR (sender = 'provider' AND NOT automatic AND n.provider_id = ${CURRENT_TENANT})
        OR (sender = 'provider' AND automatic AND ${byProvider('n')})))`,
  ),
  ...onlyInsert(
    'data_agreements',
    'as_negotiated',
    `paid_at IS NULL AND ${byProvider('data_agreements')}
      AND EXISTS (SELECT FROM negotiations n WHERE n.id = negotiation_id AND n.state = 'AGREED'
        AND n.agreement_id = data_agreements.id AND n.consumer_id = data_agreements.consumer_id
        AND n.provider_id = data_agreements.provider_id AND n.offer_id = data_agreements.offer_id
        AND n.data_set_id = data_agreements.data_set_id AND n.policy_hash = data_agreements.policy_hash
        AND n.price IS NOT DISTINCT FROM data_agreements.price)`,
  ),
  ...onlyInsert(
    'agreement_events',
    'of_parties',
    `EXISTS (SELECT FROM data_agreements d WHERE d.id = agreement_id
      AND d.consumer_id = agreement_events.consumer_id AND d.provider_id = agreement_events.provider_id
      AND (type <> 'REVOKED' OR d.provider_id = ${CURRENT_TENANT})
      AND (type <> 'FINALISED' OR ${byProvider('d')}))`,
  ),
];

export const exchangeAdditionsMigration: Migration = {
  name: '0066-exchange-additions',
  statements: [...KEPT, ...CHANGES, ...NEGOTIATED],
};
