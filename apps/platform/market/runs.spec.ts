import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fixedClock, localDay } from '#core';
import type { OrderTerms } from '#market';
import type { Database } from '#persistence';
import type { Principal } from '../pipeline/principal.ts';
import { ClearingService } from './clearing.service.ts';
import { MarketClearing, MarketOrder, MarketSession, MarketTrade } from './market.entities.ts';
import { MAX_ORDERS_PER_SESSION, requireSessionRoom } from './order-room.ts';
import { RunsService } from './runs.service.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { MarketRun } from './runs.entities.ts';
import { MAX_SESSION_ORDER_WH, MAX_SESSION_PRICE_PER_MWH } from './session.ts';
import { MarketRows, type RowOrder } from '../../../test/harness/market-rows.ts';

const DAY = localDay('Europe/Berlin', '2026-03-29');
const HOURS = 23;
const CLOCK = fixedClock(DAY.endMs);
const SETTLED_AT = { startedAt: new Date(DAY.endMs), finishedAt: new Date(DAY.endMs) };

/** Three buyers and three sellers an hour, of prices and quantities that differ from hour to hour. */
const ORDERS: readonly RowOrder[] = Array.from({ length: 20 }, (_, hour) => hour).flatMap((hour) =>
  [0, 1, 2, 3, 4, 5].map((firm): RowOrder => {
    const mixed = (hour * 7 + firm * 11) % 13;
    const side = firm < 3 ? 'buy' : 'sell';
    return { firm, hour, side, quantityWh: 500 + 100 * mixed, pricePerMwh: 15_000 + 700 * mixed };
  }),
);

let rows: MarketRows;

/** A queue that only remembers: what a job does must not depend on the next one running. */
const queue = { enqueued: [] as string[], enqueue: async (name: string) => void queue.enqueued.push(name), process: () => undefined, close: async () => undefined }; // prettier-ignore

beforeAll(async () => {
  rows = await MarketRows.open(7);
}, 60_000);

afterAll(() => rows.close());

const clearing = (database: Database = rows.database) =>
  new ClearingService(database, CLOCK, queue, new LedgerService(database));
const runs = () => new RunsService(rows.database, CLOCK, queue);
const organiser = (): Principal =>
  ({ kind: 'member', organisationId: rows.firms[0]!.tenantId, roles: ['market'] }) as unknown as Principal;

/** The process ends in the transaction after `steps` ones, which takes all of that transaction's work with it. */
function dyingAfter(steps: number): Database {
  let left = steps;
  const asSystem: Database['asSystem'] = (work) =>
    rows.database.asSystem(async (manager) => {
      const result = await work(manager);
      if (left-- === 0) throw new Error('killed');
      return result;
    });
  return { asSystem } as Database;
}

/** All that a session came to, as bytes. */
const bytesOf = (id: string): Promise<string> =>
  rows.database.asSystem(async (manager) =>
    JSON.stringify([
      await manager.query('SELECT * FROM market_clearing WHERE session_id = $1 ORDER BY starts_at', [id]),
      await manager.query('SELECT * FROM market_trade WHERE session_id = $1 ORDER BY starts_at, id', [id]),
      await manager.query(
        'SELECT state, trade_count, traded_wh, welfare_minor FROM market_session WHERE id = $1',
        [id],
      ),
    ]),
  );

/** As if it had never been cleared. */
const forget = (id: string): Promise<void> =>
  rows.database.asSystem(async (manager) => {
    await manager.update(MarketSession, { id }, { state: 'CANCELLED' });
    await manager.delete(MarketTrade, { sessionId: id });
    await manager.delete(MarketClearing, { sessionId: id });
    await manager.delete(MarketRun, { sessionId: id });
    await manager.update(MarketSession, { id }, { state: 'CLOSED' });
  });

const stateOf = (id: string) =>
  rows.database.asSystem(async (manager) => (await manager.findOneByOrFail(MarketSession, { id })).state);

/** What a firm sees of a session's results. */
const seenBy = (firm: number, sessionId: string) =>
  rows.database.asTenant(rows.firms[firm]!.tenantId, async (manager) => ({
    clearings: await manager.countBy(MarketClearing, { sessionId }),
    trades: await manager.countBy(MarketTrade, { sessionId }),
  }));

