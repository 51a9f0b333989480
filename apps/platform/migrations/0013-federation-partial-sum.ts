import { type Migration, systemTable } from '#persistence';

export const federationPartialSumMigration: Migration = {
  name: '0013-federation-partial-sum',
  statements: [
    `CREATE TABLE federation_partial_sum (
      task_id uuid NOT NULL REFERENCES federation_task,
      round integer NOT NULL,
      part integer NOT NULL,
      blob text NOT NULL,
      PRIMARY KEY (task_id, round, part)
    )`,
    ...systemTable('federation_partial_sum'),
  ],
};
