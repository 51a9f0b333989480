import { resolve } from 'node:path';

/** What the test suite can be told from outside. */
export interface TestEnvironment {
  /** A PostgreSQL server whose login may create databases: whole-system tests then run on it. */
  readonly databaseUrl: string | undefined;
  /** A Redis server: the queue's suite then runs on BullMQ too. */
  readonly redisUrl: string | undefined;
  /** Published cases and data sets, which are not part of this repository. */
  readonly casesDir: string;
  readonly dataDir: string;
}

export function testEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): TestEnvironment {
  return {
    databaseUrl: env['TEST_DATABASE_URL'],
    redisUrl: env['TEST_REDIS_URL'] ?? env['REDIS_URL'],
    casesDir: resolve(env['CASES_DIR'] ?? '../shared/cases'),
    dataDir: resolve(env['DATA_DIR'] ?? '../shared/data'),
  };
}
