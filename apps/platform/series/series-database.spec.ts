import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { openDatabase } from '../infrastructure.module.ts';

const reading = (tenant: string, series: string, start: string, revision = 1): string =>
  `INSERT INTO series_readings (tenant_id, series_id, start, revision, recorded_at, value)
   VALUES ('${tenant}', '${series}', '${start}', ${revision}, now(), 1)`;

describe('hosted series in the database', () => {
  let test: TestDatabase;
  let database: Database;
  const [firm, rival, series, theirs] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const as = <T = object[]>(tenant: string, statement: string): Promise<T> =>
    database.asTenant(tenant, (manager) => manager.query<T>(statement));

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const [tenant, id] of [
      [firm, series],
      [rival, theirs],
    ] as const) {
      await as(
        tenant,
        `INSERT INTO organisation (id, name, legal_id) VALUES ('${tenant}', 'Firm', '${tenant}')`,
      );
      await as(
        tenant,
        `INSERT INTO hosted_series (id, tenant_id, key, unit, zone, resolution, declared_open_at, created_at)
         VALUES ('${id}', '${tenant}', 'load', 'Wh', 'UTC', 'PT1H', now(), now())`,
      );
    }
    await as(firm, reading(firm, series, '2026-01-01Z'));
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('shows neither series nor readings to another, by count either', async () => {
    for (const table of ['hosted_series', 'series_readings']) {
      expect(
        await as(firm, `SELECT count(*)::integer AS n FROM ${table} WHERE tenant_id = '${firm}'`),
      ).toEqual([{ n: 1 }]);
      expect(
        await as(rival, `SELECT count(*)::integer AS n FROM ${table} WHERE tenant_id = '${firm}'`),
      ).toEqual([{ n: 0 }]);
    }
  });

  it('opens no year to anybody but through the whole', async () => {
    await expect(as(firm, 'SELECT FROM series_readings_2026')).rejects.toThrow(/permission denied/);
    await expect(as(firm, 'DROP TABLE series_readings_2026')).rejects.toThrow(/must be owner/);
    await expect(as(firm, 'SELECT FROM series_readings_other')).rejects.toThrow(/permission denied/);
  });

  it.each([
    ["in another's name", () => reading(firm, series, '2026-01-02Z')],
    ["to another's series", () => reading(rival, series, '2026-01-02Z')],
  ])('takes no reading %s', async (_, statement) => {
    await expect(as(rival, statement())).rejects.toThrow(/row-level security/);
  });

  it('keeps what was written', async () => {
    await expect(as(firm, 'UPDATE series_readings SET value = 2')).rejects.toThrow(/permission denied/);
    await expect(as(firm, 'DELETE FROM series_readings')).rejects.toThrow(/permission denied/);
    await expect(as(firm, reading(firm, series, '2026-01-01Z'))).rejects.toThrow(/duplicate key/);
    await expect(as(firm, 'UPDATE hosted_series SET unit = unit')).rejects.toThrow(/permission denied/);
  });

  it('has a place for every instant, and looks into one year for one', async () => {
    for (const start of ['1999-12-31Z', '2000-01-01Z', '2040-12-31Z', '2041-01-01Z']) {
      await as(firm, reading(firm, series, start));
    }
    const plan = await as<Record<string, string>[]>(
      firm,
      `EXPLAIN SELECT FROM series_readings WHERE tenant_id = '${firm}' AND series_id = '${series}'
         AND start >= '2026-03-01Z' AND start < '2026-04-01Z'`,
    );
    const years = plan.flatMap(
      (line) =>
        Object.values(line)
          .join(' ')
          .match(/series_readings_\d+/g) ?? [],
    );
    expect(new Set(years.map((year) => year.slice(0, 20)))).toEqual(new Set(['series_readings_2026']));
  });
});
