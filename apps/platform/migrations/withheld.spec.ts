import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { Database } from '#persistence';
import { migrations } from '../features.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { marketWithheldMigration } from './0042-market-withheld.ts';

describe('a database of before limits were withheld', () => {
  let files: TestDatabase;
  let dataDir: string;

  beforeAll(async () => {
    files = await createTestDatabase(testEnvironment().databaseUrl);
    dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-withheld-'));
  }, 60_000);

  afterAll(async () => {
    await files.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const open = (before: string): Promise<Database> =>
    Database.open({
      dataDir,
      url: files.url,
      poolSize: 1,
      statementMs: 30_000,
      entities: [],
      migrations: migrations.filter(({ name }) => name < before),
    });

  it('withholds what its certificates told of limits, and keeps the rest', async () => {
    const [tenant, session] = [randomUUID(), randomUUID()];
    const old = await open(marketWithheldMigration.name);
    const certificate = {
      status: 'CLEARED',
      quantityWh: 700,
      efficientPriceInterval: { lowPerMwh: 13_000, highPerMwh: 27_000 },
      individualRationality: { buyPerMwh: 7_000, sellPerMwh: 7_000, chargedExact: null },
      welfareExact: '9800000',
      details: { refused: [{ order: 'somebody/o1' }] },
    };
    await old.asSystem(async (manager) => {
      await manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', 'test:firm')", [
        tenant,
      ]);
      await manager.query(
        `INSERT INTO market_session (id, tenant_id, zone, starts_at, ends_at, retail_per_mwh, feed_in_per_mwh, currency,
           mechanism, powers, state, welfare_minor)
         VALUES ($1, $2, 'UTC', now(), now() + interval '1 day', 2, 1, 'EUR', 'uniform-price', '[]', 'CLEARED', 10)`,
        [session, tenant],
      );
      await manager.query(
        'INSERT INTO market_clearing (session_id, starts_at, quantity_wh, price_per_mwh, certificate) VALUES ($1, now(), 700, 20000, $2)',
        [session, certificate],
      );
    });
    await old.close();
    const database = await open('9');
    const [row] = await database.asSystem((manager) =>
      manager.query<{ certificate: object; welfare_minor: number | null }[]>(
        `SELECT certificate, welfare_minor FROM market_clearing JOIN market_session session ON session.id = session_id`,
      ),
    );
    await database.close();
    expect(row!.welfare_minor).toBeNull();
    expect(row!.certificate).toMatchObject({
      status: 'CLEARED',
      quantityWh: 700,
      withheld: 'FEW_PARTIES',
      welfareExact: null,
    });
    for (const limit of ['13000', '27000', '7000', '9800000', 'somebody'])
      expect(JSON.stringify(row!.certificate)).not.toContain(limit);
  });
});
