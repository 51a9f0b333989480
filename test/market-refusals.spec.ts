import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import {
  codeOf,
  DATE,
  DAY,
  type Draft,
  hour,
  MarketDay,
  meter,
  OPEN,
  order,
  signedOrder,
  SUBMIT,
  TERMS,
  UNKNOWN,
  ZONE,
} from './harness/market-day.ts';

describe('a local market refuses', () => {
  let market: MarketDay;

  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);

  afterAll(() => market.stop());

  it('takes the same order twice as one and refuses other terms under its id', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const draft = order('o1', 5, 'buy', 700, 20_000);
    expect((await market.submit(id, market.firms.buyer.participant, [draft])).data).toEqual({
      submitOrders: { accepted: 1, unchanged: 0 },
    });
    expect((await market.submit(id, market.firms.buyer.participant, [draft])).data).toEqual({
      submitOrders: { accepted: 0, unchanged: 1 },
    });
    const other = await market.submit(id, market.firms.buyer.participant, [
      order('o2', 5, 'buy', 1, 1),
      { ...draft, quantityWh: 701 },
    ]);
    expect(other.errors).toMatchObject([{ extensions: { code: 'ORDER_CONFLICT', kind: 'conflict' } }]);
    await market.close(id);
    // The gate refuses new orders, and still knows the old one.
    expect((await market.submit(id, market.firms.buyer.participant, [draft])).data).toEqual({
      submitOrders: { accepted: 0, unchanged: 1 },
    });
    const late = await market.submit(id, market.firms.buyer.participant, [
      draft,
      order('o2', 5, 'buy', 1, 1),
    ]);
    expect(late.errors).toMatchObject([{ extensions: { code: 'GATE_CLOSED' } }]);
  });

  it('takes no bid that reaches an own ask of the hour, in one batch or in two', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const { participant } = market.firms.buyer;
    const crossed = await market.submit(id, participant, [
      order('bid', 3, 'buy', 500, 20_000),
      order('ask', 3, 'sell', 500, 20_000),
    ]);
    expect(crossed.errors).toMatchObject([{ extensions: { code: 'ORDER_SELF_CROSSED', kind: 'conflict' } }]);
    const below = await market.submit(id, participant, [
      order('bid', 3, 'buy', 500, 20_000),
      order('ask', 3, 'sell', 500, 20_001),
      order('other-hour', 4, 'sell', 500, 10_000),
    ]);
    expect(below.data).toEqual({ submitOrders: { accepted: 3, unchanged: 0 } });
    const later = await market.submit(id, participant, [order('late', 3, 'sell', 1, 19_999)]);
    expect(codeOf(later)).toBe('ORDER_SELF_CROSSED');
  });

  it('opens no session for a mechanism it does not know', async () => {
    const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, mechanism: 'fair-dice' };
    const answer = await market.platform.graphql(OPEN, { input }, market.platform.operatorKey);
    expect(codeOf(answer)).toBe('MECHANISM_UNKNOWN');
  });

  it('opens no session for demand curves, which refuse a book that is too large', async () => {
    const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, mechanism: 'demand-curves' };
    const answer = await market.platform.graphql(OPEN, { input }, market.platform.operatorKey);
    expect(codeOf(answer)).toBe('SESSION_MECHANISM');
  });

  it('closes its gate at the appointed business time', async () => {
    await market.setClock(DAY.startMs - HOUR_MS);
    const id = await market.openSession({ gateClosesAt: isoInstant(DAY.startMs) });
    expect(
      (await market.submit(id, market.firms.buyer.participant, [order('o1', 0, 'buy', 1, 1)])).errors,
    ).toBeUndefined();
    await market.setClock(DAY.startMs);
    const late = await market.submit(id, market.firms.buyer.participant, [order('o2', 0, 'buy', 1, 1)]);
    expect(late.errors).toMatchObject([{ extensions: { code: 'GATE_CLOSED' } }]);
  });

  it.each<[string, Draft]>([
    ['ORDER_QUANTITY', order('x', 0, 'buy', 0, 1)],
    ['ORDER_QUANTITY', order('x', 0, 'buy', 1_000_000_001, 1)],
    ['ORDER_PRICE', order('x', 0, 'buy', 1, 10_000_001)],
    ['ORDER_ID', order('not an id', 0, 'buy', 1, 1)],
    ['HOUR_NOT_IN_SESSION', order('x', 23, 'buy', 1, 1)],
    ['HOUR_NOT_IN_SESSION', order('x', 0.5, 'buy', 1, 1)],
  ])('refuses an order with %s, and with it the batch', async (code, draft) => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const answer = await market.submit(id, market.firms.buyer.participant, [
      order('good', 0, 'buy', 1, 1),
      draft,
    ]);
    expect(answer.errors).toMatchObject([{ extensions: { code } }]);
    const retry = await market.submit(id, market.firms.buyer.participant, [order('good', 0, 'buy', 1, 1)]);
    expect(retry.data).toEqual({ submitOrders: { accepted: 1, unchanged: 0 } });
  });

  it('refuses orders for an hour that has begun, from members, and signed by others or for another session', async () => {
    await market.setClock(hour(2) + 1);
    const id = await market.openSession();
    const fine = order('x', 3, 'buy', 1, 1);
    expect(
      codeOf(await market.submit(id, market.firms.buyer.participant, [order('x', 2, 'buy', 1, 1)])),
    ).toBe('ORDER_HOUR_STARTED');
    expect(
      codeOf(
        await market.submit(id, market.firms.buyer.participant, [fine], market.firms.seller.participant),
      ),
    ).toBe('SIGNATURE_INVALID');
    expect(codeOf(await market.submit(UNKNOWN, market.firms.buyer.participant, [fine]))).toBe(
      'SESSION_UNKNOWN',
    );
    const orders = [await signedOrder(id, market.firms.buyer.participant, fine)];
    expect(
      codeOf(
        await market.platform.graphql(
          SUBMIT,
          { input: { sessionId: id, orders } },
          market.firms.buyer.apiKey,
        ),
      ),
    ).toBe('PARTICIPANT_REQUIRED');
    const elsewhere = await market.openSession();
    expect(
      codeOf(
        await market.platform.graphql(
          SUBMIT,
          { input: { sessionId: elsewhere, orders } },
          market.firms.buyer.participant,
        ),
      ),
    ).toBe('SIGNATURE_INVALID');
    expect(
      codeOf(
        await market.platform.graphql(
          SUBMIT,
          { input: { sessionId: id, orders: [] } },
          market.firms.buyer.participant,
        ),
      ),
    ).toBe('ORDERS_COUNT');
  });

  it('takes statements of traded hours only, after their end, from who signed them, and once', async () => {
    const id = await market.tradedSession();
    const { participant } = market.firms.buyer;
    await market.setClock(hour(1) - 1);
    expect(codeOf(await market.deliver(id, participant, [meter(0, 5, 0)]))).toBe('DELIVERY_TOO_EARLY');
    await market.setClock(hour(3));
    expect(codeOf(await market.deliver(id, participant, [meter(2, 5, 0)]))).toBe('DELIVERY_NOT_TRADED');
    expect(codeOf(await market.deliver(id, participant, [meter(0, 5, 0), meter(2, 5, 0)]))).toBe(
      'DELIVERY_NOT_TRADED',
    );
    expect(
      codeOf(await market.deliver(id, participant, [meter(0, 5, 0)], market.firms.seller.participant)),
    ).toBe('SIGNATURE_INVALID');
    expect(codeOf(await market.deliver(id, participant, [meter(0, -5, 0)]))).toBe('DELIVERY_ENERGY');
    expect(codeOf(await market.deliver(id, participant, [meter(0, 5, 0), meter(0, 5, 0)]))).toBe(
      'DELIVERY_DUPLICATE',
    );
    expect(codeOf(await market.deliver(id, market.firms.bystander.participant, [meter(0, 5, 0)]))).toBe(
      'DELIVERY_NOT_TRADED',
    );
    expect((await market.deliver(id, participant, [meter(0, 5, 0)])).data).toEqual({
      submitDeliveryStatements: { accepted: 1, unchanged: 0 },
    });
    expect(codeOf(await market.deliver(id, participant, [meter(0, 6, 0)]))).toBe('DELIVERY_CONFLICT');
    const open = await market.openSession();
    expect(codeOf(await market.deliver(open, participant, [meter(0, 5, 0)]))).toBe('SESSION_NOT_CLEARED');
  });

  it('lets only its organiser run a session', async () => {
    await market.setClock(DAY.startMs);
    const firm = await market.platform.graphql(
      OPEN,
      { input: { zone: ZONE, deliveryDate: DATE, ...TERMS } },
      market.firms.buyer.apiKey,
    );
    expect(firm.errors).toMatchObject([{ extensions: { code: 'ROLE_MISSING', kind: 'forbidden' } }]);
    const id = await market.openSession();
    expect((await market.close(id, market.firms.buyer.apiKey)).errors).toMatchObject([
      { extensions: { code: 'ROLE_MISSING' } },
    ]);
    const promotion = await market.platform.graphql(
      'mutation { createApiKey(input: { memberName: "trader", roles: [market] }) { secret } }',
      {},
      market.firms.buyer.apiKey,
    );
    expect(promotion.errors).toMatchObject([{ extensions: { code: 'ROLE_MISSING' } }]);
    expect((await market.close(UNKNOWN)).errors).toMatchObject([
      { extensions: { code: 'SESSION_UNKNOWN', kind: 'not-found' } },
    ]);
    expect((await market.close('x')).errors).toMatchObject([{ extensions: { code: 'SESSION_UNKNOWN' } }]);
  });

  it.each([
    ['ZONE_UNKNOWN', { zone: 'Mars/Olympus' }],
    ['RETAIL_TERMS', { feedInPerMwh: 30_000 }],
    ['SESSION_PRICE', { retailPerMwh: 10_000_001 }],
    ['SESSION_CURRENCY', { currency: 'euro' }],
    ['SESSION_GATE', { gateClosesAt: isoInstant(DAY.endMs + 1) }],
  ])('refuses to open a session with %s', async (code, change) => {
    const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, ...change };
    const answer = await market.platform.graphql(OPEN, { input }, market.platform.operatorKey);
    expect(answer.errors).toMatchObject([{ extensions: { code } }]);
  });
});
