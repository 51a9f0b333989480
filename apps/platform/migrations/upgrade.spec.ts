import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { Database } from '#persistence';
import { migrations } from '../features.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { marketPricesMigration } from './0022-market-prices.ts';

/** Makes another role the owner of a table, which PostgreSQL's usual owner is: no superuser, as the embedded database's is. */
const OWNED_BY_NO_SUPERUSER = [
  'SET LOCAL ROLE NONE',
  'CREATE ROLE plain_owner NOSUPERUSER NOBYPASSRLS',
  'GRANT plain_owner TO CURRENT_USER',
  'GRANT CREATE ON SCHEMA public TO plain_owner',
  'ALTER TABLE market_trade OWNER TO plain_owner',
  'SET LOCAL ROLE plain_owner',
];

describe('a database of before trades had two prices', () => {
  let files: TestDatabase;
  let dataDir: string;
  let database: Database;

  beforeAll(async () => {
    files = await createTestDatabase(testEnvironment().databaseUrl);
    dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-upgrade-'));
    database = await Database.open({
      dataDir,
      url: files.url,
      poolSize: 1,
      statementMs: 30_000,
      entities: [],
      migrations: migrations.filter(({ name }) => name < marketPricesMigration.name),
    });
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await files.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('keeps its trades, whoever owns the tables', async () => {
    const [tenant, participant, session] = [randomUUID(), randomUUID(), randomUUID()];
    const prices = await database.asSystem(async (manager) => {
      await manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', 'test:firm')", [
        tenant,
      ]);
      await manager.query(
        "INSERT INTO participant (id, tenant_id, signing_key, agreement_key) VALUES ($1, $2, 's', 'a')",
        [participant, tenant],
      );
      await manager.query(
        `INSERT INTO market_session (id, tenant_id, zone, starts_at, ends_at, retail_per_mwh, feed_in_per_mwh, currency, state)
         VALUES ($1, $2, 'UTC', now(), now() + interval '1 day', 2, 1, 'EUR', 'CLEARED')`,
        [session, tenant],
      );
      await manager.query(
        `INSERT INTO market_trade VALUES ($1, $2, now(), $3, $3, $4, $4, 'b', 's', 1000, 20000)`,
        [randomUUID(), session, tenant, participant],
      );
      const statements = files.url === undefined ? OWNED_BY_NO_SUPERUSER : ['SET LOCAL ROLE NONE'];
      for (const statement of [...statements, ...marketPricesMigration.statements])
        await manager.query(statement);
      await manager.query('SET LOCAL ROLE gridcommons_system');
      return manager.query('SELECT buy_price_per_mwh, sell_price_per_mwh FROM market_trade');
    });
    expect(prices).toEqual([{ buy_price_per_mwh: '20000', sell_price_per_mwh: '20000' }]);
  });
});
