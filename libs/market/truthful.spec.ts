import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import {
  type ClearingOptions,
  type ClearingResult,
  mechanismNamed,
  MECHANISMS,
  type Order,
} from './index.ts';

const HOUR = interval(0, HOUR_MS);

type Quick = readonly [quantityWh: number, pricePerMwh: number, member?: string];

/** Orders b0, b1, … and s0, s1, …, each of a member of its own unless named. */
const book = (buys: readonly Quick[], sells: readonly Quick[]): Order[] =>
  (
    [
      ['buy', buys],
      ['sell', sells],
    ] as const
  ).flatMap(([side, orders]) =>
    // prettier-ignore
    orders.map(([quantityWh, pricePerMwh, member], i) => {
      const id = `${side[0]}${i}`;
      return { id, member: member ?? id, side, interval: HOUR, quantityWh, pricePerMwh };
    }),
  );

const units = (buys: readonly number[], sells: readonly number[]): Order[] =>
  book(
    buys.map((price) => [10, price]),
    sells.map((price) => [10, price]),
  );

const filled = ({ trades }: ClearingResult): Record<string, number> => {
  const wh: Record<string, number> = {};
  for (const { buyOrder, sellOrder, quantityWh } of trades) {
    wh[buyOrder] = (wh[buyOrder] ?? 0) + quantityWh;
    wh[sellOrder] = (wh[sellOrder] ?? 0) + quantityWh;
  }
  return wh;
};

const clear = (name: string, orders: readonly Order[], options?: ClearingOptions): ClearingResult =>
  mechanismNamed(name).clear(orders, options);

describe('vcg', () => {
  it('has buyers pay and sellers receive what they displace, for all their energy', () => {
    // Others reach 10·8 + 10·4 − 20·3 = 60 without b0, and 10·8 − 20·3 − 10·5 = −30 with it.
    const orders = book([[20, 9], [10, 8], [10, 4]], [[20, 3], [20, 5]]); // prettier-ignore
    const { trades, certificate } = clear('vcg', orders);
    const paid = trades.filter((trade) => trade.buyOrder === 'b0').reduce((sum, trade) => sum + trade.quantityWh * trade.buyPricePerMwh, 0); // prettier-ignore
    expect(paid).toBe(60 + 30);
    expect(certificate.welfareExact).toBe(certificate.bestWelfareExact);
  });

  it('meets a pivot that does not divide to the unit, at two neighbouring prices', () => {
    // Instead of b0: 1 Wh at 8 and the 2 Wh of s0 at 1: 10 over 3 Wh.
    const { trades } = clear('vcg', book([[3, 9], [1, 8]], [[3, 1]])); // prettier-ignore
    expect(trades.map(({ quantityWh, buyPricePerMwh }) => [quantityWh, buyPricePerMwh])).toEqual([[1, 4], [2, 3]]); // prettier-ignore
  });

  it('counts none of a member’s own orders among what it displaces', () => {
    const own = clear('vcg', book([[1, 9, 'a'], [1, 8, 'a']], [[1, 2]])); // prettier-ignore
    expect(own.prices).toEqual({ buy: 2, sell: 9 });
    const other = clear('vcg', book([[1, 9, 'a'], [1, 8, 'b']], [[1, 2]])); // prettier-ignore
    expect(other.prices['buy']).toBe(8);
  });
});

describe('mcafee', () => {
  it('rounds a half unit down after it is compared', () => {
    const { pricePerMwh, quantityWh } = clear('mcafee', units([9, 4], [8, 3]));
    expect({ pricePerMwh, quantityWh }).toEqual({ pricePerMwh: 6, quantityWh: 10 });
    expect(clear('mcafee', units([9, 3], [8, 2])).pricePerMwh).toBe(5); // (3 + 8) / 2 = 5.5
    // p0 = 6.5 is above b1 = 6 though its floor is not: b1 and s1 leave.
    expect(clear('mcafee', units([9, 6, 5], [2, 3, 8])).prices).toEqual({ buy: 6, sell: 3 });
  });

  it('keeps the least valuable trade out where its price serves not all', () => {
    const result = clear('mcafee', units([9, 8], [4, 3]));
    expect(result.prices).toEqual({ buy: 8, sell: 4 });
    expect(filled(result)).toEqual({ b0: 10, s1: 10 });
    expect(result.certificate.budgetResidualExact).toBe(40n);
  });

  it('says that its rule excluded the only trade', () => {
    expect(clear('mcafee', units([9], [4]))).toMatchObject({
      trades: [],
      pricePerMwh: null,
      prices: {},
      certificate: { status: 'NOT_CLEARED', reason: 'EXCLUDED_BY_RULE', bestWelfareExact: 50n },
    });
  });
});

