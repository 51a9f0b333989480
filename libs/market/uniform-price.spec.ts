import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, exactAmount, interval } from '#core';
import {
  type ClearingOptions,
  type ClearingResult,
  type Order,
  certificateStatement,
  uniformPrice,
} from './index.ts';

/** Own matches cancelled, as the platform clears. */
const callAuction = (orders: readonly Order[], options: ClearingOptions = {}): ClearingResult =>
  uniformPrice.clear(orders, { ownMatches: 'cancel', ...options });

const HOUR = interval(0, HOUR_MS);

type Quick = readonly [member: string, quantityWh: number, pricePerMwh: number];

function book(buys: readonly Quick[], sells: readonly Quick[]): Order[] {
  const side = (name: Order['side'], quick: readonly Quick[]): Order[] =>
    quick.map(([member, quantityWh, pricePerMwh], i) => ({
      id: `${name[0]}${i}`,
      member,
      interval: HOUR,
      side: name,
      quantityWh,
      pricePerMwh,
      receivedAtMs: i,
    }));
  return [...side('buy', buys), ...side('sell', sells)];
}

const filled = (orders: readonly Order[], options?: ClearingOptions): Record<string, number> => {
  const wh: Record<string, number> = {};
  for (const { buyOrder, sellOrder, quantityWh } of callAuction(orders, options).trades) {
    wh[buyOrder] = (wh[buyOrder] ?? 0) + quantityWh;
    wh[sellOrder] = (wh[sellOrder] ?? 0) + quantityWh;
  }
  return wh;
};

