import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { type Order, continuousDoubleAuction } from './index.ts';

const HOUR = interval(0, HOUR_MS);

const order = (
  id: string,
  side: Order['side'],
  [quantityWh, pricePerMwh]: readonly [number, number],
  receivedAtMs: number,
  rest: Partial<Order> = {},
): Order => ({ id, member: id, interval: HOUR, side, quantityWh, pricePerMwh, receivedAtMs, ...rest });

const brief = (orders: readonly Order[], options = {}) =>
  continuousDoubleAuction
    .clear(orders, options)
    .trades.map((t) => [t.buyOrder, t.sellOrder, t.quantityWh, t.buyPricePerMwh]);

/** What a buyer whose true value is 9 gains with a bid that waits for the second ask or takes the first. */
const gain = (bid: number): number =>
  brief([order('s1', 'sell', [1, 5], 0), order('b', 'buy', [1, bid], 1), order('s2', 'sell', [1, 2], 2)])
    .map((trade) => 9 - Number(trade[3]))
    .reduce((a, b) => a + b, 0);

describe('continuousDoubleAuction', () => {
  const early = [order('s', 'sell', [5, 10], 0), order('b', 'buy', [3, 14], 1)];
  const late = [order('s', 'sell', [5, 10], 1), order('b', 'buy', [3, 14], 0)];

  it('trades orders as they came, whatever the order of the list', () => {
    expect(brief(early)).toEqual([['b', 's', 3, 10]]);
    expect(brief(late)).toEqual([['b', 's', 3, 14]]);
    expect(brief(late.toReversed())).toEqual(brief(late));
    expect(brief(late, { priceRule: 'ask' })).toEqual([['b', 's', 3, 10]]);
  });

  it('is not efficient: an order that comes first may take the energy of a better one', () => {
    const orders = [order('s', 'sell', [1, 0], 0), order('b', 'buy', [1, 1], 1), order('c', 'buy', [1, 9], 2)]; // prettier-ignore
    expect(continuousDoubleAuction.clear(orders).certificate).toMatchObject({
      welfareExact: 1n,
      bestWelfareExact: 9n,
    });
  });

  it('is not incentive compatible: who waits with a lower bid gains where a cheaper ask comes', () => {
    expect(gain(3)).toBeGreaterThan(gain(9)); // 9 − 3 against 9 − 5
  });

  it('states what it refused and what left the book', () => {
    const orders = [
      order('gone', 'buy', [2, 9], 0, { expiresAtMs: 4 }),
      order('taken back', 'buy', [2, 8], 1),
      order('stillborn', 'buy', [2, 20], 5, { expiresAtMs: 5 }),
      order('s', 'sell', [2, 7], 6),
    ];
    const cancellations = [
      { order: 'taken back', atMs: 3 },
      { order: 'gone', atMs: 5 },
      { order: 'nobody', atMs: 5 },
    ];
    const { trades, certificate } = continuousDoubleAuction.clear(orders, { cancellations });
    expect(trades).toEqual([]);
    expect(certificate.reason).toBe('EXCLUDED_BY_RULE');
    expect(certificate.details).toEqual({
      refused: [
        { order: 'gone', operation: 'cancel', code: 'BOOK_ORDER_DONE' },
        { order: 'nobody', operation: 'cancel', code: 'BOOK_ORDER_UNKNOWN' },
        { order: 'stillborn', operation: 'insert', code: 'BOOK_ORDER_EXPIRED' },
      ],
      withdrawn: [
        { order: 'taken back', leftWh: 2, reason: 'cancelled' },
        { order: 'gone', leftWh: 2, reason: 'expired' },
      ],
    });
  });

  it('clears an empty book and refuses a rule it does not know', () => {
    expect(continuousDoubleAuction.clear([]).certificate.reason).toBe('NO_ORDERS');
    expect(() => continuousDoubleAuction.clear(early, { priceRule: 'bid' as 'ask' })).toThrow(
      expect.objectContaining({ code: 'BOOK_OPTIONS' }),
    );
    expect(() =>
      continuousDoubleAuction.clear(early, { cancellations: [{ order: 's', atMs: NaN }] }),
    ).toThrow(expect.objectContaining({ code: 'BOOK_TIME' }));
  });

  it('is individually rational, balanced, and the same in any input order', () => {
    const books = fc
      .array(
        fc.record({
          member: fc.constantFrom('a', 'b', 'c'),
          side: fc.constantFrom('buy' as const, 'sell' as const),
          quantityWh: fc.integer({ min: 1, max: 9 }),
          pricePerMwh: fc.integer({ min: -9, max: 9 }),
          receivedAtMs: fc.nat({ max: 5 }),
        }),
        { maxLength: 14 },
      )
      .map((all): Order[] => all.map((each, i) => ({ ...each, id: `o${i}`, interval: HOUR })));
    fc.assert(
      fc.property(books, (orders) => {
        const result = continuousDoubleAuction.clear(orders);
        expect(continuousDoubleAuction.clear(orders.toReversed())).toEqual(result);
        const { individualRationality, budgetResidualExact, welfareExact, bestWelfareExact } =
          result.certificate;
        expect(individualRationality.buyPerMwh ?? 0).toBeGreaterThanOrEqual(0);
        expect(individualRationality.sellPerMwh ?? 0).toBeGreaterThanOrEqual(0);
        expect(budgetResidualExact).toBe(0n);
        expect(welfareExact <= bestWelfareExact).toBe(true);
        for (const { buyer, seller } of result.trades) expect(buyer).not.toBe(seller);
      }),
    );
  });
});
