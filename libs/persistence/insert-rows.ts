import type { EntityManager, EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';

/** PostgreSQL takes 65 535 parameters a statement: enough for rows of 65 columns. */
const ROWS = 1_000;

/**
 * Inserts any number of rows, in as many statements as that takes, in the caller's transaction. For rows whose number the
 * members of a community decide: in one statement a few thousand of them could never be stored.
 */
export async function insertRows<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  rows: readonly QueryDeepPartialEntity<T>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS) {
    await manager.insert(entity, rows.slice(from, from + ROWS));
  }
}
