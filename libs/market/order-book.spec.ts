import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { type Execution, type Order, OrderBook, type OrderBookOptions, type Side } from './index.ts';

const HOUR = interval(0, HOUR_MS);

const order = (
  id: string,
  side: Side,
  quantityWh: number,
  pricePerMwh: number,
  rest: Partial<Order> = {},
): Order => ({ id, member: id, interval: HOUR, side, quantityWh, pricePerMwh, ...rest });

/** Inserts at times 0, 1, 2, …; executions as [buy, sell, Wh, price]. */
function run(orders: readonly Order[], options?: OrderBookOptions) {
  const book = new OrderBook(HOUR, options);
  const executions = orders.flatMap((each, atMs) => book.insert(each, atMs).executions);
  return { book, trades: executions.map(brief) };
}

const brief = (e: Execution) => [e.buyOrder, e.sellOrder, e.quantityWh, e.pricePerMwh];
const left = (book: OrderBook, side: Side) =>
  book.open(side).map(({ order: { id }, leftWh }) => [id, leftWh]);

describe('OrderBook', () => {
  it('trades at the price of the order that was there first', () => {
    expect(run([order('s', 'sell', 5, 10), order('b', 'buy', 5, 14)]).trades).toEqual([['b', 's', 5, 10]]);
    expect(run([order('b', 'buy', 5, 14), order('s', 'sell', 5, 10)]).trades).toEqual([['b', 's', 5, 14]]);
  });

  it('trades at the seller’s price where that is the rule', () => {
    const late = [order('b', 'buy', 5, 14), order('s', 'sell', 5, 10)];
    expect(run(late, { priceRule: 'ask' }).trades).toEqual([['b', 's', 5, 10]]);
  });

  it('takes the best price first, then the longest waiting, and fills in part', () => {
    const { book, trades } = run([
      order('dear', 'sell', 4, 12),
      order('first', 'sell', 4, 10),
      order('second', 'sell', 4, 10),
      order('b', 'buy', 9, 12),
    ]);
    expect(trades).toEqual([['b', 'first', 4, 10], ['b', 'second', 4, 10], ['b', 'dear', 1, 12]]); // prettier-ignore
    expect([left(book, 'buy'), left(book, 'sell')]).toEqual([[], [['dear', 3]]]);
  });

  it('lets the rest of an order wait in its place', () => {
    const { book, trades } = run([
      order('b1', 'buy', 10, 8),
      order('b2', 'buy', 3, 9),
      order('s', 'sell', 5, 8),
    ]);
    expect(trades).toEqual([['b2', 's', 3, 9], ['b1', 's', 2, 8]]); // prettier-ignore
    expect(left(book, 'buy')).toEqual([['b1', 8]]);
  });

  it('passes over a member’s own orders and trades with those behind them', () => {
    const { book, trades } = run([
      order('own', 'sell', 5, 5, { member: 'a' }),
      order('other', 'sell', 5, 7, { member: 'b' }),
      order('b', 'buy', 8, 9, { member: 'a' }),
    ]);
    expect(trades).toEqual([['b', 'other', 5, 7]]);
    expect([left(book, 'buy'), left(book, 'sell')]).toEqual([[['b', 3]], [['own', 5]]]);
  });

  it('cancels the resting or the incoming order against self-trade when told to', () => {
    const orders = [
      order('own', 'sell', 5, 5, { member: 'a' }),
      order('other', 'sell', 5, 7, { member: 'b' }),
    ];
    const incoming = order('b', 'buy', 8, 9, { member: 'a' });
    const resting = run(orders, { selfTrade: 'cancel-resting' }).book;
    expect(resting.insert(incoming, 9)).toMatchObject({
      executions: [{ sellOrder: 'other', quantityWh: 5 }],
      withdrawals: [{ order: 'own', leftWh: 5, reason: 'self-trade' }],
      restingWh: 3,
    });
    const refused = run(orders, { selfTrade: 'cancel-incoming' }).book;
    expect(refused.insert(incoming, 9)).toEqual({
      executions: [],
      withdrawals: [{ order: 'b', member: 'a', leftWh: 8, reason: 'self-trade' }],
      restingWh: 0,
    });
    expect(left(refused, 'sell')).toEqual([['own', 5], ['other', 5]]); // prettier-ignore
  });

  it('withdraws what is left of a cancelled order, once, for its owner only', () => {
    const { book } = run([order('b', 'buy', 5, 9), order('s', 'sell', 2, 9)]);
    expect(() => book.cancel('b', 's', 5)).toThrow(expect.objectContaining({ code: 'BOOK_ORDER_FOREIGN' }));
    expect(book.cancel('b', 'b', 5).withdrawals).toEqual([
      { order: 'b', member: 'b', leftWh: 3, reason: 'cancelled' },
    ]);
    expect(() => book.cancel('b', 'b', 5)).toThrow(expect.objectContaining({ code: 'BOOK_ORDER_DONE' }));
    expect(() => book.cancel('x', 'b', 5)).toThrow(expect.objectContaining({ code: 'BOOK_ORDER_UNKNOWN' }));
    expect(left(book, 'buy')).toEqual([]);
  });

  it('lets an order wait until just before it expires', () => {
    const book = new OrderBook(HOUR);
    book.insert(order('b', 'buy', 5, 9, { expiresAtMs: 10 }), 0);
    expect(book.insert(order('s1', 'sell', 1, 9), 9).executions).toHaveLength(1);
    expect(book.insert(order('s2', 'sell', 1, 9), 10)).toMatchObject({
      executions: [],
      withdrawals: [{ order: 'b', leftWh: 4, reason: 'expired' }],
      restingWh: 1,
    });
  });

  it('reports an expiry with the next operation that is not refused', () => {
    const book = new OrderBook(HOUR);
    book.insert(order('b', 'buy', 5, 9, { expiresAtMs: 10 }), 0);
    expect(() => book.cancel('b', 'b', 10)).toThrow(expect.objectContaining({ code: 'BOOK_ORDER_DONE' }));
    expect(book.advance(11).withdrawals).toMatchObject([{ order: 'b', reason: 'expired' }]);
    expect(book.advance(12).withdrawals).toEqual([]);
  });

  it.each([
    ['ORDER_DUPLICATE', order('s', 'sell', 1, 99)],
    ['ORDER_QUANTITY', order('x', 'sell', 0, 1)],
    ['ORDER_PRICE', order('x', 'sell', 1, Number.NaN)],
    ['ORDER_INTERVAL', order('x', 'sell', 1, 1, { interval: interval(0, 1) })],
    ['BOOK_ORDER_EXPIRED', order('x', 'buy', 1, 99, { expiresAtMs: 5 })],
    ['BOOK_ORDER_EXPIRED', order('x', 'buy', 1, 99, { expiresAtMs: Number.NaN })],
    ['BOOK_FULL', order('x', 'buy', 1, 1)],
  ])('refuses an order with %s and stays as it was', (code, refused) => {
    const book = new OrderBook(HOUR, { maxOpenOrders: 1 });
    book.insert(order('s', 'sell', 3, 9), 0);
    expect(() => book.insert(refused, 5)).toThrow(expect.objectContaining({ code }));
    expect([left(book, 'buy'), left(book, 'sell')]).toEqual([[], [['s', 3]]]);
  });

  it('refuses a time that has passed and options it does not know', () => {
    const book = new OrderBook(HOUR);
    book.advance(5);
    expect(() => book.insert(order('b', 'buy', 1, 1), 4)).toThrow(
      expect.objectContaining({ code: 'BOOK_TIME' }),
    );
    expect(() => new OrderBook(HOUR, { priceRule: 'bid' as 'ask' })).toThrow(
      expect.objectContaining({ code: 'BOOK_OPTIONS' }),
    );
  });
});