/** A book of one hour that a mechanism for equal traders refuses, behind hours that it clears. */
async function failingSession(): Promise<string> {
  const fair = [0, 1].flatMap((hour): RowOrder[] => [
    { firm: 0, hour, side: 'buy', quantityWh: 100, pricePerMwh: 20_000 },
    { firm: 1, hour, side: 'buy', quantityWh: 100, pricePerMwh: 19_000 },
    { firm: 2, hour, side: 'sell', quantityWh: 100, pricePerMwh: 10_000 },
    { firm: 3, hour, side: 'sell', quantityWh: 100, pricePerMwh: 11_000 },
  ]);
  const odd: RowOrder = { firm: 0, hour: 2, side: 'buy', quantityWh: 70, pricePerMwh: 20_000 };
  return rows.closedSession(DAY, 'mcafee', [
    ...fair,
    odd,
    { ...odd, firm: 2, side: 'sell', quantityWh: 100 },
  ]);
}

const plain = (count: number, terms: OrderTerms = {}) =>
  Array.from({ length: count }, () => ({ startMs: DAY.startMs, terms }));

describe('the book of a session', () => {
  it.each([
    ['block-orders', 501, { minAcceptance: 1 }],
    ['block-orders', 20_001, {}],
    ['p2p-bilateral', 4_001, {}],
  ])('of %s takes no more than clears: not %d orders of %j', async (mechanism, count, terms) => {
    const id = await rows.closedSession(DAY, mechanism, []);
    const room = (more: number) =>
      rows.database.asSystem((manager) => requireSessionRoom(manager, { id, mechanism }, plain(more, terms)));
    await room(count - 1);
    await expect(room(count)).rejects.toThrow(expect.objectContaining({ code: 'SESSION_ORDERS_LIMIT' }));
  });

  it('takes orders up to a limit that counts everybody’s, and one batch after the other', async () => {
    const id = await rows.closedSession(DAY, 'uniform-price', ORDERS);
    const room = (more: number) =>
      rows.database.asSystem((manager) =>
        requireSessionRoom(manager, { id, mechanism: 'uniform-price' }, plain(more), ORDERS.length + 5),
      );
    await room(5);
    await expect(room(6)).rejects.toThrow(expect.objectContaining({ code: 'SESSION_ORDERS_LIMIT' }));
    // Fewer than 2^53 minor units of welfare, of orders of a GWh that are worth the whole range of prices.
    const worthMinor = (MAX_SESSION_ORDER_WH / 1_000_000) * 2 * MAX_SESSION_PRICE_PER_MWH;
    expect(MAX_ORDERS_PER_SESSION * worthMinor).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});

describe('a matching run', () => {
  it.each(['uniform-price', 'muda-lottery'])(
    'by %s that is killed anywhere is resumed to the same bytes as one that is not',
    async (mechanism) => {
      const id = await rows.closedSession(DAY, mechanism, ORDERS);
      await clearing().clear(id);
      const undisturbed = await bytesOf(id);
      expect(JSON.parse(undisturbed)[0]).toHaveLength(HOURS);
      for (const steps of [0, 9, HOURS]) {
        await forget(id);
        await expect(clearing(dyingAfter(steps)).clear(id)).rejects.toThrow('killed');
        expect(await clearing().unfinished()).toContain(id);
        await clearing().clear(id);
        expect(await bytesOf(id)).toBe(undisturbed);
      }
    },
  );

  it('comes to its end though its process dies after every slot, and clears none twice', async () => {
    const id = await rows.closedSession(DAY, 'uniform-price', ORDERS);
    const done: number[] = [];
    while ((await stateOf(id)) === 'CLOSED') {
      await clearing(dyingAfter(2))
        .clear(id)
        .catch(() => undefined);
      done.push((await runs().list(organiser(), id))[0]!.slotsDone);
    }
    // The step that begins stores nothing; the one after stores a slot; the third dies with its work.
    expect(done).toEqual(Array.from({ length: HOURS }, (_, n) => n + 1));
    expect(await runs().list(organiser(), id)).toMatchObject([{ attempt: 1, state: 'DONE', reason: null, ...SETTLED_AT }]); // prettier-ignore
  });

  it('shows nobody what it has cleared before all of it is, and then the parties their trades', async () => {
    const id = await rows.closedSession(DAY, 'uniform-price', ORDERS);
    await expect(clearing(dyingAfter(12)).clear(id)).rejects.toThrow('killed');
    const stored = await rows.database.asSystem((manager) =>
      manager.countBy(MarketClearing, { sessionId: id }),
    );
    expect(stored).toBe(11);
    for (const firm of [0, 3, 6]) expect(await seenBy(firm, id)).toEqual({ clearings: 0, trades: 0 });
    await clearing().clear(id);
    expect((await seenBy(0, id)).trades).toBeGreaterThan(0);
    expect(await seenBy(6, id)).toEqual({ clearings: HOURS, trades: 0 });
  });

  it('numbers sessions in the order in which their results became visible', async () => {
    const [first, second] = [await failingSession(), await rows.closedSession(DAY, 'uniform-price', [])];
    await expect(clearing(dyingAfter(2)).clear(first)).rejects.toThrow('killed');
    await clearing().clear(second);
    await rows.database.asSystem((manager) =>
      manager.update(MarketOrder, { sessionId: first }, { quantityWh: 100 }),
    );
    await clearing().clear(first);
    const numberOf = (id: string): Promise<number> =>
      rows.database.asSystem(
        async (manager) => (await manager.findOneByOrFail(MarketSession, { id })).clearedSequence!,
      );
    expect(await numberOf(first)).toBe((await numberOf(second)) + 1);
  });

  it('fails by the code of a book it cannot clear, waits for its organiser, and goes on where it failed', async () => {
    const id = await failingSession();
    await clearing().clear(id);
    await clearing().clear(id);
    expect(await stateOf(id)).toBe('CLOSED');
    const failed = { attempt: 1, state: 'FAILED', slotsDone: 2, slotsTotal: HOURS, reason: 'UNIT_TRADERS_REQUIRED', ...SETTLED_AT }; // prettier-ignore
    expect(await runs().list(organiser(), id)).toMatchObject([failed]);
    expect(await clearing().unfinished()).not.toContain(id);

    expect(await runs().start(organiser(), id)).toMatchObject({ state: 'CLOSED' });
    await runs().start(organiser(), id);
    expect(await clearing().unfinished()).toContain(id);
    await clearing().clear(id);
    expect(await runs().list(organiser(), id)).toMatchObject([{ ...failed, attempt: 2 }, failed]);

    await rows.database.asSystem((manager) =>
      manager.update(MarketOrder, { sessionId: id }, { quantityWh: 100 }),
    );
    await runs().start(organiser(), id);
    await clearing().clear(id);
    expect(await stateOf(id)).toBe('CLEARED');
    await expect(runs().start(organiser(), id)).rejects.toThrow(
      expect.objectContaining({ code: 'SESSION_NOT_CLOSED' }),
    );
  });

  it('is cancelled with its session, which has then traded nothing and is left alone', async () => {
    const id = await rows.closedSession(DAY, 'uniform-price', ORDERS);
    await expect(clearing(dyingAfter(5)).clear(id)).rejects.toThrow('killed');
    expect(await runs().cancel(organiser(), id)).toMatchObject({ state: 'CANCELLED' });
    expect(await runs().cancel(organiser(), id)).toMatchObject({ state: 'CANCELLED' });
    expect(await runs().list(organiser(), id)).toMatchObject([
      { state: 'CANCELLED', slotsDone: 4, ...SETTLED_AT },
    ]);
    await clearing().clear(id);
    expect(await clearing().unfinished()).not.toContain(id);
    expect(JSON.parse(await bytesOf(id)).slice(0, 2)).toEqual([[], []]);
  });

  it('cannot be cancelled once it is done, and what it published cannot be deleted', async () => {
    const id = await rows.closedSession(DAY, 'uniform-price', ORDERS);
    await clearing().clear(id);
    const published = await bytesOf(id);
    await expect(runs().cancel(organiser(), id)).rejects.toThrow(
      expect.objectContaining({ code: 'SESSION_ALREADY_CLEARED' }),
    );
    await rows.database.asSystem(async (manager) => {
      await manager.delete(MarketTrade, { sessionId: id });
      await manager.delete(MarketClearing, { sessionId: id });
    });
    expect(await bytesOf(id)).toBe(published);
  });

  it('is its organiser’s to start and cancel, and not another’s to forge', async () => {
    const id = await failingSession();
    await clearing().clear(id);
    const rival = { ...organiser(), organisationId: rows.firms[1]!.tenantId };
    for (const work of [() => runs().start(rival, id), () => runs().cancel(rival, id)]) {
      await expect(work()).rejects.toThrow(expect.objectContaining({ code: 'SESSION_NOT_YOURS' }));
    }
    const forged = rows.database.asTenant(rival.organisationId, (manager) =>
      manager.query(
        `INSERT INTO market_run SELECT tenant_id, session_id, 2, 'RUNNING', 0, 23, NULL, now(), NULL FROM market_run
         WHERE session_id = $1`,
        [id],
      ),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
    await expect(runs().list(rival, randomUUID())).resolves.toEqual([]);
  });
});
