import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { DAY_MS, generateSigningKey, type SigningKey, toHex } from '#core';
import {
  countersignDay,
  dayTree,
  type Entry,
  hashEntry,
  requireNextDay,
  requireSignedDay,
  type SignedDay,
  verifyInclusion,
} from '#ledger';
import { Database } from '#persistence';
import { entities, migrations } from '../features.ts';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import type { JobHandlers } from '../jobs/job-handlers.ts';
import type { Principal } from '../pipeline/principal.ts';
import { DayClosingService } from './day-closing.service.ts';
import { LedgerDay } from './days.entities.ts';
import { LedgerEntry } from './ledger.entities.ts';
import { LedgerService } from './ledger.service.ts';
import { ProofsService } from './proofs.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const START = Date.UTC(2026, 2, 29);
const day = (n: number): number => START + n * DAY_MS;

interface Firm {
  readonly tenantId: string;
  readonly key: SigningKey;
  readonly principal: Principal;
}

let files: TestDatabase;
let database: Database;
let ledger: LedgerService;
let closing: DayClosingService;
let proofs: ProofsService;
let platformKey: SigningKey;
let nowMs = START;
let firm: Firm;
let rival: Firm;

const clock = { nowMs: () => nowMs };

async function newFirm(): Promise<Firm> {
  const [tenantId, participantId] = [randomUUID(), randomUUID()];
  const key = await generateSigningKey();
  await database.asSystem(async (manager) => {
    await manager.insert(Organisation, { id: tenantId, name: 'Firm', legalId: tenantId });
    const keys = { signingKey: key.publicKey, agreementKey: participantId };
    await manager.insert(Participant, { id: participantId, tenantId, ...keys });
  });
  return {
    tenantId,
    key,
    principal: { kind: 'participant', id: participantId, organisationId: tenantId, roles: [] },
  };
}

beforeAll(async () => {
  files = await createTestDatabase(testEnvironment().databaseUrl);
  const { dataDir, url } = files;
  database = await Database.open({ dataDir, url, poolSize: 4, statementMs: 30_000, entities, migrations });
  platformKey = await generateSigningKey();
  ledger = new LedgerService(database);
  const jobs = { register: () => undefined } as unknown as JobHandlers;
  closing = new DayClosingService(database, jobs, clock, platformKey);
  proofs = new ProofsService(database, clock);
  firm = await newFirm();
  rival = await newFirm();
}, 60_000);

afterAll(async () => {
  await database.close();
  await files.drop();
});

/** Books an entry a firm that says it is of `atMs`. @returns its place */
async function book(atMs: number, holder = firm): Promise<number> {
  const [entry] = await database.asSystem((manager) =>
    ledger.append(manager, [
      {
        draft: {
          type: 'test',
          reference: randomUUID(),
          currency: 'EUR',
          postings: [
            { account: 'a', amountMinor: 1 },
            { account: 'b', amountMinor: -1 },
          ],
          memo: '',
          atMs,
        },
        holders: [holder.tenantId],
      },
    ]),
  );
  return entry!.index;
}

const records = (): Promise<SignedDay[]> =>
  database.asTenant(rival.tenantId, (manager) => manager.find(LedgerDay, { order: { day: 'ASC' } }));

async function closeAt(ms: number): Promise<SignedDay[]> {
  nowMs = ms;
  const known = (await records()).length;
  await closing.closeDays();
  return (await records()).slice(known);
}

const first = { first: 100 };

const leafOf = async (content: Omit<Entry, 'hash'>): Promise<string> =>
  toHex((await dayTree([await hashEntry(content)]))[0]![0]!);