describe('uniformPrice', () => {
  it('takes k within the efficient interval, rounded to the nearest unit and halves upwards', () => {
    const orders = book([['a', 10, 9]], [['b', 10, 4]]);
    expect(callAuction(orders).certificate.efficientPriceInterval).toEqual({ lowPerMwh: 4, highPerMwh: 9 });
    expect([0, 0.5, 0.9, 1].map((k) => callAuction(orders, { k }).pricePerMwh)).toEqual([4, 7, 9, 9]); // 6.5 → 7, 8.5 → 9
  });

  it('bounds the price by the first orders left out', () => {
    const orders = book([['a', 10, 9], ['b', 10, 6]], [['c', 10, 2], ['d', 10, 7]]); // prettier-ignore
    expect(callAuction(orders).certificate.efficientPriceInterval).toEqual({ lowPerMwh: 6, highPerMwh: 7 });
  });

  it('trades at negative prices', () => {
    const result = callAuction(book([['a', 5, -10]], [['b', 8, -31]]));
    expect(result).toMatchObject({ quantityWh: 5, pricePerMwh: -31 });
    expect(result.certificate.welfareExact).toBe(5n * 21n);
  });

  it('fills the marginal price pro rata by largest remainder', () => {
    const orders = book([['a', 10, 9]], [['b', 3, 1], ['c', 5, 4], ['d', 5, 4], ['e', 1, 4]]); // prettier-ignore
    // 10 − 3 = 7 Wh over 5 : 5 : 1 of 11 → 3.18, 3.18, 0.64 → 3, 3, 1
    expect(filled(orders)).toEqual({ b0: 10, s0: 3, s1: 3, s2: 3, s3: 1 });
  });

  it('fills the marginal price by time when asked', () => {
    const orders = book([['a', 10, 9]], [['b', 3, 1], ['c', 5, 4], ['d', 5, 4], ['e', 1, 4]]); // prettier-ignore
    expect(filled(orders, { tie: 'time' })).toEqual({ b0: 10, s0: 3, s1: 5, s2: 2 });
  });

  it('trades zero-surplus quantities', () => {
    const result = callAuction(book([['a', 4, 5]], [['b', 4, 5]]));
    expect(result).toMatchObject({ quantityWh: 4, pricePerMwh: 5, certificate: { welfareExact: 0n } });
  });

  it.each([
    ['NO_ORDERS', book([], []), {}],
    ['NO_BUY_ORDERS', book([], [['a', 1, 1]]), {}],
    ['NO_SELL_ORDERS', book([['a', 1, 1]], []), {}],
    ['PRICES_DO_NOT_CROSS', book([['a', 1, 1]], [['b', 1, 2]]), {}],
    ['PRICE_CAP_BELOW_ALL_SELLS', book([['a', 1, 9]], [['b', 1, 2]]), { priceCapPerMwh: 1 }],
    ['ONLY_OWN_MATCHES', book([['a', 1, 9]], [['a', 1, 2]]), {}],
  ] as const)('says why nothing clears: %s', (reason, orders, options) => {
    const { trades, pricePerMwh, certificate } = callAuction(orders, options);
    expect({ trades, pricePerMwh }).toEqual({ trades: [], pricePerMwh: null });
    expect(certificate).toMatchObject({ status: 'NOT_CLEARED', reason, budgetResidualExact: 0n });
  });

  it('cancels what a member would trade with itself, at an unchanged price', () => {
    const orders = book([['a', 10, 9]], [['a', 4, 2], ['b', 10, 3]]); // prettier-ignore
    const { trades, quantityWh, pricePerMwh, certificate } = callAuction(orders);
    expect(trades).toEqual([
      {
        buyOrder: 'b0',
        sellOrder: 's1',
        buyer: 'a',
        seller: 'b',
        interval: HOUR,
        quantityWh: 6,
        buyPricePerMwh: 3,
        sellPricePerMwh: 3,
      },
    ]);
    expect({ quantityWh, pricePerMwh, own: certificate.selfMatchedWh }).toEqual({
      quantityWh: 6,
      pricePerMwh: 3,
      own: 4,
    });
  });

  it('never prices above the cap and shows the welfare lost to it', () => {
    const orders = book([['a', 10, 90]], [['b', 4, 20], ['c', 10, 60]]); // prettier-ignore
    const { quantityWh, pricePerMwh, certificate } = callAuction(orders, { priceCapPerMwh: 50 });
    expect({ quantityWh, pricePerMwh }).toEqual({ quantityWh: 4, pricePerMwh: 50 });
    expect(certificate).toMatchObject({ welfareExact: 4n * 70n, bestWelfareExact: 4n * 70n + 6n * 30n });
  });

  it('has a certificate that JSON can carry', () => {
    const { certificate } = callAuction(book([['a', 3, 7]], [['b', 3, 2]]));
    expect(JSON.parse(JSON.stringify(certificateStatement(certificate)))).toMatchObject({
      welfareExact: '15',
    });
  });

  it.each([
    ['ORDER_QUANTITY', book([['a', 0, 1]], [])],
    ['ORDER_QUANTITY', book([['a', 1.5, 1]], [])],
    ['ORDER_PRICE', book([['a', 1, Number.NaN]], [])],
    ['ORDER_DUPLICATE', [...book([['a', 1, 1]], []), ...book([['a', 1, 1]], [])]],
    ['ORDER_INTERVAL', book([['a', 1, 1], ['b', 1, 1]], []).map((o, i) => ({ ...o, interval: interval(i, i + 1) }))], // prettier-ignore
    ['MARKET_OPTIONS', book([], []), { k: 1.1 }],
    ['MARKET_OPTIONS', book([], []), { priceCapPerMwh: 0.5 }],
  ] as const)('refuses with %s', (code, orders, options: ClearingOptions = {}) => {
    expect(() => callAuction(orders, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('uniformPrice on random books', () => {
  const order = fc.record({
    member: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantityWh: fc.integer({ min: 1, max: 30 }),
    pricePerMwh: fc.integer({ min: -20, max: 20 }),
    receivedAtMs: fc.integer({ min: 0, max: 3 }),
  });
  const books = fc
    .array(order, { maxLength: 30 })
    .map((orders): Order[] => orders.map((o, i) => ({ ...o, id: `o${i}`, interval: HOUR })));
  const options = fc.record({
    k: fc.constantFrom(0, 0.3, 0.5, 1),
    tie: fc.constantFrom('pro-rata' as const, 'time' as const),
    pricing: fc.constantFrom(
      'k' as const,
      'last-accepted-offer' as const,
      'marginal-pair' as const,
      'gridlab-d' as const,
    ),
    flatTies: fc.constantFrom('most' as const, 'least' as const),
  });

  it('is efficient, individually rational and budget balanced', () => {
    fc.assert(
      fc.property(books, options, (orders, rules) => {
        const { trades, pricePerMwh, certificate } = callAuction(orders, rules);
        expect(certificate.welfareExact).toBe(certificate.bestWelfareExact);
        expect(certificate.welfareExact).toBe(bestWelfareByEnumeration(orders));
        expect(certificate.budgetResidualExact).toBe(0n);
        const limits = new Map(orders.map((o) => [o.id, o.pricePerMwh]));
        for (const { buyOrder, sellOrder, buyer, seller } of trades) {
          expect(limits.get(buyOrder)!).toBeGreaterThanOrEqual(pricePerMwh!);
          expect(limits.get(sellOrder)!).toBeLessThanOrEqual(pricePerMwh!);
          expect(buyer).not.toBe(seller);
        }
      }),
    );
  });

  it('of GridLAB-D is the limit itself where a flat tie stays out on both sides', () => {
    const orders = book([['a', 25, 2], ['b', 1, 1]], [['c', 25, -1], ['d', 1, 1]]); // prettier-ignore
    expect(callAuction(orders, { pricing: 'gridlab-d', flatTies: 'least' }).pricePerMwh).toBe(1);
  });

  it('leaves no better order unfilled: whoever is strictly inside the price trades in full with others or itself', () => {
    // The last accepted offer and the marginal pair's price may lie outside the efficient prices.
    const efficient = options.filter(({ pricing }) => pricing === 'k' || pricing === 'gridlab-d');
    fc.assert(
      fc.property(books, efficient, (orders, rules) => {
        const { quantityWh, pricePerMwh, certificate } = callAuction(orders, rules);
        if (pricePerMwh === null) return;
        const insideWh = (side: Order['side'], inside: (price: number) => boolean): number =>
          orders
            .filter((o) => o.side === side && inside(o.pricePerMwh))
            .reduce((sum, o) => sum + o.quantityWh, 0);
        const grossWh = quantityWh + certificate.selfMatchedWh;
        expect(insideWh('buy', (price) => price > pricePerMwh)).toBeLessThanOrEqual(grossWh);
        expect(insideWh('sell', (price) => price < pricePerMwh)).toBeLessThanOrEqual(grossWh);
      }),
    );
  });

  it('fills no order beyond its quantity, and sums to the quantity it reports', () => {
    fc.assert(
      fc.property(books, options, (orders, rules) => {
        const { trades, quantityWh } = callAuction(orders, rules);
        expect(trades.reduce((sum, trade) => sum + trade.quantityWh, 0)).toBe(quantityWh);
        const offered = new Map(orders.map((o) => [o.id, o.quantityWh]));
        for (const [id, wh] of Object.entries(filled(orders, rules)))
          expect(wh).toBeLessThanOrEqual(offered.get(id)!);
      }),
    );
  });

  it('does not depend on the order in which orders come', () => {
    fc.assert(
      fc.property(
        books.chain((orders) =>
          fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
        ),
        options,
        ([orders, shuffled], rules) => {
          expect(callAuction(shuffled, rules)).toEqual(callAuction(orders, rules));
        },
      ),
    );
  });

  it('is not incentive compatible: a buyer can gain by shading its bid', () => {
    expect(gain(4)).toBeGreaterThan(gain(10)); // 10·(10 − 2) against 10·(10 − 5)
  });
});

/** What a buyer whose true value is 10 gains by bidding otherwise. */
const gain = (bid: number): number => {
  const { trades, pricePerMwh } = callAuction(book([['a', 10, bid]], [['b', 10, 0]]));
  return trades.length === 0 ? 0 : 10 * (10 - pricePerMwh!);
};

/** Independent check, unit by unit: the best welfare pairs the i-th dearest wanted Wh with the i-th cheapest offered one. */
function bestWelfareByEnumeration(orders: readonly Order[]): bigint {
  const units = (side: Order['side']): number[] =>
    orders.flatMap((o) => (o.side === side ? Array<number>(o.quantityWh).fill(o.pricePerMwh) : []));
  const wanted = units('buy').toSorted((a, b) => b - a);
  const offered = units('sell').toSorted((a, b) => a - b);
  let welfare = 0n;
  for (let i = 0; i < Math.min(wanted.length, offered.length) && wanted[i]! >= offered[i]!; i++) {
    welfare += exactAmount(1, wanted[i]! - offered[i]!);
  }
  return welfare;
}
