import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fixedClock, localDay, sha256Now, toHex, utf8 } from '#core';
import { testEnvironment } from '#config';
import { Database } from '#persistence';
import { entities, migrations } from '../features.ts';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { ClearingService } from './clearing.service.ts';
import {
  MarketClearing,
  MarketDelivery,
  MarketOrder,
  MarketSession,
  MarketTrade,
} from './market.entities.ts';
import { SettlementService } from './settlement.service.ts';
import { MarketShare } from './shares.entities.ts';
import { SharingService } from './sharing.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';

const DAY = localDay('Europe/Berlin', '2026-03-29');
const tenantId = randomUUID();
const [buyerId, sellerId] = [randomUUID(), randomUUID()];

let files: TestDatabase;
let database: Database;
let ledger: LedgerService;

/** A queue that only remembers: what a job does must not depend on the next one running. */
const queue = { enqueued: [] as string[], enqueue: async (name: string) => void queue.enqueued.push(name), process: () => undefined, close: async () => undefined }; // prettier-ignore

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
    await manager.insert(Organisation, { id: tenantId, name: 'Firm', legalId: 'test:firm' });
    const keys = (id: string) => ({ id, tenantId, signingKey: `s${id}`, agreementKey: `a${id}` });
    await manager.insert(Participant, [keys(buyerId), keys(sellerId)]);
  });
}, 60_000);

afterAll(async () => {
  await database.close();
  await files.drop();
});

async function newSession(
  state: 'OPEN' | 'CLOSED',
  gateClosesAtMs: number | null = null,
  mechanism = 'uniform-price',
  organiser = tenantId,
): Promise<string> {
  const id = randomUUID();
  await database.asSystem(async (manager) => {
    await manager.insert(MarketSession, {
      id,
      tenantId: organiser,
      zone: 'Europe/Berlin',
      startsAt: new Date(DAY.startMs),
      endsAt: new Date(DAY.endMs),
      gateClosesAt: gateClosesAtMs === null ? null : new Date(gateClosesAtMs),
      retailPerMwh: 30_000,
      feedInPerMwh: 8_000,
      currency: 'EUR',
      mechanism,
      powers: [],
      state,
    });
    const order = (participantId: string, side: 'buy' | 'sell') => ({
      tenantId,
      sessionId: id,
      participantId,
      orderId: 'o',
      startsAt: new Date(DAY.startMs),
      side,
      quantityWh: 1_000,
      pricePerMwh: 20_000,
      signature: 's',
      receivedAt: new Date(DAY.startMs),
    });
    await manager.insert(MarketOrder, [order(buyerId, 'buy'), order(sellerId, 'sell')]);
  });
  return id;
}

const stateOf = (id: string) =>
  database.asSystem(async (manager) => (await manager.findOneByOrFail(MarketSession, { id })).state);

const clearingAt = (ms: number) =>
  new ClearingService(database, fixedClock(ms), queue, new LedgerService(database));
const settlement = () => new SettlementService(database, ledger, fixedClock(DAY.endMs));

async function deliver(sessionId: string, participantId: string, netImportWh: number, netExportWh: number) {
  await database.asSystem((manager) =>
    manager.insert(MarketDelivery, {
      tenantId,
      sessionId,
      participantId,
      startsAt: new Date(DAY.startMs),
      netImportWh,
      netExportWh,
      signature: 's',
      receivedAt: new Date(DAY.endMs),
    }),
  );
}

