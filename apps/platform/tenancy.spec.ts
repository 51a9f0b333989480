import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import { APP_ROLE, type Database, SYSTEM_ROLE } from '#persistence';
import { openDatabase } from './infrastructure.module.ts';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database-template.ts';

interface TableRow {
  readonly table: string;
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly owner: string;
}

describe('tenancy in the database', () => {
  let test: TestDatabase;
  let database: Database;
  const [firm, rival] = [randomUUID(), randomUUID()];

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const id of [firm, rival]) {
      await database.asTenant(id, async (manager) => {
        await manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $2)", [
          id,
          id,
        ]);
        await manager.query("INSERT INTO member (id, tenant_id, name) VALUES ($1, $2, 'Ada')", [id, id]);
      });
    }
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('forces row-level security on every table, none of them owned by a role of transactions', async () => {
    const tables = await database.asSystem((manager) =>
      manager.query<TableRow[]>(
        `SELECT c.relname AS table, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
                pg_get_userbyid(c.relowner) AS owner
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')`,
      ),
    );
    expect(tables.length).toBeGreaterThanOrEqual(9);
    expect(tables.filter(({ enabled, forced }) => !enabled || !forced)).toEqual([]);
    expect(tables.filter(({ owner }) => [APP_ROLE, SYSTEM_ROLE].includes(owner))).toEqual([]);
  });

  it('has no view that would read with the rights of its owner, and no materialised one', async () => {
    const views = await database.asSystem((manager) =>
      manager.query<{ name: string }[]>(
        `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND (c.relkind = 'm'
           OR (c.relkind = 'v' AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)))`,
      ),
    );
    expect(views).toEqual([]);
  });

  it('puts a tenant first in an index of every table that has one', async () => {
    const unindexed = await database.asSystem((manager) =>
      manager.query<{ table: string }[]>(
        `SELECT c.relname AS table FROM pg_class c
         JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
         WHERE n.nspname = 'public' AND c.relkind = 'r'
           AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum)`,
      ),
    );
    expect(unindexed).toEqual([]);
  });

  it.each([APP_ROLE, SYSTEM_ROLE])('%s is neither superuser nor above row-level security', async (role) => {
    const rows = await database.asSystem((manager) =>
      manager.query('SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = $1', [role]),
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcanlogin: false }]);
  });

  const members = (id: string): Promise<{ id: string }[]> =>
    database.asTenant(id, (manager) => manager.query('SELECT id FROM member'));

  it('shows a tenant its own rows only', async () => {
    expect(await members(firm)).toEqual([{ id: firm }]);
    expect(await members(rival)).toEqual([{ id: rival }]);
    expect(await members(randomUUID())).toEqual([]);
  });

  it("changes and deletes none of another's rows", async () => {
    const changed = await database.asTenant(firm, (manager) =>
      manager.query("UPDATE member SET name = 'Eve' WHERE id = $1 RETURNING id", [rival]),
    );
    expect(changed).toEqual([[], 0]);
  });

  it("refuses a row in another's name", async () => {
    const forged = database.asTenant(firm, (manager) =>
      manager.query("INSERT INTO member (id, tenant_id, name) VALUES ($1, $2, 'Eve')", [randomUUID(), rival]),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  it("does not move one's own row to another", async () => {
    const moved = database.asTenant(firm, (manager) =>
      manager.query('UPDATE member SET tenant_id = $1 WHERE id = $2', [rival, firm]),
    );
    await expect(moved).rejects.toThrow(/row-level security/);
  });

  it('leaves neither role nor tenant behind for the next user of the connection', async () => {
    await members(firm);
    const [row] = await database.asSystem((manager) =>
      manager.query<{ role: string; tenant: string | null }[]>(
        "SELECT current_user AS role, nullif(current_setting('app.tenant', true), '') AS tenant",
      ),
    );
    expect(row).toEqual({ role: SYSTEM_ROLE, tenant: null });
  });

  it('keeps the authentication tables from tenants', async () => {
    const read = database.asTenant(firm, (manager) => manager.query('SELECT * FROM request_nonce'));
    await expect(read).rejects.toThrow(/permission denied/);
  });

  const readBy = (id: string): Promise<{ p50: string }[]> =>
    database.asTenant(id, (manager) => manager.query('SELECT p50 FROM forecast'));
  const counts = (id: string) =>
    database.asTenant(id, (manager) =>
      manager.query<{ agreements: string; charges: string }[]>(
        `SELECT (SELECT count(*) FROM forecast_agreement) AS agreements,
           (SELECT count(*) FROM forecast_charge) AS charges`,
      ),
    );

  describe('of forecasts under terms', () => {
    const [terms, participant] = [randomUUID(), randomUUID()];
    const START = '2026-05-12T00:00:00Z';
    const insertAgreement = (priceMinor: number, endsAt: string) =>
      database.asTenant(rival, (manager) =>
        manager.query(
          `INSERT INTO forecast_agreement (id, tenant_id, terms_id, publisher_id, series, zone, starts_at, ends_at,
             price_per_day_minor, currency, created_at)
           VALUES ($1, $2, $3, $4, 'load', 'UTC', $5, $6, $7, 'EUR', now()) RETURNING id`,
          [randomUUID(), rival, terms, firm, START, endsAt, priceMinor],
        ),
      );
    beforeAll(async () => {
      await database.asTenant(firm, async (manager) => {
        await manager.query(
          "INSERT INTO participant (id, tenant_id, signing_key, agreement_key) VALUES ($1, $2, 'a', 'b')",
          [participant, firm],
        );
        await manager.query(
          `INSERT INTO forecast (tenant_id, participant_id, series, interval_start, version, p10, p50, p90,
             issued_at, published_at, model_hash, late_for)
           VALUES ($1, $2, 'load', $3, 1, 1, 2, 3, $3, $3, 'm', '{}')`,
          [firm, participant, START],
        );
      });
    });

    it('shows a free row to everybody, until it has terms', async () => {
      expect(await readBy(rival)).toHaveLength(1);
      await database.asTenant(firm, (manager) =>
        manager.query(
          `INSERT INTO forecast_terms (id, tenant_id, series, zone, starts_at, ends_at, price_per_day_minor, currency,
             licence, created_at)
           VALUES ($1, $2, 'load', 'UTC', $3, '2026-05-14T00:00:00Z', 100, 'EUR', 'TECHNICAL', now())`,
          [terms, firm, START],
        ),
      );
      expect(await readBy(rival)).toEqual([]);
    });

    it('shows a priced row to its publisher and to who paid for its day, by no query to anybody else', async () => {
      expect(await readBy(firm)).toHaveLength(1);
      const [sum] = await database.asTenant(rival, (manager) =>
        manager.query<{ wh: string | null }[]>('SELECT sum(p50) AS wh FROM forecast'),
      );
      expect(sum).toEqual({ wh: null });
      const [agreement] = await insertAgreement(100, '2026-05-13T00:00:00Z');
      expect(await readBy(rival)).toEqual([]);
      await database.asSystem((manager) =>
        manager.query(
          `INSERT INTO forecast_charge (id, tenant_id, agreement_id, publisher_id, series, starts_at, ends_at,
             price_minor, currency, contributors, created_at)
           VALUES ($1, $2, $3, $4, 'load', $5, '2026-05-13T00:00:00Z', 100, 'EUR', 0, now())`,
          [randomUUID(), rival, agreement.id, firm, START],
        ),
      );
      expect(await readBy(rival)).toHaveLength(1);
      expect(await readBy(randomUUID())).toEqual([]);
    });

    it.each([
      ['another price', () => insertAgreement(1, '2026-05-14T00:00:00Z'), /row-level security/],
      ['days outside the terms', () => insertAgreement(100, '2026-05-15T00:00:00Z'), /row-level security/],
    ])('refuses an agreement about %s', async (_, forge, refusal) => {
      await expect(forge()).rejects.toThrow(refusal);
    });

    it.each([
      ['INSERT INTO forecast_charge SELECT * FROM forecast_charge', /permission denied/],
      ['UPDATE forecast_agreement SET price_per_day_minor = 1', /permission denied/],
      ['DELETE FROM forecast_terms', /permission denied/],
      ["UPDATE forecast SET late_for = '{}'", /permission denied/],
      [
        `INSERT INTO forecast_gate VALUES (gen_random_uuid(), nullif(current_setting('app.tenant', true), '')::uuid,
          'day-ahead', 'UTC', 1, '12:00', 'KEEP', now(), NULL, now())`,
        /row-level security/,
      ],
    ])('does not let a tenant %s', async (statement, refusal) => {
      await expect(database.asTenant(rival, (manager) => manager.query(statement))).rejects.toThrow(refusal);
    });

    it('keeps agreements and charges from third parties, and shows them to publisher and consumer', async () => {
      for (const id of [firm, rival]) expect(await counts(id)).toEqual([{ agreements: '1', charges: '1' }]);
      expect(await counts(randomUUID())).toEqual([{ agreements: '0', charges: '0' }]);
    });
  });

  it('needs no change by the schema builder: the migrations say what the entities say', async () => {
    expect(await database.schemaDrift()).toEqual([]);
  });
});
