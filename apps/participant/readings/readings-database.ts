import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { DomainError } from '#core';

/*
 * Readings never leave this machine through here: one DuckDB file in the participant's directory, opened by one process.
 * Rows are only ever appended. A correction is a new row that names the file whose value it supersedes; the value that
 * counts is that of the latest file.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS dataset (zone VARCHAR);
  CREATE TABLE IF NOT EXISTS files (
    file_id INTEGER NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, format VARCHAR NOT NULL,
    zone VARCHAR, row_count INTEGER NOT NULL, received_at_ms BIGINT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS readings (
    column_name VARCHAR NOT NULL, start_ms BIGINT NOT NULL, value DOUBLE NOT NULL,
    file_id INTEGER NOT NULL, supersedes_file_id INTEGER
  );
  CREATE TABLE IF NOT EXISTS series (column_name VARCHAR NOT NULL, resolution_ms BIGINT NOT NULL);`;

/** Of a store that held energy alone, all of one resolution. */
const FROM_ENERGY_ALONE = `
  BEGIN TRANSACTION;
  ALTER TABLE readings RENAME COLUMN energy_kwh TO value;
  CREATE TABLE series AS
    SELECT DISTINCT column_name, (SELECT resolution_ms FROM dataset) AS resolution_ms FROM readings;
  ALTER TABLE dataset DROP COLUMN resolution_ms;
  COMMIT;`;

/** Six nodes share a laptop with the platform; and a file of readings must not make the engine reach for the network. */
const OPTIONS = {
  memory_limit: '96MB',
  threads: '1',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/** One row of `readings` to be. */
export interface NewReading {
  readonly column: string;
  readonly startMs: number;
  readonly value: number;
  readonly supersedesFileId: number | null;
}

/** An open readings file, held by this object alone until `close`. */
export interface ReadingsDatabase {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

// DuckDB's own lock keeps other processes out; within one process a second opening succeeds and would corrupt the file.
const openDirectories = new Set<string>();

function openError(error: unknown, dir: string): Error {
  const text = String(error);
  if (/could not set lock|being used by another process|conflicting lock/i.test(text)) {
    return new DomainError(
      'DATA_DIR_IN_USE',
      `expected ${dir} to be free, got a lock of another process`,
      'conflict',
      { dir },
    );
  }
  return new DomainError(
    'READINGS_STORE_UNREADABLE',
    `expected a readings store in ${dir}, got one that cannot be opened: ${text.slice(0, 200)}`,
    'unavailable',
    { dir },
  );
}

/** Opens or creates `<dir>/readings.duckdb`. @throws DATA_DIR_IN_USE, READINGS_STORE_UNREADABLE. */
export async function openReadingsDatabase(dir: string): Promise<ReadingsDatabase> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dir);
  // DuckDB makes its journal readable to everybody: the directory must not be, also where it was there before.
  chmodSync(real, 0o700);
  if (openDirectories.has(real)) {
    throw new DomainError(
      'DATA_DIR_IN_USE',
      `expected ${dir} to be free, got it open in this process`,
      'conflict',
      { dir },
    );
  }
  openDirectories.add(real);
  let instance: DuckDBInstance | undefined;
  try {
    const path = join(real, 'readings.duckdb');
    instance = await DuckDBInstance.create(path, OPTIONS);
    chmodSync(path, 0o600);
    const connection = await instance.connect();
    if (await heldEnergyAlone(connection)) await connection.run(FROM_ENERGY_ALONE);
    await connection.run(SCHEMA);
    return databaseOf(instance, connection, () => openDirectories.delete(real));
  } catch (error) {
    instance?.closeSync();
    openDirectories.delete(real);
    throw openError(error, dir);
  }
}

async function heldEnergyAlone(connection: DuckDBConnection): Promise<boolean> {
  const found = await rowsOf(
    connection,
    "SELECT 1 FROM information_schema.columns WHERE table_name = 'readings' AND column_name = 'energy_kwh'",
  );
  return found.length > 0;
}

function databaseOf(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  release: () => void,
): ReadingsDatabase {
  const close = () => {
    connection.closeSync();
    instance.closeSync();
    release();
  };
  return { instance, connection, close };
}

export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<Record<string, DuckDBValue>[]> {
  return (await connection.runAndReadAll(sql, values)).getRowObjects();
}

/** Inserts in bulk, inside the connection's transaction. */
export async function appendReadings(
  connection: DuckDBConnection,
  changes: readonly NewReading[],
  fileId: number,
): Promise<void> {
  const appender = await connection.createAppender('readings');
  try {
    for (const { column, startMs, value, supersedesFileId } of changes) {
      appender.appendVarchar(column);
      appender.appendBigInt(BigInt(startMs));
      appender.appendDouble(value);
      appender.appendInteger(fileId);
      if (supersedesFileId === null) appender.appendNull();
      else appender.appendInteger(supersedesFileId);
      appender.endRow();
    }
  } finally {
    appender.closeSync();
  }
}
