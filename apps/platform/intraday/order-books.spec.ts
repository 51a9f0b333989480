import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LedgerService } from '../ledger/ledger.service.ts';
import { MarketSession, MarketTrade } from '../market/market.entities.ts';
import { SettlementService } from '../market/settlement.service.ts';
import { IntradayBook, IntradayOrder } from './intraday.entities.ts';
import { DAY, GATE_MS, IntradayDesk } from '../../../test/harness/intraday-desk.ts';

let desk: IntradayDesk;

beforeAll(async () => {
  desk = await IntradayDesk.open();
}, 60_000);

afterAll(() => desk.close());

beforeEach(() => desk.newSession());

describe('order books', () => {
  it('match two crossing orders that come at once exactly once', async () => {
    const [buyer, , seller] = desk.traders;
    const sides = [
      ['b', 'buy'],
      ['s', 'sell'],
    ] as const;
    await Promise.all(
      sides.map(([id, side]) =>
        desk.place(side === 'buy' ? buyer : seller, id, { side, quantityWh: 700, pricePerMwh: 20_000 }),
      ),
    );
    expect(await desk.trades()).toMatchObject([
      { buyOrderId: 'b', sellOrderId: 's', quantityWh: 700, buyPricePerMwh: 20_000, venue: 'intraday' },
    ]);
    expect(await desk.publicBook()).toMatchObject({
      bids: [],
      asks: [],
      tradedWh: 700,
      lastPricePerMwh: 20_000,
    });
  });

  it('give what waits to as many as it suffices for, however many come at once', async () => {
    const [maker, , other, third] = desk.traders;
    await desk.place(maker, 's', { side: 'sell', quantityWh: 1_000, pricePerMwh: 10_000 });
    const bids = Array.from({ length: 8 }, (_, n) =>
      desk.place(n % 2 === 0 ? other : third, `b${n}`, { side: 'buy', quantityWh: 300, pricePerMwh: 12_000 }),
    );
    const answers = await Promise.all(bids);
    const filledWh = answers.map(({ orders: [order] }) => order!.filledWh);
    expect(filledWh.toSorted((a, b) => b - a)).toEqual([300, 300, 300, 100, 0, 0, 0, 0]);
    expect((await desk.trades()).reduce((sum, { quantityWh }) => sum + quantityWh, 0)).toBe(1_000);
    expect(await desk.publicBook()).toMatchObject({
      asks: [],
      bids: [{ pricePerMwh: 12_000, quantityWh: 1_400 }],
    });
  });

  it('take one order once, however often and however many at a time it comes', async () => {
    const [maker, , taker] = desk.traders;
    await desk.place(maker, 's', { side: 'sell', quantityWh: 500, pricePerMwh: 10_000 });
    const bid = () => desk.place(taker, 'b', { side: 'buy', quantityWh: 800, pricePerMwh: 12_000 });
    const answers = [...(await Promise.all([bid(), bid(), bid()])), await bid()];
    expect(answers.map(({ accepted }) => accepted).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1]);
    for (const { orders } of answers)
      expect(orders).toMatchObject([{ id: 'b', remainingWh: 300, state: 'OPEN' }]);
    expect(await desk.trades()).toHaveLength(1);
  });

  it('let two participants of one firm trade, and none with itself', async () => {
    const [first, second] = desk.traders;
    await desk.place(first, 's', { side: 'sell', quantityWh: 500, pricePerMwh: 10_000 });
    const own = await desk.place(first, 'b', { side: 'buy', quantityWh: 500, pricePerMwh: 12_000 });
    expect(own.orders).toMatchObject([{ state: 'SELF_TRADE', filledWh: 0, remainingWh: 0 }]);
    const colleague = await desk.place(second, 'b', { side: 'buy', quantityWh: 500, pricePerMwh: 12_000 });
    expect(colleague.orders).toMatchObject([{ state: 'FILLED' }]);
    expect(await desk.trades()).toMatchObject([
      { buyerParticipantId: second.id, sellerParticipantId: first.id, buyPricePerMwh: 10_000 },
    ]);
  });

  it('show orders to their firm only, and to everybody sums a price', async () => {
    const [first, second, rival] = desk.traders;
    await desk.place(first, 'x', { side: 'buy', quantityWh: 100, pricePerMwh: 9_000 });
    await desk.place(second, 'y', { side: 'buy', quantityWh: 200, pricePerMwh: 9_000 });
    await desk.place(rival, 'z', { side: 'sell', quantityWh: 300, pricePerMwh: 9_500 });
    const page = { first: 10 };
    expect((await desk.intraday.list(first, desk.sessionId, page)).edges).toHaveLength(2);
    expect((await desk.intraday.list(rival, desk.sessionId, page)).edges).toHaveLength(1);
    const seen = (tenant: string) =>
      desk.database.asTenant(tenant, async (manager) => ({
        orders: await manager.countBy(IntradayOrder, { sessionId: desk.sessionId }),
        books: await manager.countBy(IntradayBook, { sessionId: desk.sessionId }),
      }));
    expect(await seen(first.organisationId)).toEqual({ orders: 2, books: 1 });
    expect(await seen(randomUUID())).toEqual({ orders: 0, books: 1 });
    const book = await desk.publicBook();
    expect([book.bids, book.asks]).toEqual([
      [{ pricePerMwh: 9_000, quantityWh: 300 }],
      [{ pricePerMwh: 9_500, quantityWh: 300 }],
    ]);
  });

  it.each([
    'UPDATE market_intraday_order SET left_wh = 1',
    'DELETE FROM market_intraday_order',
    'INSERT INTO market_intraday_order OVERRIDING SYSTEM VALUE SELECT * FROM market_intraday_order',
    'UPDATE market_intraday_book SET traded_wh = 1',
  ])('do not let a tenant %s', async (statement) => {
    const forged = desk.database.asTenant(desk.traders[0].organisationId, (manager) =>
      manager.query(statement),
    );
    await expect(forged).rejects.toThrow(/permission denied/);
  });

  it('keep trades of an order book from third parties', async () => {
    const [buyer, , seller, bystander] = desk.traders;
    await desk.place(buyer, 'b', { side: 'buy', quantityWh: 1, pricePerMwh: 1 });
    await desk.place(seller, 's', { side: 'sell', quantityWh: 1, pricePerMwh: 1 });
    const counts = [buyer, seller, bystander].map(
      ({ organisationId }) =>
        () =>
          desk.database.asTenant(organisationId, (manager) =>
            manager.countBy(MarketTrade, { sessionId: desk.sessionId }),
          ),
    );
    expect([await counts[0]!(), await counts[1]!(), await counts[2]!()]).toEqual([1, 1, 0]);
  });

  it('close at the gate for orders and cancellations alike, and end what waits', async () => {
    const [trader] = desk.traders;
    const bid = { side: 'buy', quantityWh: 1, pricePerMwh: 1 } as const;
    desk.nowMs = GATE_MS - 1;
    await desk.place(trader, 'b', bid);
    desk.nowMs = GATE_MS;
    await expect(desk.place(trader, 'late', bid)).rejects.toMatchObject({ code: 'INTRADAY_CLOSED' });
    await expect(desk.cancel(trader, 'b')).rejects.toMatchObject({ code: 'ORDER_FINISHED' });
    expect((await desk.place(trader, 'b', bid)).orders).toMatchObject([{ state: 'EXPIRED' }]);
    expect(await desk.publicBook()).toMatchObject({ open: false, bids: [] });
  });

  it('keep a session without trades from being settled while one may still be added', async () => {
    const settlement = new SettlementService(desk.database, new LedgerService(desk.database), desk.clock);
    const state = () =>
      desk.database.asSystem(
        async (manager) => (await manager.findOneByOrFail(MarketSession, { id: desk.sessionId })).state,
      );
    desk.nowMs = DAY.endMs - 1;
    await settlement.settle(desk.sessionId);
    expect(await settlement.unfinished()).not.toContain(desk.sessionId);
    expect(await state()).toBe('CLEARED');
    desk.nowMs = DAY.endMs;
    expect(await settlement.unfinished()).toContain(desk.sessionId);
    await settlement.settle(desk.sessionId);
    expect(await state()).toBe('SETTLED');
  });
});
