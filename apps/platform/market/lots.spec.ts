import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { fixedClock, localDay } from '#core';
import { lotCommitment, MARKET_LOT } from '#market';
import { Database } from '#persistence';
import { entities, migrations } from '../features.ts';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { ClearingService } from './clearing.service.ts';
import { MarketCharge, MarketLot, MarketOwnLot } from './lots.entities.ts';
import { MarketClearing, MarketOrder, MarketSession, MarketSettlement } from './market.entities.ts';
import { SettlementService } from './settlement.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const DAY = localDay('Europe/Berlin', '2026-03-29');
const MINUTE_MS = 60_000;
const organiser = randomUUID();
/** In the order of ids, so that draws that depend on ids are not drawn by chance. */
const firms = Array.from({ length: 6 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);
const nonceOf = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);

let files: TestDatabase;
let database: Database;
let ledger: LedgerService;

const queue = { enqueue: async () => undefined, process: () => undefined, close: async () => undefined };

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
  await database.asSystem(async (manager) => {
    await manager.insert(
      Organisation,
      [organiser, ...firms].map((id) => ({ id, name: 'Firm', legalId: `test:${id}` })),
    );
    // A firm's one participant has its id.
    await manager.insert(
      Participant,
      firms.map((id) => ({ id, tenantId: id, signingKey: `s${id}`, agreementKey: `a${id}` })),
    );
  });
}, 60_000);

afterAll(async () => {
  await database.close();
  await files.drop();
});

/** A session by whose lots two firms keep another from trading. */
const CHARGED_ID = '19000000-0000-4000-8000-000000000000';

/** A closed session of the first hour; firms 0 … 5 have committed, those named have revealed. */
async function newSession(
  change: Partial<MarketSession>,
  { revealed = [0, 1, 2, 3, 4, 5], id = randomUUID() }: { revealed?: readonly number[]; id?: string } = {},
): Promise<string> {
  const nonce = nonceOf(255);
  await database.asSystem((manager) =>
    manager.insert(MarketSession, {
      id,
      tenantId: organiser,
      zone: 'Europe/Berlin',
      startsAt: new Date(DAY.startMs),
      endsAt: new Date(DAY.endMs),
      retailPerMwh: 30_000,
      feedInPerMwh: 8_000,
      currency: 'EUR',
      mechanism: 'muda-vickrey',
      powers: [],
      state: 'CLOSED',
      revealMinutes: 15,
      closedAt: new Date(DAY.startMs),
      lotCommitment: lotCommitment(id, { participant: MARKET_LOT, nonce }),
      ...change,
    }),
  );
  await database.asTenant(organiser, (manager) =>
    manager.insert(MarketOwnLot, { tenantId: organiser, sessionId: id, nonce }),
  );
  await database.asSystem(async (manager) => {
    await manager.insert(
      MarketOrder,
      firms.map((firm, n) => ({
        tenantId: firm,
        sessionId: id,
        participantId: firm,
        orderId: 'o',
        startsAt: new Date(DAY.startMs),
        side: n % 3 === 0 ? ('sell' as const) : ('buy' as const),
        quantityWh: 1_000_000,
        pricePerMwh: (n % 3 === 0 ? 10_000 : 15_000) + 1_000 * n,
        signature: 's',
        receivedAt: new Date(DAY.startMs),
      })),
    );
  });
  for (const [n, firm] of firms.entries()) {
    await database.asTenant(firm, (manager) =>
      manager.insert(MarketLot, {
        tenantId: firm,
        sessionId: id,
        participantId: firm,
        commitment: lotCommitment(id, { participant: firm, nonce: nonceOf(n) }),
        signature: 's',
        committedAt: new Date(DAY.startMs),
        nonce: revealed.includes(n) ? nonceOf(n) : null,
      }),
    );
  }
  return id;
}

const clearingAt = (ms: number) =>
  new ClearingService(database, fixedClock(ms), queue, new LedgerService(database));
const certificateOf = async (id: string): Promise<Readonly<Record<string, unknown>>> => {
  const { certificate } = await database.asSystem((manager) =>
    manager.findOneByOrFail(MarketClearing, { sessionId: id, startsAt: new Date(DAY.startMs) }),
  );
  return certificate as Readonly<Record<string, unknown>>;
};

const stateOf = (id: string) =>
  database.asSystem(async (manager) => (await manager.findOneByOrFail(MarketSession, { id })).state);

