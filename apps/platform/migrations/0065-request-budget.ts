import { type Migration, systemTable } from '#persistence';

/** What each organisation may still ask for, shared by all processes of the platform. */
export const requestBudgetMigration: Migration = {
  name: '0065-request-budget',
  statements: [
    `CREATE TABLE request_budget (
      tenant_id uuid PRIMARY KEY,
      tokens double precision NOT NULL,
      at timestamptz NOT NULL
    )`,
    ...systemTable('request_budget'),
  ],
};
