import {
  APP_ROLE,
  CURRENT_TENANT,
  type Migration,
  SYSTEM_ROLE,
  systemTable,
  tenantTable,
} from '#persistence';

const [FIRST_YEAR, LAST_YEAR] = [2000, 2040];

/** Reached through its parent only: nobody has a privilege on it, and it has no policy that would show a row. */
const partition = (name: string, bounds: string): readonly string[] => [
  `CREATE TABLE ${name} PARTITION OF series_readings ${bounds}`,
  `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
  `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
];

const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i);

/** Of an agreement that the reader is consumer of; also an ended one, so that its reader is told that it ended. */
const agreed = `EXISTS (SELECT FROM data_agreements d WHERE d.data_set_id = hosted_series.data_set_id
  AND d.consumer_id = ${CURRENT_TENANT})`;

/**
 * The condition names no column of the row but the series', so that it is answered once a query and not once a row. Whether the
 * agreement permits this read is the gate's to say.
 */
const agreedReadings = `series_id IN (SELECT s.id FROM hosted_series s JOIN data_agreements d ON d.data_set_id = s.data_set_id
  WHERE d.consumer_id = ${CURRENT_TENANT}
    AND EXISTS (SELECT FROM agreement_events e WHERE e.agreement_id = d.id AND e.type = 'FINALISED')
    AND NOT EXISTS (SELECT FROM agreement_events e WHERE e.agreement_id = d.id AND e.type <> 'FINALISED'))`;

const ofOwn = (table: string): string =>
  `CREATE POLICY ${table}_of_own ON ${table} AS RESTRICTIVE FOR INSERT TO ${APP_ROLE}
    WITH CHECK (series_id IN (SELECT s.id FROM hosted_series s WHERE s.tenant_id = ${CURRENT_TENANT}))`;

/**
 * Series their owners chose to host in the clear, and their readings, by year. Readings are only ever inserted: a correction is
 * another revision of its interval. Years are made here, since no role that serves requests may make a table.
 */
export const seriesMigration: Migration = {
  name: '0064-series',
  statements: [
    `CREATE TABLE hosted_series (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      data_set_id uuid REFERENCES data_sets,
      key text NOT NULL,
      unit text NOT NULL,
      zone text NOT NULL,
      resolution text NOT NULL,
      declared_open_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      UNIQUE (tenant_id, key)
    )`,
    'CREATE INDEX ON hosted_series (tenant_id, created_at)',
    'CREATE INDEX ON hosted_series (data_set_id)',
    ...tenantTable('hosted_series', { read: { where: agreed }, privileges: 'SELECT, INSERT' }),
    `CREATE POLICY hosted_series_of_own ON hosted_series AS RESTRICTIVE FOR INSERT TO ${APP_ROLE} WITH CHECK (
      data_set_id IS NULL OR EXISTS (SELECT FROM data_sets d WHERE d.id = data_set_id AND d.tenant_id = ${CURRENT_TENANT}))`,

    `CREATE TABLE series_ingests (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      series_id uuid NOT NULL REFERENCES hosted_series,
      source text NOT NULL CONSTRAINT series_ingests_source_check CHECK (source IN ('MUTATION', 'CSV')),
      sha256 text,
      accepted integer NOT NULL,
      corrected integer NOT NULL,
      unchanged integer NOT NULL,
      rejected integer NOT NULL,
      findings jsonb NOT NULL,
      recorded_at timestamptz NOT NULL,
      UNIQUE (series_id, recorded_at)
    )`,
    'CREATE INDEX ON series_ingests (tenant_id, series_id)',
    ...tenantTable('series_ingests', { privileges: 'SELECT, INSERT' }),
    ofOwn('series_ingests'),

    // No foreign keys: each would be looked up once a reading. The policy says that the series is there and the writer's own.
    `CREATE TABLE series_readings (
      tenant_id uuid NOT NULL,
      series_id uuid NOT NULL,
      start timestamptz NOT NULL,
      revision integer NOT NULL,
      quality smallint,
      recorded_at timestamptz NOT NULL,
      value numeric NOT NULL
    ) PARTITION BY RANGE (start)`,
    // The newest revision comes first: whoever reads in order takes it and goes on.
    'CREATE UNIQUE INDEX series_readings_key ON series_readings (tenant_id, series_id, start, revision DESC)',
    ...years.flatMap((year) =>
      partition(`series_readings_${year}`, `FOR VALUES FROM ('${year}-01-01Z') TO ('${year + 1}-01-01Z')`),
    ),
    ...partition('series_readings_other', 'DEFAULT'),
    ...systemTable('series_readings', 'SELECT'),
    `CREATE POLICY series_readings_own ON series_readings TO ${APP_ROLE} USING (tenant_id = ${CURRENT_TENANT})
      WITH CHECK (tenant_id = ${CURRENT_TENANT})`,
    `CREATE POLICY series_readings_agreed ON series_readings FOR SELECT TO ${APP_ROLE} USING (${agreedReadings})`,
    ofOwn('series_readings'),
    `GRANT SELECT, INSERT ON series_readings TO ${APP_ROLE}`,
    `REVOKE UPDATE, DELETE ON hosted_series, series_ingests FROM ${SYSTEM_ROLE}`,
  ],
};
