import { APP_ROLE, CURRENT_TENANT, type Migration, systemTable, tenantTable } from '#persistence';

export const federationMigration: Migration = {
  name: '0010-federation',
  statements: [
    `CREATE TABLE federation_task (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL REFERENCES organisation,
      card json NOT NULL,
      card_hash text NOT NULL UNIQUE,
      phase text NOT NULL,
      round integer NOT NULL,
      head_index integer NOT NULL,
      head_hash text NOT NULL,
      window_ends_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`,
    'CREATE INDEX ON federation_task (tenant_id, created_at)',

    `CREATE TABLE federation_member (
      task_id uuid NOT NULL REFERENCES federation_task,
      tenant_id uuid NOT NULL REFERENCES organisation,
      PRIMARY KEY (tenant_id, task_id)
    )`,
    ...tenantTable('federation_member', { privileges: 'SELECT' }),

    ...systemTable('federation_task'),
    `CREATE POLICY federation_task_roster ON federation_task FOR SELECT TO ${APP_ROLE} USING (
      tenant_id = ${CURRENT_TENANT}
      OR EXISTS (SELECT FROM federation_member m WHERE m.task_id = id AND m.tenant_id = ${CURRENT_TENANT}))`,
    `GRANT SELECT ON federation_task TO ${APP_ROLE}`,

    `CREATE TABLE federation_entry (
      task_id uuid NOT NULL REFERENCES federation_task,
      index integer NOT NULL,
      previous text NOT NULL,
      hash text NOT NULL,
      message json NOT NULL,
      message_hash text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (task_id, index)
    )`,
    'CREATE UNIQUE INDEX ON federation_entry (task_id, message_hash)',
    ...systemTable('federation_entry', 'SELECT, INSERT'),
    `CREATE POLICY federation_entry_roster ON federation_entry FOR SELECT TO ${APP_ROLE} USING (
      EXISTS (SELECT FROM federation_task t WHERE t.id = task_id))`,
    `GRANT SELECT ON federation_entry TO ${APP_ROLE}`,
  ],
};
