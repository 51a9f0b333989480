import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import { openDatabase } from '../infrastructure.module.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

describe('allowances in the database', () => {
  let test: TestDatabase;
  let database: Database;
  const [seller, buyer, stranger] = [randomUUID(), randomUUID(), randomUUID()];
  const participants = new Map([seller, buyer, stranger].map((id) => [id, randomUUID()]));

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const [id, participant] of participants) {
      await database.asTenant(id, async (manager) => {
        await manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $2)", [
          id,
          id,
        ]);
        await manager.query(
          'INSERT INTO participant (id, tenant_id, signing_key, agreement_key) VALUES ($1, $2, $3, $3)',
          [participant, id, participant],
        );
        await manager.query(
          `INSERT INTO allowance_emissions (tenant_id, participant_id, scheme, year, kind, tonnes, signature, stated_at)
           VALUES ($1, $2, 's', 2024, 'VERIFIED', 5, 'x', now())`,
          [id, participant],
        );
      });
    }
    await database.asSystem(async (manager) => {
      for (const id of [seller, buyer]) {
        await manager.query("INSERT INTO allowance_account VALUES ($1, 's', 2024, 10, 10, 0, 0)", [id]);
        await manager.query(
          "INSERT INTO allowance_issue VALUES ($1, $2, 's', 2024, 'final', 'r', 10, now())",
          [randomUUID(), id],
        );
        await manager.query(
          "INSERT INTO allowance_retirement VALUES ($1, $2, 'r', 's', 2024, 'CANCEL', 1, 'x', now())",
          [id, participants.get(id)],
        );
        await manager.query(
          `INSERT INTO allowance_order (tenant_id, participant_id, order_id, scheme, year, side, tonnes,
             price_minor_per_tonne, time_in_force, signature, received_at, left_tonnes)
           VALUES ($1, $2, 'o', 's', 2024, 'sell', 5, 1, 'gtd', 'x', now(), 5)`,
          [id, participants.get(id)],
        );
      }
      await manager.query(
        `INSERT INTO allowance_trade (scheme, year, buyer_tenant_id, seller_tenant_id, buyer_participant_id,
           seller_participant_id, buy_order_id, sell_order_id, tonnes, price_minor_per_tonne, traded_at)
         VALUES ('s', 2024, $1, $2, $3, $4, 'b', 's', 5, 1, now())`,
        [buyer, seller, participants.get(buyer), participants.get(seller)],
      );
    });
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const count = async (tenant: string, table: string): Promise<number> => {
    const rows = await database.asTenant(tenant, (manager) =>
      manager.query<{ count: string }[]>(`SELECT count(*) FROM ${table}`),
    );
    return Number(rows[0]!.count);
  };

  it.each(['account', 'issue', 'retirement', 'order'])(
    'shows each its own rows of allowance_%s',
    async (name) => {
      for (const tenant of [seller, buyer]) expect(await count(tenant, `allowance_${name}`)).toBe(1);
      expect(await count(stranger, `allowance_${name}`)).toBe(0);
    },
  );

  it('shows emissions to who stated them alone, and a trade to its two parties', async () => {
    for (const tenant of [seller, buyer, stranger])
      expect(await count(tenant, 'allowance_emissions')).toBe(1);
    for (const tenant of [seller, buyer]) expect(await count(tenant, 'allowance_trade')).toBe(1);
    expect(await count(stranger, 'allowance_trade')).toBe(0);
  });

  it.each([
    'UPDATE allowance_account SET held_tonnes = 99',
    'INSERT INTO allowance_issue SELECT * FROM allowance_issue',
    'DELETE FROM allowance_retirement',
    'UPDATE allowance_order SET left_tonnes = 0',
    "UPDATE allowance_trade SET buy_order_id = 'x'",
    'UPDATE allowance_emissions SET tonnes = 0',
    'DELETE FROM allowance_emissions',
  ])('does not let a tenant %s', async (statement) => {
    await expect(database.asTenant(seller, (manager) => manager.query(statement))).rejects.toThrow(
      /permission denied/,
    );
  });

  it('lets nobody state another’s emissions, and no account fall below zero', async () => {
    const forged = database.asTenant(seller, (manager) =>
      manager.query(
        `INSERT INTO allowance_emissions (tenant_id, participant_id, scheme, year, kind, tonnes, signature, stated_at)
         VALUES ($1, $2, 's', 2024, 'VERIFIED', 0, 'x', now())`,
        [buyer, participants.get(buyer)],
      ),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
    const overdrawn = database.asSystem((manager) =>
      manager.query('UPDATE allowance_account SET held_tonnes = -1'),
    );
    await expect(overdrawn).rejects.toThrow(/allowance_account_held_check/);
  });
});