describe('trade-reduction, as published by pymarket for Huang, Scheller-Wolf & Sycara', () => {
  it.each([
    {
      name: 'dataset 0',
      orders: book([[10, 3], [20, 4], [50, 1]], [[40, 2], [10, 1], [50, 6]]), // prettier-ignore
      prices: { buy: 3, sell: 2 },
      fills: { b1: 10, s1: 10 },
    },
    {
      name: 'dataset 3: who has less than its part of the reduction loses all',
      orders: book([[10, 12], [1, 10], [19, 8], [10, 6]], [[10, 2], [15, 4], [10, 5], [10, 8]]), // prettier-ignore
      prices: { buy: 6, sell: 5 },
      fills: { b0: 8, b2: 17, s0: 10, s1: 15 },
    },
    {
      name: 'market test',
      orders: units([4, 3, 2, 1], [1, 2, 3]),
      prices: { buy: 3, sell: 2 },
      fills: { b0: 10, s0: 10 },
    },
  ])('$name', ({ orders, prices, fills }) => {
    const result = clear('trade-reduction', orders);
    expect(result.prices).toEqual(prices);
    expect(filled(result)).toEqual(fills);
  });
});

describe('sbb-trade-reduction, as published by erelsgl/auctions', () => {
  const buyersFirst: ClearingOptions = { categoryOrder: ['buy', 'sell'] };
  const sellersFirst: ClearingOptions = { categoryOrder: ['sell', 'buy'] };
  it.each([
    ['one pair', units([9], [4]), buyersFirst, { pricePerMwh: null, quantityWh: 0 }],
    ['a buyer too many, buyers first', units([9, 8], [4]), buyersFirst, { pricePerMwh: null, quantityWh: 0 }],
    ['a buyer too many, sellers first', units([9, 8], [4]), sellersFirst, { pricePerMwh: 8, quantityWh: 10 }],
    [
      'a seller too many, sellers first',
      units([9], [4, 3]),
      sellersFirst,
      { pricePerMwh: null, quantityWh: 0 },
    ],
    ['a seller too many, buyers first', units([9], [4, 3]), buyersFirst, { pricePerMwh: 4, quantityWh: 10 }],
    ['two pairs, buyers first', units([9, 8], [4, 3]), buyersFirst, { pricePerMwh: 8, quantityWh: 10 }],
    ['two pairs, sellers first', units([9, 8], [4, 3]), sellersFirst, { pricePerMwh: 4, quantityWh: 10 }],
  ] as const)('%s', (_, orders, options, outcome) => {
    const result = clear('sbb-trade-reduction', orders, options);
    expect(result).toMatchObject(outcome);
    expect(result.certificate.reason).toBe(outcome.quantityWh === 0 ? 'EXCLUDED_BY_RULE' : null);
  });

  it('draws who of the long side trades from the seed alone', () => {
    const seeds = [...Array(20).keys()].map(String);
    expect(new Set(seeds.flatMap((seed) => drawn(seed, [9, 8])))).toEqual(new Set(['s0', 's1']));
    for (const seed of seeds) expect(drawn(seed, [9, 8])).toEqual(drawn(seed, [12, 7]));
  });
});

/** Sellers that the seed lets trade with the better of two buyers. */
const drawn = (seed: string, bids: readonly [number, number]): string[] =>
  clear('sbb-trade-reduction', units(bids, [4, 3]), { seed }).trades.map((trade) => trade.sellOrder);

