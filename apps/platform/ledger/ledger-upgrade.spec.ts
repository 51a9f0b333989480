import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { DAY_MS, fixedClock, generateSigningKey } from '#core';
import { GENESIS, hashEntry } from '#ledger';
import { Database, type Migration } from '#persistence';
import { entities, migrations } from '../features.ts';
import type { JobHandlers } from '../jobs/job-handlers.ts';
import { ledgerDaysMigration } from '../migrations/0045-ledger-days.ts';
import type { Principal } from '../pipeline/principal.ts';
import { DayClosingService } from './day-closing.service.ts';
import { LedgerService } from './ledger.service.ts';
import { ProofsService } from './proofs.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const NOON = Date.UTC(2026, 2, 29, 12);
const DRAFT = {
  type: 'test',
  reference: 'old',
  currency: 'EUR',
  postings: [
    { account: 'a', amountMinor: 1 },
    { account: 'b', amountMinor: -1 },
  ],
  memo: '',
  atMs: NOON,
};
const tenantId = randomUUID();

let files: TestDatabase;
let dataDir: string;
let database: Database;

const open = (known: readonly Migration[]): Promise<Database> =>
  Database.open({ dataDir, url: files.url, poolSize: 1, statementMs: 30_000, entities, migrations: known });

/** One entry of the first form, in a database of before there was another. */
async function bookOld(): Promise<void> {
  const before = await open(migrations.filter(({ name }) => name < ledgerDaysMigration.name));
  const hash = await hashEntry({ ...DRAFT, index: 0, previousHash: GENESIS.hash, salt: null });
  await before.asSystem(async (manager) => {
    await manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', 'f')", [tenantId]);
    await manager.query(
      `INSERT INTO ledger_entry (index, previous_hash, hash, type, reference, currency, postings, memo, at)
       VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        GENESIS.hash,
        hash,
        DRAFT.type,
        DRAFT.reference,
        DRAFT.currency,
        JSON.stringify(DRAFT.postings),
        DRAFT.memo,
        new Date(NOON),
      ],
    );
    await manager.query('INSERT INTO ledger_holder (tenant_id, entry_index) VALUES ($1, 0)', [tenantId]);
    await manager.query('UPDATE ledger_head SET index = 0, hash = $1', [hash]);
  });
  await before.close();
}

beforeAll(async () => {
  files = await createTestDatabase(testEnvironment().databaseUrl);
  dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-upgrade-'));
  await bookOld();
  database = await open(migrations);
}, 60_000);

afterAll(async () => {
  await database.close();
  await files.drop();
  await rm(dataDir, { recursive: true, force: true });
});

it('goes on in a ledger of before entries had salts, whose entries stay in the chain and in no record', async () => {
  const ledger = new LedgerService(database);
  const clock = fixedClock(NOON + DAY_MS);
  await database.asSystem((manager) =>
    ledger.append(manager, [{ draft: { ...DRAFT, reference: 'new' }, holders: [tenantId] }]),
  );
  await new DayClosingService(database, {} as JobHandlers, clock, await generateSigningKey()).closeDays();
  expect(await ledger.verify()).toMatchObject({ verified: true, entries: 2 });
  const principal: Principal = { kind: 'member', id: randomUUID(), organisationId: tenantId, roles: [] };
  const proofs = new ProofsService(database, clock);
  expect(await proofs.proof(principal, 1)).toMatchObject({
    day: { day: '2026-03-29', firstIndex: 1, lastIndex: 1, previous: '0'.repeat(64) },
    path: [],
  });
  await expect(proofs.proof(principal, 0)).rejects.toMatchObject({ code: 'LEDGER_ENTRY_UNSALTED' });
});
