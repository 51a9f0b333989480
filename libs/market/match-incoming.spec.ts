import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { matchIncoming } from './match-incoming.ts';
import { type Order, OrderBook, type Side, type TimeInForce } from './index.ts';

const HOUR = interval(0, HOUR_MS);
const RULES = { priceRule: 'maker', selfTrade: 'skip' } as const;

const order = (id: string, side: Side, quantityWh: number, pricePerMwh: number, member = id): Order => ({
  id,
  member,
  interval: HOUR,
  side,
  quantityWh,
  pricePerMwh,
});

const resting = (...orders: readonly Order[]) =>
  orders.map((each) => ({ order: each, leftWh: each.quantityWh }));

const bookOf = (...orders: readonly Order[]) => {
  const book = new OrderBook(HOUR);
  for (const each of orders) book.insert(each, 0);
  return book;
};

const left = (book: OrderBook) =>
  [...book.open('buy'), ...book.open('sell')].map(({ order: { id }, leftWh }) => [id, leftWh]);

describe('matchIncoming', () => {
  it('reads no further than what fills the order or than its limit reaches', () => {
    const read: string[] = [];
    function* waiting(...orders: readonly Order[]) {
      for (const each of resting(...orders)) {
        read.push(each.order.id);
        yield each;
      }
    }
    const asks = [order('a', 'sell', 5, 10), order('b', 'sell', 5, 11), order('c', 'sell', 5, 12)];
    const buy = (wh: number, limit: number) =>
      matchIncoming(
        { order: order('x', 'buy', wh, limit), timeInForce: 'gtd', atMs: 0 },
        waiting(...asks),
        RULES,
      );
    expect(buy(5, 12)).toMatchObject({ leftWh: 0, withdrawn: null });
    expect(read.splice(0)).toEqual(['a']);
    expect(buy(9, 10)).toMatchObject({ leftWh: 4, withdrawn: null });
    expect(read).toEqual(['a', 'b']);
  });

  it('kills an order that must be filled without cancelling own orders for it', () => {
    const waiting = resting(order('own', 'sell', 5, 5, 'x'), order('s', 'sell', 3, 10));
    const incoming = { order: order('x', 'buy', 4, 10), timeInForce: 'fok', atMs: 0 } as const;
    expect(matchIncoming(incoming, waiting, { ...RULES, selfTrade: 'cancel-resting' })).toEqual({
      fills: [],
      ownCancelled: [],
      leftWh: 4,
      withdrawn: 'unfilled',
    });
  });
});

describe('an order book', () => {
  it('withdraws at once what an order that is not for waiting does not trade', () => {
    const book = bookOf(order('s', 'sell', 3, 10));
    expect(book.insert(order('b', 'buy', 5, 10), 5, 'ioc')).toMatchObject({
      executions: [{ quantityWh: 3 }],
      withdrawals: [{ order: 'b', leftWh: 2, reason: 'unfilled' }],
      restingWh: 0,
    });
    expect(left(book)).toEqual([]);
  });

  it('trades all of an order that must be filled, or nothing of it', () => {
    const book = bookOf(order('s1', 'sell', 3, 10), order('s2', 'sell', 3, 11));
    expect(book.insert(order('b1', 'buy', 4, 10), 5, 'fok')).toEqual({
      executions: [],
      withdrawals: [{ order: 'b1', member: 'b1', leftWh: 4, reason: 'unfilled' }],
      restingWh: 0,
    });
    expect(left(book)).toEqual([['s1', 3], ['s2', 3]]); // prettier-ignore
    expect(book.insert(order('b2', 'buy', 4, 11), 6, 'fok').executions).toHaveLength(2);
    expect(left(book)).toEqual([['s2', 2]]);
  });

  it('trades the same whether or not the rest may wait, and of fill or kill all of that or nothing', () => {
    const member = fc.constantFrom('a', 'b', 'c');
    const terms = fc.record({
      member,
      wh: fc.integer({ min: 1, max: 9 }),
      price: fc.integer({ min: 1, max: 5 }),
    });
    const selfTrade = fc.constantFrom('skip' as const, 'cancel-resting' as const, 'cancel-incoming' as const);
    fc.assert(
      fc.property(fc.array(terms, { maxLength: 12 }), terms, selfTrade, (asks, bid, rule) => {
        const insertAs = (timeInForce: TimeInForce) => {
          const book = new OrderBook(HOUR, { selfTrade: rule });
          for (const [n, { member: by, wh, price }] of asks.entries())
            book.insert(order(`s${n}`, 'sell', wh, price, by), 0);
          const step = book.insert(order('b', 'buy', bid.wh, bid.price, bid.member), 1, timeInForce);
          return { ...step, waiting: left(book) };
        };
        const [gtd, ioc, fok] = [insertAs('gtd'), insertAs('ioc'), insertAs('fok')];
        expect(ioc.executions).toEqual(gtd.executions);
        expect([ioc.restingWh, fok.restingWh]).toEqual([0, 0]);
        const filled = gtd.executions.reduce((sum, { quantityWh }) => sum + quantityWh, 0) === bid.wh;
        expect(fok.executions).toEqual(filled ? gtd.executions : []);
        const untouched = asks.map(({ wh }, n) => [`s${n}`, wh]);
        expect(new Map(fok.waiting as [string, number][])).toEqual(
          new Map((filled ? gtd.waiting : untouched) as [string, number][]),
        );
      }),
    );
  });
});
