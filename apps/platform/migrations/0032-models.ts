import { APP_ROLE, type Migration, systemTable } from '#persistence';

/** Whoever may see a task: its roster and the organisation that opened it. */
const SEES_TASK = 'EXISTS (SELECT FROM federation_task t WHERE t.id = task_id)';

/** Rows of the registry are only ever inserted: no role may change or delete one. */
export const modelsMigration: Migration = {
  name: '0032-models',
  statements: [
    `CREATE TABLE model_version (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      task_id uuid NOT NULL UNIQUE REFERENCES federation_task,
      card_hash text NOT NULL UNIQUE,
      model_hash text NOT NULL,
      transcript_root text NOT NULL,
      kind text NOT NULL,
      method text NOT NULL,
      series text[] NOT NULL,
      zone text NOT NULL,
      step_minutes integer NOT NULL,
      lookback integer NOT NULL,
      horizon integer NOT NULL,
      train_start timestamptz NOT NULL,
      train_end timestamptz NOT NULL,
      validation_start timestamptz NOT NULL,
      validation_end timestamptz NOT NULL,
      cohort uuid[] NOT NULL,
      steps integer NOT NULL,
      validation_loss double precision,
      validation_mae double precision,
      epsilon double precision,
      delta double precision,
      released_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON model_version (tenant_id, sequence)',
    'CREATE INDEX ON model_version (model_hash)',
    ...systemTable('model_version', 'SELECT, INSERT'),
    `CREATE POLICY model_version_roster ON model_version FOR SELECT TO ${APP_ROLE} USING (${SEES_TASK})`,
    `GRANT SELECT ON model_version TO ${APP_ROLE}`,
  ],
};
