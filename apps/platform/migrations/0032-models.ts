import { APP_ROLE, type Migration, systemTable, tenantTable } from '#persistence';

/** Whoever may see a task: its roster and the organisation that opened it. */
const SEES_TASK = 'EXISTS (SELECT FROM federation_task t WHERE t.id = task_id)';

/** Whoever may see one of the tasks that a decision is about, so that a champion's successor is seen by those who knew it. */
const SEES_MODEL =
  'EXISTS (SELECT FROM federation_task t WHERE t.id = model_task_id OR t.id = other_task_id)';

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

    `CREATE TABLE forecast_product (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      name text NOT NULL,
      series text NOT NULL,
      zone text NOT NULL,
      step_minutes integer NOT NULL,
      horizon integer NOT NULL,
      promotion jsonb NOT NULL,
      drift jsonb NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (tenant_id, name)
    )`,
    'CREATE INDEX ON forecast_product (tenant_id, created_at)',
    ...tenantTable('forecast_product', { read: 'community', privileges: 'SELECT, INSERT' }),

    `CREATE TABLE model_decision (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      product_id uuid NOT NULL REFERENCES forecast_product,
      kind text NOT NULL,
      model_task_id uuid,
      model_hash text,
      other_task_id uuid,
      day date,
      statistics jsonb NOT NULL,
      decided_at timestamptz NOT NULL
    )`,
    'CREATE INDEX ON model_decision (tenant_id, sequence)',
    'CREATE INDEX ON model_decision (product_id, sequence)',
    ...tenantTable('model_decision', { read: { where: SEES_MODEL }, privileges: 'SELECT, INSERT' }),

    `CREATE TABLE model_score (
      tenant_id uuid NOT NULL REFERENCES organisation,
      product_id uuid NOT NULL REFERENCES forecast_product,
      participant_id uuid NOT NULL REFERENCES participant,
      day date NOT NULL,
      model_hash text NOT NULL,
      mase double precision NOT NULL,
      coverage double precision NOT NULL,
      closes_at timestamptz NOT NULL,
      received_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, product_id, participant_id, day, model_hash)
    )`,
    'CREATE INDEX ON model_score (product_id, day)',
    ...tenantTable('model_score', { privileges: 'SELECT, INSERT' }),

    `CREATE TABLE model_day_score (
      product_id uuid NOT NULL REFERENCES forecast_product,
      day date NOT NULL,
      model_hash text NOT NULL,
      organisations integer NOT NULL,
      mase double precision,
      coverage double precision,
      against_hash text,
      loss_difference double precision,
      closed_at timestamptz NOT NULL,
      PRIMARY KEY (product_id, day, model_hash)
    )`,
    'CREATE INDEX ON model_day_score (product_id, model_hash, day)',
    ...systemTable('model_day_score', 'SELECT, INSERT'),
    `CREATE POLICY model_day_score_cohort ON model_day_score FOR SELECT TO ${APP_ROLE} USING (
      EXISTS (SELECT FROM model_version v WHERE v.model_hash = model_day_score.model_hash))`,
    `GRANT SELECT ON model_day_score TO ${APP_ROLE}`,

    `CREATE TABLE model_retraining (
      product_id uuid PRIMARY KEY REFERENCES forecast_product,
      tenant_id uuid NOT NULL REFERENCES organisation,
      every_days integer,
      on_drift boolean NOT NULL,
      train_days integer NOT NULL,
      validation_days integer NOT NULL,
      lag_days integer NOT NULL,
      may_overlap boolean NOT NULL,
      task jsonb NOT NULL,
      next_at timestamptz
    )`,
    'CREATE INDEX ON model_retraining (tenant_id, product_id)',
    ...tenantTable('model_retraining', { privileges: 'SELECT, INSERT, DELETE' }),
  ],
};
