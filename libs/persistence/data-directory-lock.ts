import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DomainError } from '#core';

export interface DataDirectoryLock {
  release(): void;
}

/**
 * Takes the data directory for this process alone. SQLite's exclusive file lock is a kernel lock on every platform:
 * taken without a race, and gone when the process dies however it dies, so nothing stale survives kill -9.
 * @throws DATA_DIR_IN_USE while another process holds it.
 */
export function lockDataDirectory(dataDir: string): DataDirectoryLock {
  mkdirSync(dataDir, { recursive: true });
  // Keys, the database and its socket are for the owner alone, also in a directory that was there before.
  chmodSync(dataDir, 0o700);
  const lock = new DatabaseSync(join(dataDir, 'lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new DomainError(
      'DATA_DIR_IN_USE',
      `expected to own ${dataDir}, got a directory that another process uses`,
      'conflict',
      { dataDir },
    );
  }
  return { release: () => lock.close() };
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
