import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { type EntryDraft, GENESIS } from '#ledger';
import { Database } from '#persistence';
import { entities, migrations } from '../features.ts';
import { Organisation } from '../identity/identity.entities.ts';
import { LedgerEntry, LedgerHead } from './ledger.entities.ts';
import { LedgerService } from './ledger.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const tenantId = randomUUID();

let files: TestDatabase;
let database: Database;
let ledger: LedgerService;

beforeAll(async () => {
  files = await createTestDatabase(testEnvironment().databaseUrl);
  database = await Database.open({
    dataDir: files.dataDir,
    url: files.url,
    poolSize: 4,
    statementMs: 30_000,
    entities,
    migrations,
  });
  ledger = new LedgerService(database);
  await database.asSystem((manager) =>
    manager.insert(Organisation, { id: tenantId, name: 'Firm', legalId: 'test:firm' }),
  );
}, 60_000);

afterAll(async () => {
  await database.close();
  await files.drop();
});

const draft = (reference: string): EntryDraft => ({
  type: 'test',
  reference,
  currency: 'EUR',
  postings: [
    { account: 'a', amountMinor: 1 },
    { account: 'b', amountMinor: -1 },
  ],
  memo: '',
  atMs: 0,
});

const heldEntries = (tenant: string) =>
  database.asTenant(tenant, (manager) => manager.countBy(LedgerEntry, { reference: 'held' }));

const append = (...references: readonly string[]) =>
  database.asSystem(
    (manager) =>
    ledger.append(manager, references.map((reference) => ({ draft: draft(reference), holders: [tenantId] }))), // prettier-ignore
  );

describe('the ledger in the database', () => {
  it('stays one unbroken chain under concurrent appends', async () => {
    await Promise.all(['1', '2', '3', '4'].map((n) => append(`concurrent ${n} a`, `concurrent ${n} b`)));
    expect(await ledger.verify()).toMatchObject({ verified: true, head: await ledger.head() });
  });

  it('is verified once for all who ask while it is being verified', async () => {
    let transactions = 0;
    const counted = {
      asSystem: (work: Parameters<Database['asSystem']>[0]) => {
        transactions += 1;
        return database.asSystem(work);
      },
    };
    const asked = new LedgerService(counted as unknown as Database);
    await asked.verify();
    const once = transactions;
    const verdicts = await Promise.all(Array.from({ length: 45 }, () => asked.verify()));
    expect(verdicts.every(({ verified }) => verified)).toBe(true);
    expect(transactions).toBe(2 * once);
    const [first] = [asked.verify()];
    await new Promise((resolve) => setImmediate(resolve));
    const later = await Promise.all(Array.from({ length: 45 }, () => asked.verify()));
    expect(later[0]).toEqual(await first);
    expect(transactions).toBe(4 * once);
  });

  it('books nothing when the transaction around it fails', async () => {
    const head = await ledger.head();
    const failing = database.asSystem(async (manager) => {
      await ledger.append(manager, [{ draft: draft('rolled back'), holders: [tenantId] }]);
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await ledger.head()).toEqual(head);
    expect((await ledger.verify()).verified).toBe(true);
  });

  it('refuses to book an event twice', async () => {
    await append('once');
    await expect(append('once')).rejects.toThrow('ledger_entry_type_reference_key');
  });

  it('cannot be rewritten by either role', async () => {
    await append('kept');
    for (const statement of ["UPDATE ledger_entry SET memo = 'x'", 'DELETE FROM ledger_entry']) {
      await expect(database.asSystem((manager) => manager.query(statement))).rejects.toThrow(
        'permission denied',
      );
      await expect(database.asTenant(tenantId, (manager) => manager.query(statement))).rejects.toThrow(
        'permission denied',
      );
    }
  });

  it('shows an entry to its holders only', async () => {
    await append('held');
    expect([await heldEntries(tenantId), await heldEntries(randomUUID())]).toEqual([1, 0]);
  });

  // Last: it leaves the chain broken.
  it('is found broken when somebody inserts an entry past it', async () => {
    const { index, hash } = await ledger.head();
    const salt = '0'.repeat(32);
    const forged = { ...draft('forged'), index: index + 1, previousHash: hash, hash: '1'.repeat(64), salt };
    const { atMs, ...row } = forged;
    await database.asSystem(async (manager) => {
      await manager.insert(LedgerEntry, { ...row, at: new Date(atMs) });
      await manager.update(LedgerHead, { id: 1 }, { index: forged.index, hash: forged.hash });
    });
    expect(await ledger.verify()).toEqual({
      verified: false,
      entries: forged.index,
      head: index === -1 ? GENESIS : { index, hash },
      firstBad: { index: forged.index, reason: 'HASH' },
    });
  });

  it('has a schema that its entities agree with', async () => {
    const drift = await database.schemaDrift();
    expect(drift.filter((query) => /ledger_/.test(query))).toEqual([]);
  });
});