describe('muda', () => {
  it('draws the halves from the seed alone, by member', () => {
    const orders = units([9, 8, 7, 6], [1, 2, 3, 4]);
    const seeds = [...Array(12).keys()].map(String);
    const prices = seeds.map((seed) => JSON.stringify(clear('muda-lottery', orders, { seed }).prices));
    expect(new Set(prices).size).toBeGreaterThan(3);
  });

  it('does not trade where the other half has no price', () => {
    const split = { left: ['b0', 's0'], right: ['b1'] };
    expect(clear('muda-vickrey', units([9, 8], [1]), { split })).toMatchObject({
      trades: [],
      prices: { left: 5, right: null },
      certificate: { reason: 'EXCLUDED_BY_RULE' },
    });
  });

  it('serves a drawn member with all its orders before the next', () => {
    const orders = book([[10, 9], [1, 7, 'price']], [[6, 1, 'a'], [6, 2, 'a'], [6, 1, 'b'], [6, 2, 'b'], [1, 5, 'price2']]); // prettier-ignore
    const split = { left: ['b0', 'a', 'b'], right: ['price', 'price2'] };
    const lots = [...Array(12).keys()].map((seed) => filled(clear('muda-lottery', orders, { split, seed: `${seed}` }))); // prettier-ignore
    const kinds = new Set(lots.map(({ s0, s1, s2, s3 }) => JSON.stringify([s0, s1, s2, s3])));
    expect(kinds).toEqual(new Set(['[6,4,null,null]', '[null,null,6,4]']));
  });
});

describe.each(MECHANISMS.map((mechanism) => [mechanism.name, mechanism] as const))(
  '%s refuses',
  (_, mechanism) => {
    const one = units([9], [4]);
    const changed = (change: object): Order[] => [{ ...one[0]!, ...change }, one[1]!];

    it.each([
      ['ORDER_QUANTITY', changed({ quantityWh: -10 }), {}],
      ['ORDER_QUANTITY', changed({ quantityWh: Number.NaN }), {}],
      ['ORDER_PRICE', changed({ pricePerMwh: Number.NaN }), {}],
      ['ORDER_PRICE', changed({ pricePerMwh: Number.POSITIVE_INFINITY }), {}],
      ['ORDER_SIDE', changed({ side: 'hold' }), {}],
      ['ORDER_DUPLICATE', [...one, one[0]!], {}],
      ['ORDER_INTERVAL', changed({ interval: interval(HOUR_MS, 2 * HOUR_MS) }), {}],
      ['MARKET_OPTIONS', one, { fees: { buyPerMwh: -1, sellPerMwh: 0 } }],
      ['MARKET_OPTION_NOT_TAKEN', one, { colour: 'red' }],
    ])('%s', (code, orders, options: object) => {
      expect(() => mechanism.clear(orders, options)).toThrow(expect.objectContaining({ code }));
    });

    it('a member that bids what it asks for, unless it never matches the two', () => {
      const own = one.map((order) => ({ ...order, member: 'same' }));
      const outcome = (): string => {
        try {
          return `${mechanism.clear(own).trades.length} trades`;
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      expect(outcome()).toBe(mechanism.ownCrossing === 'avoided' ? '0 trades' : 'ORDER_SELF_CROSSED');
    });
  },
);

describe('truthful auctions refuse', () => {
  it.each([
    ['UNIT_TRADERS_REQUIRED', 'mcafee', book([[10, 9], [5, 8]], [])], // prettier-ignore
    ['UNIT_TRADERS_REQUIRED', 'sbb-trade-reduction', book([[10, 9]], [[5, 8]])],
    ['ONE_ORDER_REQUIRED', 'mcafee', book([[10, 9, 'a'], [10, 8, 'a']], [])], // prettier-ignore
    ['ONE_ORDER_REQUIRED', 'trade-reduction', book([[10, 9, 'a'], [3, 8, 'a']], [])], // prettier-ignore
  ] as const)('%s from %s', (code, name, orders) => {
    expect(() => clear(name, orders)).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['sbb-trade-reduction', { categoryOrder: ['buy', 'buy'] }],
    ['muda-vickrey', { split: { left: ['b0'], right: [] } }],
    ['muda-lottery', { split: { left: ['b0', 's0'], right: ['s0'] } }],
  ] as const)('options of %s that make no sense', (name, options) => {
    expect(() => clear(name, units([9], [4]), options)).toThrow(
      expect.objectContaining({ code: 'MARKET_OPTIONS' }),
    );
  });

  it('a mechanism nobody knows', () => {
    expect(() => mechanismNamed('dutch')).toThrow(expect.objectContaining({ code: 'MECHANISM_UNKNOWN' }));
  });
});
