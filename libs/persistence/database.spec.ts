import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { Database, type DatabaseOptions } from './database.ts';
import { type Migration, tenantTable } from './migration.ts';

const first: Migration = {
  name: '0001-note',
  statements: ['CREATE TABLE note (tenant_id uuid NOT NULL, text text NOT NULL)', ...tenantTable('note')],
};
const second: Migration = { name: '0002-note-number', statements: ['ALTER TABLE note ADD number int'] };

const count = async (manager: EntityManager): Promise<number> =>
  (await manager.query<unknown[]>("SELECT FROM note WHERE text = 'mine'")).length;

describe('Database', () => {
  let options: DatabaseOptions;
  let database: Database;
  const tenant = randomUUID();

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-database-'));
    options = { dataDir, poolSize: 1, statementMs: 10_000, entities: [], migrations: [first] };
    database = await Database.open(options);
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await rm(options.dataDir, { recursive: true, force: true });
  });

  const insert = (text: string) =>
    database.asTenant(tenant, (manager) => manager.query('INSERT INTO note VALUES ($1, $2)', [tenant, text]));
  const texts = async (): Promise<string[]> => {
    const rows = await database.asTenant(tenant, (manager) =>
      manager.query<{ text: string }[]>('SELECT text FROM note'),
    );
    return rows.map(({ text }) => text);
  };

  it('is refused a second time while open', async () => {
    await expect(Database.open(options)).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
  });

  it('rolls back what fails, and goes on', async () => {
    const failing = database.asTenant(tenant, async (manager) => {
      await manager.query('INSERT INTO note VALUES ($1, $2)', [tenant, 'lost']);
      throw new RangeError('planted');
    });
    await expect(failing).rejects.toThrow('planted');
    await expect(database.asTenant(tenant, (manager) => manager.query('SELECT 1/0'))).rejects.toThrow(
      /division by zero/,
    );
    expect(await texts()).toEqual([]);
  });

  it('refuses a transaction inside another one instead of waiting for itself', async () => {
    const nested = database.asTenant(tenant, () => database.asSystem(async () => 'never'));
    await expect(nested).rejects.toMatchObject({ code: 'NESTED_TRANSACTION' });
  });

  it('lets a hundred concurrent transactions take turns', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => insert(`note ${i}`)));
    expect(new Set(await texts()).size).toBe(100);
  });

  it('runs what waits for the commit after it, and never after a rollback', async () => {
    const seen: string[] = [];
    await database.asTenant(tenant, async () => {
      database.afterCommit(() => seen.push('committed'));
      expect(seen).toEqual([]);
    });
    const failing = database.asTenant(tenant, async () => {
      database.afterCommit(() => seen.push('rolled back'));
      throw new RangeError('planted');
    });
    await expect(failing).rejects.toThrow('planted');
    expect(seen).toEqual(['committed']);
  });

  it('narrows a system transaction to one tenant for good, and no transaction of a tenant', async () => {
    await insert('mine');
    const seen = await database.asSystem(async (manager) => {
      const of = async (): Promise<unknown[]> => manager.query('SELECT text FROM note');
      const all = await of();
      await database.narrow(manager, randomUUID());
      const others = await of();
      await expect(database.narrow(manager, tenant)).rejects.toMatchObject({ code: 'TENANT_BOUND' });
      return { all: all.length, others };
    });
    expect(seen.all).toBeGreaterThan(0);
    expect(seen.others).toEqual([]);
    const widened = database.asTenant(tenant, (manager) => database.narrow(manager, randomUUID()));
    await expect(widened).rejects.toMatchObject({ code: 'TENANT_BOUND' });
    await database.asTenant(tenant, (manager) => manager.query("DELETE FROM note WHERE text = 'mine'"));
  });

  it('works for one tenant within a system transaction, gives its rights back at the end, and not where it failed', async () => {
    await insert('mine');
    const within = (manager: EntityManager, work: (bound: EntityManager) => Promise<number>) =>
      database.within(manager, randomUUID(), work);
    const seen = await database.asSystem(async (manager) => [
      await within(manager, count),
      await count(manager),
      await within(manager, count),
    ]);
    expect(seen).toEqual([0, 1, 0]);
    const failed = await database.asSystem(async (manager) => {
      await within(manager, () => Promise.reject(new Error('failed'))).catch(() => undefined);
      await expect(within(manager, count)).rejects.toMatchObject({ code: 'TENANT_BOUND' });
      return count(manager);
    });
    expect(failed).toBe(0);
    const foreign = database.asTenant(tenant, (manager) => within(manager, count));
    await expect(foreign).rejects.toMatchObject({ code: 'TENANT_BOUND' });
    await database.asTenant(tenant, (manager) => manager.query("DELETE FROM note WHERE text = 'mine'"));
  });

  it.each(['', 'nonsense', "' OR true --"])('refuses the tenant %p', async (id) => {
    await expect(database.asTenant(id, async () => 1)).rejects.toMatchObject({ code: 'TENANT_INVALID' });
  });

  it('keeps its rows, runs only new migrations, and refuses a newer database', async () => {
    await database.close();
    database = await Database.open({ ...options, migrations: [second, first] });
    expect(new Set(await texts()).size).toBe(100);
    await database.close();
    await expect(Database.open(options)).rejects.toMatchObject({ code: 'MIGRATION_UNKNOWN' });
    database = await Database.open({ ...options, migrations: [first, second] });
    await database.ping();
  });
});
