import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig, testEnvironment } from '#config';
import type { Database } from '#persistence';
import { openDatabase } from '../infrastructure.module.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const footprint = (id: string, tenant: string): string =>
  `INSERT INTO footprint (id, tenant_id, participant_id, document, product_ids, company_ids, classifications, geographies,
     valid_from, valid_to, published_at)
   VALUES ('${id}', '${tenant}', '${tenant}', '{}', '{}', '{}', '{}', '{}', now(), now(), now())`;
const grant = (of: string, tenant: string, to: string): string =>
  `INSERT INTO footprint_grant (tenant_id, footprint_id, grantee_id, granted_at) VALUES ('${tenant}', '${of}', '${to}', now())`;

describe('footprints in the database', () => {
  let test: TestDatabase;
  let database: Database;
  const [firm, buyer, rival] = [randomUUID(), randomUUID(), randomUUID()];
  const [granted, kept] = [randomUUID(), randomUUID()];
  const as = (tenant: string, statement: string): Promise<unknown> =>
    database.asTenant(tenant, (manager) => manager.query(statement));

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const id of [firm, buyer, rival]) {
      await as(id, `INSERT INTO organisation (id, name, legal_id) VALUES ('${id}', 'Firm', '${id}')`);
      await as(id, `INSERT INTO participant (id, tenant_id, signing_key, agreement_key) VALUES ('${id}', '${id}', '${id}', '${id}')`); // prettier-ignore
    }
    for (const id of [granted, kept]) await as(firm, footprint(id, firm));
    await as(firm, grant(granted, firm, buyer));
    await as(firm, grant(granted, firm, rival));
    await as(firm, `UPDATE footprint_grant SET revoked_at = now() WHERE grantee_id = '${rival}'`);
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const readBy = (tenant: string): Promise<unknown> =>
    as(tenant, 'SELECT id FROM footprint ORDER BY sequence');
  const grantsOf = (tenant: string): Promise<unknown> => as(tenant, 'SELECT grantee_id FROM footprint_grant ORDER BY sequence'); // prettier-ignore

  it('are read by their owner, and where a grant is in force by the grantee', async () => {
    expect(await readBy(firm)).toEqual([{ id: granted }, { id: kept }]);
    expect(await readBy(buyer)).toEqual([{ id: granted }]);
    expect(await readBy(rival)).toEqual([]);
    expect(await readBy(randomUUID())).toEqual([]);
  });

  it('show a grantee no grant but its own', async () => {
    expect(await grantsOf(firm)).toEqual([{ grantee_id: buyer }, { grantee_id: rival }]);
    expect(await grantsOf(buyer)).toEqual([{ grantee_id: buyer }]);
    expect(await grantsOf(rival)).toEqual([]);
  });

  it.each([
    ["a footprint in another's name", () => footprint(randomUUID(), firm), /row-level security/],
    ["a grant of another's footprint", () => grant(kept, buyer, rival), /row-level security/],
    ["a grant in the owner's name", () => grant(kept, firm, buyer), /row-level security/],
    ['a grant handed on', () => grant(granted, buyer, rival), /row-level security/],
    ['the loss of a footprint', () => 'DELETE FROM footprint', /permission denied/],
    ['the loss of a grant', () => 'DELETE FROM footprint_grant', /permission denied/],
    ['another document in place of one', () => "UPDATE footprint SET document = '{}'", /permission denied/],
    [
      'another grantee in place of one',
      () => `UPDATE footprint_grant SET grantee_id = '${rival}'`,
      /permission denied/,
    ],
  ])('refuse %s', async (_, statement, refusal) => {
    await expect(as(buyer, statement())).rejects.toThrow(refusal);
  });

  it("let nobody deprecate or revoke what is another's", async () => {
    expect(await as(buyer, 'UPDATE footprint SET deprecated_at = now()')).toEqual([[], 0]);
    expect(await as(buyer, 'UPDATE footprint_grant SET revoked_at = now()')).toEqual([[], 0]);
    expect(await readBy(buyer)).toEqual([{ id: granted }]);
  });

  it('are granted once at a time', async () => {
    await expect(as(firm, grant(granted, firm, buyer))).rejects.toThrow(/footprint_grant_in_force_key/);
    await as(firm, grant(granted, firm, rival));
    expect(await readBy(rival)).toEqual([{ id: granted }]);
    await expect(as(firm, grant(granted, firm, firm))).rejects.toThrow(/footprint_grant_other/);
  });
});
