import { APP_ROLE, CURRENT_TENANT, type Migration, tenantTable } from '#persistence';

/** Row-level security answers for the data set, and so for what belongs to it. */
const ofReadable = { where: 'data_set_id IN (SELECT d.id FROM data_sets d)' };

const ofOwn = (table: string): string =>
  `CREATE POLICY ${table}_of_own ON ${table} AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
    EXISTS (SELECT FROM data_sets d WHERE d.id = data_set_id AND d.tenant_id = ${CURRENT_TENANT} AND d.status <> 'retired'))`;

/**
 * Data sets, their versions and the offers to use them. Listed ones are read by every member, drafts and retired ones by their
 * owner. What is listed is fixed: it changes by new versions and offers, and by its retirement. The words that are searched
 * are kept by the database, in no language's stemming, since titles come in many.
 */
export const catalogueMigration: Migration = {
  name: '0060-catalogue',
  statements: [
    `CREATE TABLE data_sets (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      key text NOT NULL,
      title text NOT NULL,
      description text NOT NULL,
      keywords text[] NOT NULL,
      carrier text NOT NULL,
      kind text NOT NULL,
      licence text NOT NULL,
      resolution text,
      zone text NOT NULL,
      eic text,
      area text,
      status text NOT NULL CONSTRAINT data_sets_status_check CHECK (status IN ('draft', 'listed', 'retired')),
      created_at timestamptz NOT NULL,
      listed_at timestamptz CONSTRAINT data_sets_listed_check CHECK ((status = 'draft') = (listed_at IS NULL)),
      retired_at timestamptz CONSTRAINT data_sets_retired_check CHECK ((status = 'retired') = (retired_at IS NOT NULL)),
      search tsvector NOT NULL,
      UNIQUE (tenant_id, key)
    )`,
    'CREATE INDEX ON data_sets (tenant_id, created_at)',
    'CREATE INDEX ON data_sets (status, listed_at)',
    'CREATE INDEX data_sets_search_idx ON data_sets USING gin (search)',
    ...tenantTable('data_sets', {
      read: { where: "status = 'listed'" },
      privileges: 'SELECT, INSERT, UPDATE',
    }),
    `CREATE FUNCTION data_sets_before() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'UPDATE' AND (OLD.status = 'retired' OR (OLD.status = 'listed' AND (NEW.status <> 'retired'
        OR to_jsonb(NEW) - 'status' - 'retired_at' <> to_jsonb(OLD) - 'status' - 'retired_at'))) THEN
        RAISE EXCEPTION 'data_sets_fixed: a listed data set changes by its retirement only';
      END IF;
      NEW.search := setweight(to_tsvector('simple', NEW.title), 'A')
        || setweight(to_tsvector('simple', array_to_string(NEW.keywords, ' ')), 'B')
        || setweight(to_tsvector('simple', concat_ws(' ', NEW.description, NEW.eic, NEW.area)), 'C');
      RETURN NEW;
    END $$`,
    `CREATE TRIGGER data_sets_before BEFORE INSERT OR UPDATE ON data_sets
      FOR EACH ROW EXECUTE FUNCTION data_sets_before()`,

    `CREATE TABLE data_set_versions (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      data_set_id uuid NOT NULL REFERENCES data_sets,
      number integer NOT NULL,
      previous_version_id uuid REFERENCES data_set_versions,
      content_root text NOT NULL,
      chunks integer NOT NULL,
      bytes bigint NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      columns jsonb NOT NULL,
      findings jsonb NOT NULL,
      sample jsonb NOT NULL,
      created_at timestamptz NOT NULL,
      CONSTRAINT data_set_versions_first_check CHECK ((number = 1) = (previous_version_id IS NULL)),
      UNIQUE (tenant_id, data_set_id, number)
    )`,
    'CREATE INDEX ON data_set_versions (data_set_id, number)',
    ...tenantTable('data_set_versions', { read: ofReadable, privileges: 'SELECT, INSERT' }),
    ofOwn('data_set_versions'),
    // A policy may not ask its own table.
    `CREATE FUNCTION data_set_versions_before() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.number > 1 AND NOT EXISTS (SELECT FROM data_set_versions p WHERE p.id = NEW.previous_version_id
        AND p.data_set_id = NEW.data_set_id AND p.number = NEW.number - 1) THEN
        RAISE EXCEPTION 'data_set_versions_lineage: a version follows the one before it';
      END IF;
      RETURN NEW;
    END $$`,
    `CREATE TRIGGER data_set_versions_before BEFORE INSERT ON data_set_versions
      FOR EACH ROW EXECUTE FUNCTION data_set_versions_before()`,

    `CREATE TABLE data_offers (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      data_set_id uuid NOT NULL REFERENCES data_sets,
      policy jsonb NOT NULL,
      policy_hash text NOT NULL,
      price jsonb,
      valid_from timestamptz NOT NULL,
      valid_until timestamptz CONSTRAINT data_offers_validity_check CHECK (valid_until > valid_from),
      status text NOT NULL CONSTRAINT data_offers_status_check CHECK (status IN ('LISTED', 'WITHDRAWN')),
      created_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON data_offers (tenant_id, data_set_id)',
    'CREATE INDEX ON data_offers (data_set_id, created_at)',
    ...tenantTable('data_offers', {
      read: { where: `status = 'LISTED' AND ${ofReadable.where}` },
      privileges: 'SELECT, INSERT, UPDATE (status)',
    }),
    ofOwn('data_offers'),
  ],
};
