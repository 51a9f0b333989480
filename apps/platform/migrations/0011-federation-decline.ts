import { type Migration, tenantTable } from '#persistence';

export const federationDeclineMigration: Migration = {
  name: '0011-federation-decline',
  statements: [
    `CREATE TABLE federation_decline (
      task_id uuid NOT NULL REFERENCES federation_task,
      tenant_id uuid NOT NULL REFERENCES organisation,
      code text NOT NULL,
      reason text NOT NULL,
      declined_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, task_id)
    )`,
    'CREATE INDEX ON federation_decline (task_id)',
    // Whoever may see the task: its roster and the organisation that opened it.
    ...tenantTable('federation_decline', {
      read: { where: 'EXISTS (SELECT FROM federation_task t WHERE t.id = task_id)' },
      privileges: 'SELECT, INSERT, UPDATE',
    }),
  ],
};
