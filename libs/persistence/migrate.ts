import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { type Migration, ROLE_STATEMENTS, SYSTEM_ROLE, systemTable } from './migration.ts';

/** Any constant of ours: processes that start together take turns on it. */
const MIGRATION_LOCK = 7_163_201;

/**
 * Runs what is missing, in the order of the names, in the given transaction: all of it or nothing.
 * @returns the names of the migrations that ran.
 * @throws MIGRATION_UNKNOWN when the database holds a migration this version does not know (a newer one wrote it).
 */
export async function migrate(manager: EntityManager, migrations: readonly Migration[]): Promise<string[]> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  const applied = await appliedNames(manager);
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new DomainError(
      'MIGRATION_UNKNOWN',
      `expected a database of this version or an older one, got migrations ${unknown.join(', ')}`,
      'conflict',
      { unknown },
    );
  }
  const missing = migrations
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((migration) => !applied.includes(migration.name));
  for (const migration of missing) {
    // In order and alone: a statement may need the one before it.
    for (const statement of migration.statements) await manager.query(statement);
    await asSystemRole(manager, () =>
      manager.query('INSERT INTO schema_migration (name) VALUES ($1)', [migration.name]),
    );
  }
  return missing.map((migration) => migration.name);
}

async function appliedNames(manager: EntityManager): Promise<string[]> {
  const [{ exists }] = await manager.query<[{ exists: boolean }]>(
    "SELECT to_regclass('public.schema_migration') IS NOT NULL AS exists",
  );
  if (!exists) {
    const statements = [
      ...ROLE_STATEMENTS,
      'CREATE TABLE schema_migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
      ...systemTable('schema_migration', 'SELECT, INSERT'),
    ];
    for (const statement of statements) await manager.query(statement);
    return [];
  }
  const rows = await asSystemRole(manager, () =>
    manager.query<{ name: string }[]>('SELECT name FROM schema_migration'),
  );
  return rows.map((row) => row.name);
}

/** Migrations run as the owner of the tables, whom their forced policies bind like everybody else. */
async function asSystemRole<T>(manager: EntityManager, query: () => Promise<T>): Promise<T> {
  await manager.query(`SET LOCAL ROLE ${SYSTEM_ROLE}`);
  const result = await query();
  await manager.query('SET LOCAL ROLE NONE');
  return result;
}