/** The tests build one ledger, in this order. */
describe('days of the ledger', () => {
  it('are recorded when they are over and no instant before, those without an entry never', async () => {
    for (const atMs of [day(0), day(0) + 1, day(1) - 1, day(3)]) await book(atMs);
    expect(await closeAt(day(1) - 1)).toEqual([]);
    expect(await closeAt(day(1))).toMatchObject([
      { day: '2026-03-29', firstIndex: 0, lastIndex: 2, entries: 3, platformKey: platformKey.publicKey },
    ]);
    expect(await closeAt(day(3))).toEqual([]);
    expect(await closeAt(day(9))).toMatchObject([{ day: '2026-04-01', firstIndex: 3, entries: 1 }]);
  });

  it('take no entry once they are closed: one that comes late counts to the next', async () => {
    const before = await records();
    const late = await book(day(3) + 1);
    expect(await closeAt(day(4))).toEqual([]);
    expect(await closeAt(day(5))).toMatchObject([{ day: '2026-04-02', firstIndex: late, lastIndex: late }]);
    expect((await records()).slice(0, 2)).toEqual(before);
  });

  it('follow the chain where the clock jumps ahead and goes back', async () => {
    const ahead = await book(day(20));
    const back = [await book(day(10)), await book(day(11))];
    expect(await closeAt(day(12))).toEqual([]);
    expect(await closeAt(day(21))).toMatchObject([
      { day: '2026-04-18', firstIndex: ahead, lastIndex: back[1], entries: 3 },
    ]);
    await book(day(21));
    nowMs = day(1);
    await closing.closeDays();
    expect(await closeAt(day(22))).toMatchObject([{ day: '2026-04-19', entries: 1 }]);
  });

  it('close once under several workers, while entries are appended', async () => {
    await Promise.all([1, 2, 3].map((n) => book(day(30) + n)));
    nowMs = day(31);
    await Promise.all([
      closing.closeDays(),
      book(day(30) + 9),
      new DayClosingService(database, {} as JobHandlers, clock, platformKey).closeDays(),
      book(day(30) + 10),
    ]);
    await closeAt(day(33));
    const head = await ledger.head();
    const all = await records();
    let before: SignedDay | null = null;
    for (const record of all) {
      await requireSignedDay(record);
      requireNextDay(record, before);
      before = record;
    }
    expect(before).toMatchObject({ lastIndex: head.index, head: head.hash });
  });

  it('cannot be rewritten, nor written by a member', async () => {
    const statements = ["UPDATE ledger_day SET root = 'x'", 'DELETE FROM ledger_day'];
    const inserted = `INSERT INTO ledger_day SELECT '2030-01-01', first_index + 100, last_index + 100, entries, root, head,
      hash, platform_key, root, signature FROM ledger_day LIMIT 1`;
    for (const statement of statements) {
      await expect(database.asSystem((manager) => manager.query(statement))).rejects.toThrow(
        'permission denied',
      );
    }
    for (const statement of [...statements, inserted]) {
      await expect(database.asTenant(firm.tenantId, (manager) => manager.query(statement))).rejects.toThrow(
        'permission denied',
      );
    }
  });
});

describe('proofs of entries', () => {
  it('verify for their holder', async () => {
    const { edges } = await proofs.proofs(firm.principal, '2026-03-29', first);
    expect(edges).toHaveLength(3);
    for (const { node } of edges) {
      const { at, ...entry } = node.entry;
      expect(await verifyInclusion({ ...entry, atMs: at.getTime() }, node.path, node.day)).toEqual({
        verified: true,
      });
      expect(await proofs.proof(firm.principal, entry.index)).toEqual(node);
    }
  });

  it('are told a page at a time', async () => {
    const head = await proofs.proofs(firm.principal, '2026-03-29', { first: 2 });
    const after = head.pageInfo.endCursor;
    const tail = await proofs.proofs(firm.principal, '2026-03-29', { first: 2, after });
    expect([head, tail].flatMap(({ edges }) => edges.map(({ node }) => node.entry.index))).toEqual([0, 1, 2]);
    expect(tail.pageInfo.hasNextPage).toBe(false);
  });

  it('are of own entries only: another’s is as unknown as none', async () => {
    const { edges } = await proofs.proofs(rival.principal, '2026-03-29', first);
    expect(edges).toEqual([]);
    for (const index of [0, 1_000_000, -1]) {
      await expect(proofs.proof(rival.principal, index)).rejects.toMatchObject({
        code: 'LEDGER_ENTRY_UNKNOWN',
      });
    }
  });

  it('tell hashes of neighbours that do not confirm a guess of what they are', async () => {
    nowMs = day(40);
    const [own, other] = [await book(nowMs), await book(nowMs, rival)];
    await closeAt(day(41));
    const { path } = await proofs.proof(firm.principal, own);
    const { at, hash, ...hidden } = await database.asSystem((manager) =>
      manager.findOneByOrFail(LedgerEntry, { index: other }),
    );
    // All that a guesser could know but for the salt, and with it.
    const guess = { ...hidden, atMs: at.getTime(), salt: null };

    expect(path).not.toContain(await leafOf(guess));
    expect(path).toEqual([await leafOf({ ...guess, salt: hidden.salt })]);
    expect(await hashEntry({ ...guess, salt: hidden.salt })).toBe(hash);
  });

  it('wait for the day to be recorded', async () => {
    const open = await book(nowMs);
    await expect(proofs.proof(firm.principal, open)).rejects.toMatchObject({ code: 'LEDGER_DAY_OPEN' });
  });

  it.each(['2026-02-30', '0000-01-01', '29.3.2026', "'"])('refuse %j as a day', async (date) => {
    await expect(proofs.proofs(firm.principal, date, first)).rejects.toMatchObject({
      code: 'DATE_MALFORMED',
    });
    await expect(proofs.days(firm.principal, date, first)).rejects.toMatchObject({ code: 'DATE_MALFORMED' });
  });
});