/** The same rules on a plain list: every step looks at every order. */
class ListedBook {
  waiting: { order: Order; leftWh: number; sequence: number }[] = [];
  #sequence = 0;

  constructor(private readonly options: Required<Pick<OrderBookOptions, 'priceRule' | 'selfTrade'>>) {}

  insert(incoming: Order, atMs: number) {
    this.expire(atMs);
    const trades: unknown[] = [];
    let leftWh = incoming.quantityWh;
    const sign = incoming.side === 'buy' ? 1 : -1;
    const reached = this.waiting
      .filter(({ order: o }) => o.side !== incoming.side)
      .filter(({ order: o }) => (incoming.pricePerMwh - o.pricePerMwh) * sign >= 0)
      .toSorted((x, y) => (x.order.pricePerMwh - y.order.pricePerMwh) * sign || x.sequence - y.sequence);
    for (const other of reached) {
      if (leftWh === 0) break;
      if (other.order.member === incoming.member) {
        if (this.options.selfTrade === 'cancel-incoming') leftWh = 0;
        if (this.options.selfTrade === 'cancel-resting') other.leftWh = 0;
        continue;
      }
      const wh = Math.min(leftWh, other.leftWh);
      leftWh -= wh;
      other.leftWh -= wh;
      const [buy, sell] = sign > 0 ? [incoming, other.order] : [other.order, incoming];
      const price = this.options.priceRule === 'ask' ? sell.pricePerMwh : other.order.pricePerMwh;
      trades.push([buy.id, sell.id, wh, price]);
    }
    if (leftWh > 0) this.waiting.push({ order: incoming, leftWh, sequence: this.#sequence++ });
    this.waiting = this.waiting.filter((each) => each.leftWh > 0);
    return trades;
  }

  expire(atMs: number): void {
    this.waiting = this.waiting.filter(({ order: o }) => !((o.expiresAtMs ?? Infinity) <= atMs));
  }
}

interface Insertion {
  readonly member: string;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly lifeMs: number | undefined;
}

const orderOf = ({ member, side, quantityWh, pricePerMwh, lifeMs }: Insertion, atMs: number): Order =>
  order(`o${atMs}`, side, quantityWh, pricePerMwh, {
    member,
    ...(lifeMs === undefined ? {} : { expiresAtMs: atMs + lifeMs }),
  });

const insertBoth = (book: OrderBook, listed: ListedBook, incoming: Order, atMs: number) => [
  book.insert(incoming, atMs).executions.map(brief),
  listed.insert(incoming, atMs),
];

/** Cancels the order at a place of the list, if one waits. */
function cancelEither(book: OrderBook, listed: ListedBook, place: number, atMs: number): unknown[] {
  listed.expire(atMs);
  const found = listed.waiting[place % Math.max(1, listed.waiting.length)];
  listed.waiting = listed.waiting.filter((each) => each !== found);
  const { executions } = found ? book.cancel(found.order.id, found.order.member, atMs) : book.advance(atMs);
  return [...executions];
}

/** Waiting orders of different members that should have traded. */
const reaching = (book: OrderBook): string[][] =>
  book.open('buy').flatMap(({ order: buy }) =>
    book
      .open('sell')
      .filter(({ order: sell }) => sell.member !== buy.member && sell.pricePerMwh <= buy.pricePerMwh)
      .map(({ order: sell }) => [buy.id, sell.id]),
  );

describe('OrderBook on random operations', () => {
  const member = fc.constantFrom('a', 'b', 'c', 'd');
  const insertion = fc.record({
    kind: fc.constant('insert' as const),
    member,
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantityWh: fc.integer({ min: 1, max: 20 }),
    pricePerMwh: fc.integer({ min: -6, max: 6 }),
    lifeMs: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  });
  const cancellation = fc.record({ kind: fc.constant('cancel' as const), place: fc.nat({ max: 60 }) });
  const operations = fc.array(fc.oneof({ weight: 4, arbitrary: insertion }, cancellation), { maxLength: 60 });
  const rules = fc.record({
    priceRule: fc.constantFrom('maker' as const, 'ask' as const),
    selfTrade: fc.constantFrom('skip' as const, 'cancel-resting' as const, 'cancel-incoming' as const),
  });

  it('does what the rules say when every step looks at every order', () => {
    fc.assert(
      fc.property(operations, rules, (all, options) => {
        const book = new OrderBook(HOUR, options);
        const listed = new ListedBook(options);
        for (const [atMs, operation] of all.entries()) {
          const [trades, listedTrades] =
            operation.kind === 'cancel'
              ? [cancelEither(book, listed, operation.place, atMs), []]
              : insertBoth(book, listed, orderOf(operation, atMs), atMs);
          expect(trades).toEqual(listedTrades);
          expect(left(book, 'buy').length + left(book, 'sell').length).toBe(listed.waiting.length);
        }
      }),
    );
  });

  it('conserves energy, keeps every limit and leaves no two members’ orders that reach each other', () => {
    fc.assert(
      fc.property(operations, rules, (all, options) => {
        const book = new OrderBook(HOUR, options);
        const given = new Map<string, Order>();
        const goneWh = new Map<string, number>();
        const gone = (id: string, wh: number) => goneWh.set(id, (goneWh.get(id) ?? 0) + wh);
        for (const [atMs, operation] of all.entries()) {
          if (operation.kind === 'cancel') continue;
          const incoming = orderOf(operation, atMs);
          given.set(incoming.id, incoming);
          const { executions, withdrawals } = book.insert(incoming, atMs);
          for (const e of executions) {
            expect(e.buyer).not.toBe(e.seller);
            expect(e.pricePerMwh).toBeLessThanOrEqual(given.get(e.buyOrder)!.pricePerMwh);
            expect(e.pricePerMwh).toBeGreaterThanOrEqual(given.get(e.sellOrder)!.pricePerMwh);
            gone(e.buyOrder, e.quantityWh);
            gone(e.sellOrder, e.quantityWh);
          }
          for (const { order: id, leftWh } of withdrawals) gone(id, leftWh);
          expect(reaching(book)).toEqual([]);
        }
        for (const { order: { id }, leftWh } of [...book.open('buy'), ...book.open('sell')]) gone(id, leftWh); // prettier-ignore
        for (const { id, quantityWh } of given.values()) expect(goneWh.get(id)).toBe(quantityWh);
      }),
    );
  });

  it('finds its levels among many', () => {
    const prices = fc.array(fc.integer({ min: 0, max: 10 ** 12 }), { minLength: 600, maxLength: 1500 });
    fc.assert(
      fc.property(prices, fc.infiniteStream(fc.boolean()), (all, coin) => {
        const book = new OrderBook(HOUR);
        for (const [i, price] of all.entries()) book.insert(order(`o${i}`, 'sell', 1, price), i);
        const kept = all.flatMap((price, i) => (coin.next().value ? [[`o${i}`, price] as const] : []));
        const names = new Set(kept.map(([id]) => id));
        for (const i of all.keys()) if (!names.has(`o${i}`)) book.cancel(`o${i}`, `o${i}`, all.length);
        expect(book.open('sell').map((o) => o.order.pricePerMwh)).toEqual(
          kept.map(([, price]) => price).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 20 },
    );
  });
});
