import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import { openDatabase } from '../infrastructure.module.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const share = (tenant: string, version: number): string =>
  `INSERT INTO shared_portrait (tenant_id, participant_id, version, method, labels, signature, published_at)
   VALUES ('${tenant}', '${tenant}', ${version}, 'm', '[]', 's', now())`;

describe('sectors and shared portraits in the database', () => {
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
        await manager.query(
          'INSERT INTO participant (id, tenant_id, signing_key, agreement_key) VALUES ($1, $2, $3, $3)',
          [id, id, id],
        );
        await manager.query("INSERT INTO organisation_sector VALUES ($1, 'C', now())", [id]);
        await manager.query(share(id, 1));
      });
    }
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const asFirm = (statement: string): Promise<unknown> =>
    database.asTenant(firm, (manager) => manager.query(statement));

  it.each(['organisation_sector', 'shared_portrait'])('shows each its own rows of %s', async (table) => {
    expect(await asFirm(`SELECT tenant_id FROM ${table}`)).toEqual([{ tenant_id: firm }]);
    const nobody = await database.asTenant(randomUUID(), (manager) => manager.query(`SELECT FROM ${table}`));
    expect(nobody).toEqual([]);
  });

  it("changes none of another's sector", async () => {
    expect(await asFirm("UPDATE organisation_sector SET sector = 'D'")).toEqual([[], 1]);
    const theirs = await database.asTenant(rival, (manager) =>
      manager.query('SELECT sector FROM organisation_sector'),
    );
    expect(theirs).toEqual([{ sector: 'C' }]);
  });

  it.each([
    ["labels in another's name", share(rival, 2), /row-level security/],
    ['a version twice', share(firm, 1), /shared_portrait_version_key/],
    ['another version in place of one', "UPDATE shared_portrait SET labels = '[1]'", /permission denied/],
    ['the loss of a version', 'DELETE FROM shared_portrait', /permission denied/],
    ['a sector of another', `UPDATE organisation_sector SET tenant_id = '${rival}'`, /permission denied/],
  ])('refuses %s', async (_, statement, refusal) => {
    await expect(asFirm(statement)).rejects.toThrow(refusal);
  });
});
