import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashJson } from '#core';
import { Client } from 'pg';
import { Database } from '#persistence';
import { migrations } from '../../apps/platform/features.ts';

/** A database of a test's own, gone after `drop`. */
export interface TestDatabase {
  /** Absent: the embedded database in `dataDir`. */
  readonly url: string | undefined;
  readonly dataDir: string;
  drop(): Promise<void>;
}

/** A fresh, migrated, embedded database; or a fresh, empty one on the server at `serverUrl`. */
export async function createTestDatabase(serverUrl: string | undefined): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-test-'));
  const removeDir = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  if (serverUrl === undefined) {
    await cp(await embeddedTemplate(), dataDir, { recursive: true });
    return { url: undefined, dataDir, drop: removeDir };
  }
  const name = `gridcommons_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    // Without FORCE, which needs the right to signal whatever autovacuum runs in it; the plain form waits for those who leave.
    await onServer(serverUrl, `DROP DATABASE ${name}`);
    await removeDir();
  };
  return { url: url.href, dataDir, drop };
}

/** Making a database takes seconds, copying one a fraction: made once for each set of migrations, shared by all tests. */
async function embeddedTemplate(): Promise<string> {
  const version = await hashJson(migrations.map(({ name, statements }) => ({ name, statements })));
  const template = join(tmpdir(), `gridcommons-template-${version.slice(0, 16)}`);
  if (await exists(template)) return template;
  const draft = await mkdtemp(join(tmpdir(), 'gridcommons-draft-'));
  const database = await Database.open({
    dataDir: draft,
    poolSize: 1,
    statementMs: 60_000,
    entities: [],
    migrations,
  });
  await database.close();
  await rm(join(draft, 'lock'), { force: true });
  try {
    await rename(draft, template);
  } catch (error) {
    // Another test process was faster; its template is the same.
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(template))) throw error;
  }
  return template;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
