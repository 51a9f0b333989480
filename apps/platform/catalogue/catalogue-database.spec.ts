import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import { DAY_MS, fixedClock } from '#core';
import type { Database } from '#persistence';
import type { JobDefinition } from '../jobs/job-handlers.ts';
import { ChangeExpiryService } from './change-expiry.service.ts';
import { openDatabase } from '../infrastructure.module.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const dataSet = (tenant: string, id: string, key: string): string =>
  `INSERT INTO data_sets (id, tenant_id, key, title, description, keywords, carrier, kind, licence, zone, area, status,
     created_at)
   VALUES ('${id}', '${tenant}', '${key}', 'Heat of the north', 'Hourly', '{meters}', 'heat', 'readings', 'CC-BY-4.0',
     'Europe/Berlin', 'North', 'draft', now())`;

const version = (tenant: string, set: string, number: number, previous: string | null): string =>
  `INSERT INTO data_set_versions (id, tenant_id, data_set_id, number, previous_version_id, content_root, chunks, bytes,
     starts_at, ends_at, columns, findings, sample, created_at)
   VALUES (gen_random_uuid(), '${tenant}', '${set}', ${number}, ${previous === null ? 'NULL' : `'${previous}'`}, 'r', 1,
     9, now(), now() + interval '1 day', '[]', '[]', '[]', now()) RETURNING id`;

const offer = (tenant: string, set: string): string =>
  `INSERT INTO data_offers (id, tenant_id, data_set_id, policy, policy_hash, price, valid_from, valid_until, status,
     created_at)
   VALUES (gen_random_uuid(), '${tenant}', '${set}', '{}', 'h', '{"kind": "free"}', now(), now() + interval '1 day',
     'LISTED', now())`;

const change = (tenant: string, set: string): string =>
  `INSERT INTO catalogue_changes (tenant_id, data_set_id, type, carrier, kind, created_at)
   VALUES ('${tenant}', '${set}', 'LISTED', 'heat', 'readings', now())`;
const LIST = "UPDATE data_sets SET status = 'listed', listed_at = now() WHERE key = 'north'";
const RETIRE = "UPDATE data_sets SET status = 'retired', retired_at = now() WHERE key = 'north'";

describe('the catalogue in the database', () => {
  let test: TestDatabase;
  let database: Database;
  const [firm, rival, set, theirs] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  let first: string;

  const as = <T = { id: string }[]>(tenant: string, statement: string): Promise<T> =>
    database.asTenant(tenant, (manager) => manager.query<T>(statement));
  const readable = async (tenant: string): Promise<number[]> => {
    const tables = ['data_sets', 'data_set_versions', 'data_offers'];
    const counts: number[] = [];
    for (const table of tables) {
      counts.push((await as<object[]>(tenant, `SELECT FROM ${table} WHERE tenant_id = '${firm}'`)).length);
    }
    return counts;
  };

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const id of [firm, rival]) {
      await as(id, `INSERT INTO organisation (id, name, legal_id) VALUES ('${id}', 'Firm', '${id}')`);
    }
    await as(firm, dataSet(firm, set, 'north'));
    await as(rival, dataSet(rival, theirs, 'north'));
    [{ id: first }] = await as<[{ id: string }]>(firm, version(firm, set, 1, null));
    await as(firm, offer(firm, set));
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('shows a draft, its versions and offers to its owner only, in no count and no search', async () => {
    expect(await readable(firm)).toEqual([1, 1, 1]);
    expect(await readable(rival)).toEqual([0, 0, 0]);
    const search = "SELECT id FROM data_sets WHERE search @@ to_tsquery('simple', 'nor:* & meters')";
    expect(await as(firm, search)).toEqual([{ id: set }]);
    expect(await as(rival, search)).toEqual([{ id: theirs }]);
  });

  it.each([
    ['a key twice', () => dataSet(firm, randomUUID(), 'north'), /data_sets_tenant_id_key_key/],
    ["a data set in another's name", () => dataSet(rival, randomUUID(), 'x'), /row-level security/],
    ["a version of another's data set", () => version(firm, theirs, 1, null), /row-level security/],
    ["an offer of another's data set", () => offer(firm, theirs), /row-level security/],
    ['a version that leaves one out', () => version(firm, set, 3, first), /data_set_versions_lineage/],
    ['a second version of no line', () => version(firm, set, 2, null), /lineage/],
    ['a first version that follows another', () => version(firm, set, 1, first), /first_check/],
    ['news of a draft', () => change(firm, set), /row-level security/],
    ["news in another's name", () => change(rival, set), /row-level security/],
    ['another version in place of one', () => 'UPDATE data_set_versions SET bytes = 1', /permission denied/],
    ['other terms in place of some', () => "UPDATE data_offers SET policy = '[]'", /permission denied/],
    ['the loss of a data set', () => 'DELETE FROM data_sets', /permission denied/],
  ])('refuses %s', async (_, statement, refusal) => {
    await expect(as(firm, statement())).rejects.toThrow(refusal);
  });

  it('shows what is listed to every member, who changes none of it, and fixes it', async () => {
    await as(firm, LIST);
    expect(await readable(rival)).toEqual([1, 1, 1]);
    expect(await as(rival, `UPDATE data_sets SET title = 'x' WHERE id = '${set}'`)).toEqual([[], 0]);
    await expect(as(firm, "UPDATE data_sets SET title = 'x'")).rejects.toThrow(/data_sets_fixed/);
    await as(firm, change(firm, set));
    await expect(as(rival, change(rival, set))).rejects.toThrow(/row-level security/);
    await expect(as(firm, 'DELETE FROM catalogue_changes')).rejects.toThrow(/permission denied/);
    await as(firm, version(firm, set, 2, first));
    expect(await readable(rival)).toEqual([1, 2, 1]);
  });

  it('forgets what happened 90 days ago, by a job, and nothing before', async () => {
    const changes = async () => (await as<object[]>(firm, 'SELECT FROM catalogue_changes')).length;
    const [{ at }] = await as<[{ at: Date }]>(firm, 'SELECT max(created_at) AS at FROM catalogue_changes');
    const told = [];
    for (const ms of [0, 1]) {
      const jobs: JobDefinition[] = [];
      const handlers = { register: (job: JobDefinition) => jobs.push(job) } as never;
      const clock = fixedClock(at.getTime() + 90 * DAY_MS + ms);
      new ChangeExpiryService(database, handlers, clock).onModuleInit();
      const unfinished = await jobs[0]!.unfinished!();
      await jobs[0]!.handle({});
      told.push([unfinished.length, await changes()]);
    }
    expect(told).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('hides a withdrawn offer and what is retired, which takes no more versions', async () => {
    await as(firm, "UPDATE data_offers SET status = 'WITHDRAWN'");
    expect(await readable(rival)).toEqual([1, 2, 0]);
    await as(firm, RETIRE);
    expect(await readable(rival)).toEqual([0, 0, 0]);
    expect(await readable(firm)).toEqual([1, 2, 1]);
    await expect(as(firm, LIST)).rejects.toThrow(/data_sets_fixed|listed_check|retired_check/);
    await expect(as(firm, offer(firm, set))).rejects.toThrow(/row-level security/);
  });
});
