import { loadConfig } from '#config';
import { DomainError } from '#core';
import { openDatabase } from './infrastructure.module.ts';

// `npm run migrate`: brings the configured database up to date without starting the platform, which does the same.
try {
  const database = await openDatabase(loadConfig());
  await database.close();
  process.stdout.write('the database is up to date\n');
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