describe('market jobs', () => {
  it('clear once, however often and however many at a time they run', async () => {
    const id = await newSession('CLOSED');
    const clearing = clearingAt(DAY.startMs);
    expect(await clearing.unfinished()).toContain(id);
    await Promise.all([clearing.clear(id), clearing.clear(id), clearing.clear(id)]);
    await clearing.clear(id);
    const counts = await database.asSystem(async (manager) => ({
      trades: await manager.countBy(MarketTrade, { sessionId: id }),
      clearings: await manager.countBy(MarketClearing, { sessionId: id }),
    }));
    expect(counts).toEqual({ trades: 1, clearings: 23 });
    expect(await clearing.unfinished()).not.toContain(id);
  });

  it('close a session whose gate has passed, and leave an open one alone', async () => {
    const id = await newSession('OPEN', DAY.startMs);
    const before = clearingAt(DAY.startMs - 1);
    expect(await before.unfinished()).not.toContain(id);
    await before.clear(id);
    expect(await stateOf(id)).toBe('OPEN');
    const after = clearingAt(DAY.startMs);
    expect(await after.unfinished()).toContain(id);
    await after.clear(id);
    expect(await stateOf(id)).toBe('CLEARED');
  });

  it('clear a book in which orders of one participant cross, as they could before those were refused', async () => {
    const id = await newSession('CLOSED');
    await database.asSystem(async (manager) => {
      const own = await manager.findOneByOrFail(MarketOrder, { sessionId: id, side: 'buy' });
      await manager.insert(MarketOrder, Object.assign(own, { orderId: 'own', side: 'sell', pricePerMwh: 1 }));
    });
    await clearingAt(DAY.startMs).clear(id);
    expect(await stateOf(id)).toBe('CLEARED');
    const trades = await database.asSystem((manager) => manager.findBy(MarketTrade, { sessionId: id }));
    expect(trades.filter((trade) => trade.buyerParticipantId === trade.sellerParticipantId)).toEqual([]);
  });

  it('draw the lots of a session from before commitments from its sealed book', async () => {
    const id = await newSession('CLOSED', null, 'muda-lottery');
    await database.asSystem((manager) =>
      manager.update(MarketOrder, { sessionId: id, side: 'buy' }, { signature: 'of buyer' }),
    );
    await clearingAt(DAY.startMs).clear(id);
    const { certificate } = await database.asSystem((manager) =>
      manager.findOneByOrFail(MarketClearing, { sessionId: id, startsAt: new Date(DAY.startMs) }),
    );
    const book = toHex(sha256Now(utf8(JSON.stringify(['of buyer', 's']))));
    expect(certificate).toMatchObject({ options: { seed: `${id}/${DAY.startMs}/${book}` } });
  });

  it('settle when the last statement is in, found by the reconciler where the wake-up was lost, and book once', async () => {
    const id = await newSession('CLOSED');
    await clearingAt(DAY.startMs).clear(id);
    await deliver(id, buyerId, 1_000, 0);
    await settlement().settle(id);
    expect(await stateOf(id)).toBe('CLEARED');
    expect(await settlement().unfinished()).not.toContain(id);
    await deliver(id, sellerId, 0, 1_000);
    expect(await settlement().unfinished()).toContain(id);
    const before = (await ledger.head()).index;
    await Promise.all([settlement().settle(id), settlement().settle(id)]);
    await settlement().settle(id);
    expect(await stateOf(id)).toBe('SETTLED');
    // 20 ct from the buyer, 20 ct to the seller, no deviation; a certificate each
    expect((await ledger.head()).index).toBe(before + 4);
    expect(await settlement().unfinished()).not.toContain(id);
  });

  it('share once, and show a share to its firm and the organiser only', async () => {
    const organiser = randomUUID();
    await database.asSystem((manager) =>
      manager.insert(Organisation, { id: organiser, name: 'Organiser', legalId: 'test:organiser' }),
    );
    const id = await newSession('CLOSED', null, 'uniform-price', organiser);
    const sharing = new SharingService(database);
    await clearingAt(DAY.startMs).clear(id);
    await deliver(id, buyerId, 1_000, 0);
    await deliver(id, sellerId, 0, 1_000);
    await sharing.share(id);
    await settlement().settle(id);
    expect(await sharing.unfinished()).toContain(id);
    await Promise.all([sharing.share(id), sharing.share(id)]);
    expect(await sharing.unfinished()).not.toContain(id);
    const seen = (tenant: string) =>
      database.asTenant(tenant, (manager) => manager.countBy(MarketShare, { sessionId: id }));
    // Two members by two methods.
    expect([await seen(tenantId), await seen(organiser), await seen(randomUUID())]).toEqual([4, 4, 0]);
    const forged = database.asTenant(organiser, (manager) =>
      manager.query('UPDATE market_share SET share_minor = 0'),
    );
    await expect(forged).rejects.toThrow('permission denied');
  });

  it('settle however many participants a firm has enrolled', async () => {
    const id = await newSession('CLOSED');
    // In each of 23 hours: more rows than one statement takes.
    const buyers = 300;
    await database.asSystem(async (manager) => {
      await manager.query(
        `INSERT INTO participant (id, tenant_id, signing_key, agreement_key)
         SELECT gen_random_uuid(), $1, 's-many-' || n, 'a-many-' || n FROM generate_series(1, $2::int) n`,
        [tenantId, buyers],
      );
      await manager.query(
        `INSERT INTO market_trade
         SELECT gen_random_uuid(), $1, $2::timestamptz + h * interval '1 hour', $3, $3, id, $4, 'o', 'o', 1000, 20000, 20000
         FROM generate_series(0, 22) h, participant WHERE signing_key LIKE 's-many-%'`,
        [id, new Date(DAY.startMs), tenantId, sellerId],
      );
      await manager.update(MarketSession, { id }, { state: 'DELIVERED' });
    });
    const before = (await ledger.head()).index;
    await settlement().settle(id);
    expect(await stateOf(id)).toBe('SETTLED');
    // One local entry and one certificate each.
    expect((await ledger.head()).index).toBe(before + 2 * (buyers + 1));
  });

  it('has a schema that its entities agree with', async () => {
    const drift = await database.schemaDrift();
    expect(drift.filter((query) => /market_/.test(query))).toEqual([]);
  });
});