describe('lots in the database', () => {
  it('are drawn when all nonces are in, or the time for them is over', async () => {
    const all = await newSession({});
    const some = await newSession({}, { revealed: [0, 1, 2] });
    const before = clearingAt(DAY.startMs + 15 * MINUTE_MS - 1);
    const waiting = await before.unfinished();
    expect(waiting).toContain(all);
    expect(waiting).not.toContain(some);
    await before.clear(some);
    expect(await stateOf(some)).toBe('CLOSED');
    await before.clear(all);
    expect(await stateOf(all)).toBe('CLEARED');
    const after = clearingAt(DAY.startMs + 15 * MINUTE_MS);
    expect(await after.unfinished()).toContain(some);
    await after.clear(some);
    expect(await stateOf(some)).toBe('CLEARED');
    expect(await certificateOf(some)).toMatchObject({
      buyOrders: 2,
      sellOrders: 1,
      details: { forfeited: { orders: 3, participants: 3 } },
    });
    expect(await certificateOf(all)).toMatchObject({
      details: { forfeited: { orders: 0, participants: 0 } },
    });
  });

  it('are shown to their own firm before clearing, to every firm after, and their market’s nonce to nobody before', async () => {
    const id = await newSession({});
    const seen = (tenant: string) =>
      database.asTenant(tenant, async (manager) => [
        await manager.countBy(MarketLot, { sessionId: id }),
        await manager.countBy(MarketOwnLot, { sessionId: id }),
      ]);
    expect([await seen(firms[0]!), await seen(organiser), await seen(randomUUID())]).toEqual([[1, 0], [0, 0], [0, 0]]); // prettier-ignore
    await clearingAt(DAY.startMs).clear(id);
    expect([await seen(firms[0]!), await seen(organiser)]).toEqual([[6, 1], [6, 1]]); // prettier-ignore
  });

  it.each([
    ['a commitment', "UPDATE market_lot SET commitment = 'x'"],
    ['a commitment away', 'DELETE FROM market_lot'],
    ['the market’s nonce', "UPDATE market_own_lot SET nonce = 'x'"],
    ['a charge', 'UPDATE market_charge SET amount_exact = 0'],
  ])('let no member change %s', async (_what, sql) => {
    await newSession({});
    await expect(database.asTenant(firms[0]!, (manager) => manager.query(sql))).rejects.toThrow(
      'permission denied',
    );
  });

  it('let no member commit, or charge, in the name of another', async () => {
    const id = await newSession({});
    const forged = { tenantId: firms[1]!, sessionId: id, participantId: firms[1]! };
    await database.asSystem((manager) => manager.delete(MarketLot, forged));
    const lot = { ...forged, commitment: 'x', signature: 's', committedAt: new Date(0), nonce: null };
    await expect(database.asTenant(firms[0]!, (manager) => manager.insert(MarketLot, lot))).rejects.toThrow(
      'row-level security',
    );
    await database.asTenant(firms[0]!, (manager) => manager.update(MarketLot, { sessionId: id, participantId: firms[2]! }, { nonce: 'x' })); // prettier-ignore
    expect(
      await database.asSystem((manager) => manager.countBy(MarketLot, { sessionId: id, nonce: 'x' })),
    ).toBe(0);
  });
});

describe('charges in the database', () => {
  it('are stored slot by slot, read by who owes them, and booked once beside trades', async () => {
    const id = await newSession({}, { id: CHARGED_ID });
    await clearingAt(DAY.startMs).clear(id);
    const charges = await database.asSystem((manager) => manager.findBy(MarketCharge, { sessionId: id }));
    expect(charges.map(({ amountExact }) => amountExact)).toEqual([1_000_000_000n, 1_000_000_000n]);
    for (const firm of firms) {
      const own = await database.asTenant(firm, (manager) => manager.findBy(MarketCharge, { sessionId: id }));
      expect(own).toEqual(charges.filter(({ participantId }) => participantId === firm));
    }
    expect(
      await database.asTenant(organiser, (manager) => manager.countBy(MarketCharge, { sessionId: id })),
    ).toBe(0);
    await database.asSystem((manager) => manager.update(MarketSession, { id }, { state: 'DELIVERED' }));
    const settlement = new SettlementService(database, ledger, fixedClock(DAY.endMs));
    await Promise.all([settlement.settle(id), settlement.settle(id)]);
    const settled = await database.asSystem((manager) => manager.findBy(MarketSettlement, { sessionId: id }));
    const { marketMinor } = await database.asSystem((manager) =>
      manager.findOneByOrFail(MarketSession, { id }),
    );
    const owed = charges.reduce((sum, { amountExact }) => sum + amountExact, 0n);
    expect(settled.reduce((sum, { chargeMinor }) => sum + chargeMinor, 0)).toBe(-marketMinor!);
    expect(Math.abs(Number(owed) / 1e6 - marketMinor!)).toBeLessThan(1);
    const balances = await database.asSystem((manager) =>
      manager.query<{ account: string; minor: string }[]>(
        `SELECT posting->>'account' AS account, sum((posting->>'amountMinor')::bigint) AS minor
         FROM ledger_entry, json_array_elements(postings) AS posting WHERE reference LIKE $1 GROUP BY 1`,
        [`${id}/%`],
      ),
    );
    const balance = Object.fromEntries(balances.map(({ account, minor }) => [account, Number(minor)]));
    expect(balance).toMatchObject({ 'market:clearing': 0, 'market:surplus': marketMinor });
    expect(Object.values(balance).reduce((a, b) => a + b, 0)).toBe(0);
  });
});
