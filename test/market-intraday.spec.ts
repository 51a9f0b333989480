import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { isoInstant } from '#core';
import { ORDER_CONTEXT } from '#market';
import {
  BOOK_CHANGED,
  type IntradayDraft,
  IntradayMarket,
  signedIntradayOrder,
} from './harness/intraday-market.ts';
import { codeOf, DAY, hour, MarketDay, meter, order, signedOrder, UNKNOWN } from './harness/market-day.ts';

const MINUTE_MS = 60_000;

const code = async (answer: ReturnType<IntradayMarket['submit']>) => codeOf(await answer);

describe('intraday trading', () => {
  let market: MarketDay;
  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);

  afterAll(() => market.stop());

  /** A cleared session with order books: 1 000 Wh traded in each of the hours 0 and 1. */
  const opened = async (change: object = {}): Promise<IntradayMarket> =>
    new IntradayMarket(market, await market.tradedSession({ intraday: true, ...change }));

  it('goes from order books beside the auction to a settled session', async () => {
    const { buyer, seller, bystander } = market.firms;
    const intraday = await opened();
    const id = intraday.sessionId;

    const waiting = await intraday.submit(bystander.participant, [order('s', 1, 'sell', 500, 20_000)]);
    expect(waiting.data).toEqual({
      submitIntradayOrders: {
        accepted: 1,
        unchanged: 0,
        orders: [{ id: 's', state: 'OPEN', filledWh: 0, remainingWh: 500 }],
      },
    });
    // The seller of the auction buys back what its roof will not yield.
    const back = await intraday.submit(seller.participant, [order('b', 1, 'buy', 300, 22_000)]);
    expect(back.data).toMatchObject({
      submitIntradayOrders: { orders: [{ state: 'FILLED', filledWh: 300 }] },
    });
    await intraday.submit(buyer.participant, [order('b', 1, 'buy', 400, 25_000)]);
    expect(await intraday.book(hour(1), bystander.apiKey)).toEqual({
      open: true,
      gateClosesAt: isoInstant(hour(1) - 5 * MINUTE_MS),
      lastPricePerMwh: 20_000,
      tradedWh: 500,
      bids: [{ pricePerMwh: 25_000, quantityWh: 200 }],
      asks: [],
    });
    const withdrawn = { id: 'b', state: 'CANCELLED', filledWh: 200, remainingWh: 0 };
    for (const again of [
      await intraday.cancel(buyer.participant, 'b'),
      await intraday.cancel(buyer.participant, 'b'),
    ])
      expect(again.data).toEqual({ cancelIntradayOrder: withdrawn });
    expect((await intraday.orders(buyer.apiKey)).all).toEqual([
      { ...withdrawn, participantId: buyer.participant.id },
    ]);
    const venues = (await market.trades(id, buyer.apiKey)).map(({ venue, quantityWh }) => [
      venue,
      quantityWh,
    ]);
    expect(venues).toEqual([['auction', 1_000], ...venues.slice(1)]);
    expect(venues.slice(1)).toEqual(expect.arrayContaining([['auction', 1_000], ['intraday', 200]])); // prettier-ignore
    expect(venues).toHaveLength(3);

    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_000, 0), meter(1, 1_200, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_000), meter(1, 0, 700)]);
    const last = await market.deliver(id, bystander.participant, [meter(1, 0, 500)]);
    expect(last.data).toEqual({ submitDeliveryStatements: { accepted: 1, unchanged: 0 } });
    // Buyer: 66 ct alone, 10.2 + 27.8 + 4 here. Seller: 38 − 6 here, 13.6 alone. Bystander: 10 here, 4 alone.
    expect(await market.reached(id, 'SETTLED')).toMatchObject({
      tradeCount: 2,
      savingsMinor: 48,
      marketMinor: 0,
      missingDeliveries: 0,
    });
    const amounts = { shortfallWh: 0, excessWh: 0, deviationMinor: 0, missingHours: [] };
    expect(await market.settlements(id, buyer.apiKey)).toMatchObject([
      { boughtWh: 2_200, soldWh: 0, localMinor: -42, savingsMinor: 24, ...amounts },
    ]);
    expect(await market.settlements(id, seller.apiKey)).toMatchObject([
      { boughtWh: 300, soldWh: 2_000, localMinor: 32, savingsMinor: 18, ...amounts },
    ]);
    expect(await market.settlements(id, bystander.apiKey)).toMatchObject([
      { boughtWh: 0, soldWh: 500, localMinor: 10, savingsMinor: 6, ...amounts },
    ]);
    expect((await market.ledger(market.platform.operatorKey)).verify).toMatchObject({ verified: true });
    expect(await sharing(id, 'SHAPLEY')).toBe('SHARES_INTRADAY');
    expect(await sharing(id, 'NASH')).toBeUndefined();
  });

  /** Why there are no shares; the job has run when an answer is not null. The test's own timeout bounds it. */
  async function sharing(id: string, method: string): Promise<string | undefined> {
    const answer = await market.platform.graphql(
      'query ($id: ID!, $method: SharingMethod!) { sessionShares(sessionId: $id, method: $method) { surplusMinor } }',
      { id, method },
      market.platform.operatorKey,
    );
    const pending = answer.errors === undefined && answer.data?.['sessionShares'] === null;
    return pending ? sharing(id, method) : codeOf(answer);
  }

  it('takes immediate-or-cancel and fill-or-kill orders, and ends what expires', async () => {
    const { buyer, seller } = market.firms;
    const intraday = await opened();
    const expiresAt = isoInstant(DAY.startMs + MINUTE_MS);
    await intraday.submit(seller.participant, [{ ...order('s', 2, 'sell', 500, 20_000), expiresAt }]);
    const drafts: IntradayDraft[] = [
      { ...order('all', 2, 'buy', 600, 20_000), timeInForce: 'fok' },
      { ...order('now', 2, 'buy', 300, 20_000), timeInForce: 'ioc' },
      { ...order('none', 2, 'buy', 300, 19_999), timeInForce: 'ioc' },
    ];
    const answer = await intraday.submit(buyer.participant, drafts);
    expect(answer.data).toMatchObject({
      submitIntradayOrders: {
        orders: [
          { id: 'all', state: 'UNFILLED', filledWh: 0 },
          { id: 'now', state: 'FILLED', filledWh: 300 },
          { id: 'none', state: 'UNFILLED', filledWh: 0, remainingWh: 0 },
        ],
      },
    });
    expect(await intraday.book(hour(2), buyer.apiKey)).toMatchObject({ asks: [{ quantityWh: 200 }] });
    await market.setClock(Date.parse(expiresAt));
    expect(await intraday.book(hour(2), buyer.apiKey)).toMatchObject({ asks: [], open: true });
    const late = await intraday.submit(buyer.participant, [order('late', 2, 'buy', 100, 20_000)]);
    expect(late.data).toMatchObject({ submitIntradayOrders: { orders: [{ state: 'OPEN' }] } });
    expect((await intraday.orders(seller.apiKey)).all).toMatchObject([{ state: 'EXPIRED', filledWh: 300 }]);
    // An hour that nobody traded in the auction takes statements as well.
    await market.setClock(hour(3));
    const stated = await market.deliver(intraday.sessionId, seller.participant, [meter(2, 0, 300)]);
    expect(stated.data).toEqual({ submitDeliveryStatements: { accepted: 1, unchanged: 0 } });
  });

  it('tells what became of an order that comes again, also after the gate, and refuses other terms', async () => {
    const { buyer } = market.firms;
    const intraday = await opened({ intradayLeadMinutes: 30 });
    const bid = order('b', 1, 'buy', 400, 25_000);
    await intraday.submit(buyer.participant, [bid]);
    await market.setClock(hour(1) - 30 * MINUTE_MS);
    expect((await intraday.submit(buyer.participant, [bid])).data).toEqual({
      submitIntradayOrders: {
        accepted: 0,
        unchanged: 1,
        orders: [{ id: 'b', state: 'EXPIRED', filledWh: 0, remainingWh: 0 }],
      },
    });
    const place = (draft: IntradayDraft) => code(intraday.submit(buyer.participant, [draft]));
    expect(await place({ ...bid, id: 'b1' })).toBe('INTRADAY_CLOSED');
    expect(await place({ ...bid, startMs: hour(2) })).toBe('ORDER_CONFLICT');
    expect(await place({ ...bid, id: 'b2', startMs: hour(2) })).toBeUndefined();
  });

  it('refuses what is not offered, not signed for it, unknown or finished, and stores nothing of it', async () => {
    const { buyer, seller } = market.firms;
    const intraday = await opened();
    const { sessionId } = intraday;
    const bid = order('b', 2, 'buy', 400, 25_000);

    const without = new IntradayMarket(market, await market.tradedSession());
    expect(await code(without.submit(buyer.participant, [bid]))).toBe('INTRADAY_NOT_OFFERED');
    expect(await code(without.bookAnswer({ startsAt: isoInstant(hour(2)) }, buyer.apiKey))).toBe(
      'INTRADAY_NOT_OFFERED',
    );
    const open = new IntradayMarket(market, await market.openSession({ intraday: true }));
    expect(await code(open.submit(buyer.participant, [bid]))).toBe('INTRADAY_CLOSED');
    expect(await code(new IntradayMarket(market, UNKNOWN).submit(buyer.participant, [bid]))).toBe(
      'SESSION_UNKNOWN',
    );

    expect(await code(intraday.submit(buyer.participant, [bid], seller.participant))).toBe(
      'SIGNATURE_INVALID',
    );
    const { signature: ofAuction, ...terms } = await signedOrder(sessionId, buyer.participant, bid);
    const replayed = { ...terms, timeInForce: 'gtd', signature: ofAuction };
    expect(await code(intraday.submitSigned(buyer.participant, [replayed]))).toBe('SIGNATURE_INVALID');
    const good = await signedIntradayOrder(sessionId, buyer.participant, bid);
    const bad = { ...good, id: 'c' };
    expect(await code(intraday.submitSigned(buyer.participant, [good, bad]))).toBe('SIGNATURE_INVALID');
    expect((await intraday.orders(buyer.apiKey)).all).toEqual([]);

    await intraday.submit(buyer.participant, [bid]);
    expect(await code(intraday.cancel(seller.participant, 'b'))).toBe('ORDER_UNKNOWN');
    expect(await code(intraday.cancel(buyer.participant, 'x y'))).toBe('ORDER_UNKNOWN');
    expect(await code(intraday.cancel(buyer.participant, 'b', ORDER_CONTEXT))).toBe('SIGNATURE_INVALID');
    await intraday.submit(seller.participant, [order('s', 2, 'sell', 400, 25_000)]);
    expect(await code(intraday.cancel(buyer.participant, 'b'))).toBe('ORDER_FINISHED');
    expect(await code(intraday.bookAnswer({ startsAt: isoInstant(hour(2)), depth: 51 }, buyer.apiKey))).toBe(
      'BOOK_DEPTH',
    );
    expect(
      await code(
        intraday.submit(buyer.participant, [{ ...bid, id: 'e', expiresAt: isoInstant(DAY.startMs) }]),
      ),
    ).toBe('ORDER_EXPIRY');
    const session = {
      zone: 'UTC',
      deliveryDate: '2026-03-29',
      retailPerMwh: 2,
      feedInPerMwh: 1,
      intraday: true,
    };
    const lead = await market.platform.graphql(
      'mutation ($input: OpenMarketSessionInput!) { openMarketSession(input: $input) { id } }',
      { input: { ...session, intradayLeadMinutes: 1_441 } },
      market.platform.operatorKey,
    );
    expect(codeOf(lead)).toBe('SESSION_INTRADAY');
    const storage = await market.platform.graphql(
      'mutation ($input: OpenMarketSessionInput!) { openMarketSession(input: $input) { id } }',
      { input: { ...session, product: 'storageCapacity' } },
      market.platform.operatorKey,
    );
    expect(codeOf(storage)).toBe('SESSION_INTRADAY');
  });

  it('keeps a book for each slot of a session, however long slots are', async () => {
    const { buyer, seller } = market.firms;
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ intraday: true, intradayLeadMinutes: 0, resolutionMinutes: 15 });
    await market.close(id);
    await market.reached(id, 'CLEARED');
    const intraday = new IntradayMarket(market, id);
    const quarter = { startMs: hour(1) + 15 * MINUTE_MS, endMs: hour(1) + 30 * MINUTE_MS };
    await intraday.submit(buyer.participant, [{ ...order('b', 1, 'buy', 100, 9_000), ...quarter }]);
    const ask = { ...order('s', 1, 'sell', 100, 9_000), endMs: quarter.startMs };
    const other = await intraday.submit(seller.participant, [ask]);
    expect(other.data).toMatchObject({ submitIntradayOrders: { orders: [{ state: 'OPEN' }] } });
    const met = await intraday.submit(seller.participant, [{ ...ask, ...quarter, id: 't' }]);
    expect(met.data).toMatchObject({ submitIntradayOrders: { orders: [{ state: 'FILLED' }] } });
    await market.setClock(quarter.startMs);
    expect(await code(intraday.submit(buyer.participant, [{ ...ask, ...quarter, id: 'u' }]))).toBe(
      'INTRADAY_CLOSED',
    );
    await market.setClock(quarter.endMs);
    const stated = await market.deliver(id, buyer.participant, [{ ...meter(1, 100, 0), ...quarter }]);
    expect(stated.data).toEqual({ submitDeliveryStatements: { accepted: 1, unchanged: 0 } });
  });

  it('pages through own orders, and shows nobody else’s', async () => {
    const { buyer, seller } = market.firms;
    const intraday = await opened();
    const ids = ['a', 'b', 'c'];
    await intraday.submit(
      buyer.participant,
      ids.map((id) => order(id, 2, 'buy', 100, 9_000)),
    );
    const first = await intraday.orders(buyer.participant, { first: 2 });
    const second = await intraday.orders(buyer.participant, { first: 2, after: first.endCursor });
    expect([...first.all, ...second.all]).toMatchObject(ids.map((id) => ({ id, state: 'OPEN' })));
    expect((await intraday.orders(seller.apiKey)).all).toEqual([]);
    expect((await intraday.orders(market.platform.operatorKey)).all).toEqual([]);
  });

  it('tells of every book that changes, from a cursor on', async () => {
    const { buyer, seller, bystander } = market.firms;
    const intraday = await opened();
    const client = createClient({
      url: `${market.platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${bystander.apiKey}` },
      retryAttempts: 0,
    });
    interface Change {
      readonly intradayBookChanged: { readonly cursor: string; readonly book: object };
    }
    const follow = (after: string | null) =>
      client.iterate<Change>({ query: BOOK_CHANGED, variables: { id: intraday.sessionId, after } });
    await intraday.submit(buyer.participant, [order('b', 2, 'buy', 100, 9_000)]);
    const start = Buffer.from('["0"]').toString('base64url');
    const events = follow(start);
    const next = async () => (await events.next()).value.data.intradayBookChanged;
    const first = await next();
    expect(first.book).toEqual({
      startsAt: isoInstant(hour(2)),
      lastPricePerMwh: null,
      bids: [{ pricePerMwh: 9_000, quantityWh: 100 }],
      asks: [],
    });
    await intraday.submit(seller.participant, [order('s', 3, 'sell', 100, 9_000)]);
    expect((await next()).book).toMatchObject({
      startsAt: isoInstant(hour(3)),
      bids: [],
      asks: [{ quantityWh: 100 }],
    });
    await intraday.submit(seller.participant, [order('t', 2, 'sell', 100, 9_000)]);
    expect((await next()).book).toMatchObject({
      startsAt: isoInstant(hour(2)),
      lastPricePerMwh: 9_000,
      bids: [],
    });
    const resumed = follow(first.cursor);
    const after = (await resumed.next()).value.data.intradayBookChanged;
    expect(after.book).toMatchObject({ startsAt: isoInstant(hour(3)) });
    const refused = await follow('nonsense').next();
    expect(refused.value).toMatchObject({ errors: [{ extensions: { code: 'CURSOR_MALFORMED' } }] });
    await client.dispose();
  });
});