const byRival = (statement: string) =>
  database.asTenant(rival.tenantId, (manager) => manager.query(statement));

const signed = async (by: Firm, n: number): Promise<string> =>
  countersignDay(by.key.privateKey, (await records())[n]!.hash, by.principal.id);

describe('counter-signatures', () => {
  it('are kept once, and shown to everybody', async () => {
    const signature = await signed(firm, 0);
    const kept = await proofs.countersign(firm.principal, '2026-03-29', signature);
    expect(kept).toMatchObject({ signingKey: firm.key.publicKey, signature });
    nowMs += 1_000;
    expect(await proofs.countersign(firm.principal, '2026-03-29', signature)).toEqual(kept);
    await proofs.countersign(rival.principal, '2026-03-29', await signed(rival, 0));
    const { edges } = await proofs.countersignatures(rival.principal, '2026-03-29', { first: 1 });
    const rest = await proofs.countersignatures(rival.principal, '2026-03-29', {
      first: 1,
      after: edges[0]!.cursor,
    });
    expect([...edges, ...rest.edges].map(({ node }) => node.participantId).toSorted()).toEqual(
      [firm.principal.id, rival.principal.id].toSorted(),
    );
  });

  it.each([
    ['of another day', () => signed(firm, 1), '2026-03-29', 'SIGNATURE_INVALID'],
    ['of another participant', () => signed(rival, 1), '2026-04-01', 'SIGNATURE_INVALID'],
    ['of no day', () => signed(firm, 0), '2026-03-28', 'LEDGER_DAY_UNKNOWN'],
  ])('are refused %s', async (_, sign, date, code) => {
    await expect(proofs.countersign(firm.principal, date, await sign())).rejects.toMatchObject({ code });
  });

  it('are a participant’s, not a member’s', async () => {
    const member: Principal = { ...firm.principal, kind: 'member' };
    await expect(proofs.countersign(member, '2026-03-29', await signed(firm, 0))).rejects.toMatchObject({
      code: 'PARTICIPANT_REQUIRED',
    });
  });

  it('cannot be changed, nor made for another organisation', async () => {
    await expect(byRival("UPDATE ledger_countersignature SET signature = ''")).rejects.toThrow(
      'permission denied',
    );
    await expect(byRival('DELETE FROM ledger_countersignature')).rejects.toThrow('permission denied');
    await expect(
      byRival(`INSERT INTO ledger_countersignature VALUES
        ('${firm.tenantId}', '${firm.principal.id}', '2026-04-01', '', '', now())`),
    ).rejects.toThrow('row-level security');
  });
});

describe('an entry without a salt', () => {
  it('is booked by nobody any more', async () => {
    const row = { type: 't', reference: 'old', currency: 'EUR', postings: [], memo: '', at: new Date(0) };
    const unsalted = { ...row, index: 1_000, previousHash: '', hash: 'x', salt: null };
    await expect(database.asSystem((manager) => manager.insert(LedgerEntry, unsalted))).rejects.toThrow(
      'ledger_entry_salt_check',
    );
  });
});
