import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { type ClearingOptions, type Order, type OrderAttributes, p2pBilateral } from './index.ts';

const HOUR = interval(0, HOUR_MS);

const order = (
  id: string,
  side: Order['side'],
  quantityWh: number,
  pricePerMwh: number,
  attributes?: OrderAttributes,
): Order => ({
  id,
  member: id,
  interval: HOUR,
  side,
  quantityWh,
  pricePerMwh,
  ...(attributes ? { attributes } : {}),
});

const brief = (orders: readonly Order[], options: ClearingOptions = {}) =>
  p2pBilateral
    .clear(orders, options)
    .trades.map((t) => [t.buyOrder, t.sellOrder, t.quantityWh, t.buyPricePerMwh]);

describe('p2pBilateral', () => {
  const orders = [
    order('b0', 'buy', 1, 300),
    order('b1', 'buy', 2, 400),
    order('b2', 'buy', 5, 100),
    order('s3', 'sell', 4, 200),
    order('s4', 'sell', 1, 100),
    order('s5', 'sell', 5, 600),
  ];

  it('lets pairs meet in the order given, at the middle of their limits', () => {
    const given = [['b1', 's3'], ['b2', 's4'], ['b0', 's5'], ['b2', 's3'], ['b0', 's3'], ['b2', 's5']] as const; // prettier-ignore
    expect(brief(orders, { given })).toEqual([
      ['b1', 's3', 2, 300],
      ['b2', 's4', 1, 100],
      ['b0', 's3', 1, 250],
    ]);
    expect(brief(orders, { given, k: 1 })[0]).toEqual(['b1', 's3', 2, 400]);
    expect(brief(orders, { given: [['b2', 's5']] })).toEqual([]);
  });

  it('without preferences lets the dearest bid meet the cheapest ask first', () => {
    expect(brief(orders, { preferences: [] })).toEqual([['b1', 's4', 1, 250], ['b1', 's3', 1, 300], ['b0', 's3', 1, 250]]); // prettier-ignore
  });

  it('puts tiers of preference above price, in their order', () => {
    const b = order('b', 'buy', 3, 30, {
      zone: 'north',
      green: true,
      trusts: ['far'],
      relations: { dear: 2 },
    });
    const sells = [
      order('cheap', 'sell', 1, 5),
      order('near', 'sell', 1, 9, { zone: 'north' }),
      order('far', 'sell', 1, 9, { zone: 'south', green: true }),
      order('dear', 'sell', 1, 20),
    ];
    const partners = (preferences: ClearingOptions['preferences'] & {}) =>
      brief([b, ...sells], { preferences }).map((trade) => trade[1]);
    expect(partners([])).toEqual(['cheap', 'far', 'near']);
    expect(partners(['local'])).toEqual(['near', 'cheap', 'far']);
    expect(partners(['green', 'local'])).toEqual(['far', 'near', 'cheap']);
    expect(partners(['trusted'])).toEqual(['far', 'cheap', 'near']);
    expect(partners(['relational', 'local'])).toEqual(['dear', 'near', 'cheap']);
  });

  it('never pairs a member with itself', () => {
    const own = [{ ...order('b', 'buy', 2, 9), member: 'm' }, { ...order('s', 'sell', 2, 1), member: 'm' }]; // prettier-ignore
    expect(p2pBilateral.clear(own, { given: [['b', 's']] })).toMatchObject({ trades: [] });
  });

  it('draws the meetings by the seed', () => {
    const many = Array.from({ length: 8 }, (_, i) => [order(`b${i}`, 'buy', 1, 9), order(`s${i}`, 'sell', 1, 1)]).flat(); // prettier-ignore
    const drawn = (seed: string) => brief(many, { matching: 'random', seed });
    expect(drawn('x')).toEqual(drawn('x'));
    expect(drawn('x')).not.toEqual(drawn('y'));
    expect(drawn('x')).toHaveLength(8);
  });

  it('is not efficient, and not incentive compatible: a buyer gains by shading its bid', () => {
    const { certificate } = p2pBilateral.clear([order('b', 'buy', 1, 1), order('c', 'buy', 1, 9), order('s', 'sell', 1, 0)], { given: [['b', 's'], ['c', 's']] }); // prettier-ignore
    expect(certificate).toMatchObject({ welfareExact: 1n, bestWelfareExact: 9n });
    const gain = (bid: number) => 10 - Number(brief([order('b', 'buy', 1, bid), order('s', 'sell', 1, 0)])[0]![3]); // prettier-ignore
    expect(gain(2)).toBeGreaterThan(gain(10));
  });

  it.each([
    ['MARKET_OPTIONS', { matching: 'fate' as 'random' }],
    ['MARKET_OPTIONS', { preferences: ['local', 'local'] }],
    ['MARKET_OPTIONS', { preferences: ['beauty' as 'local'] }],
    ['MARKET_OPTIONS', { k: -1 }],
    ['MATCHING_ORDER', { given: [['s3', 'b0']] }],
    ['MARKET_OPTION_NOT_TAKEN', { tie: 'time' }],
  ] as const)('refuses with %s', (code, options: ClearingOptions) => {
    expect(() => p2pBilateral.clear(orders, options)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses relations that are no numbers', () => {
    const odd = order('x', 'buy', 1, 1, { relations: { s3: Number.NaN } });
    expect(() => p2pBilateral.clear([...orders, odd])).toThrow(
      expect.objectContaining({ code: 'ORDER_ATTRIBUTES' }),
    );
  });
});

describe('p2pBilateral on random books', () => {
  const attributes = fc.record({
    zone: fc.constantFrom('north', 'south'),
    green: fc.boolean(),
    trusts: fc.subarray(['a', 'b', 'c', 'd', 'e']),
    relations: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: -1, max: 2 }), {
      noNullPrototype: true,
    }),
  });
  const books = fc
    .array(
      fc.record({
        member: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        quantityWh: fc.integer({ min: 1, max: 9 }),
        pricePerMwh: fc.integer({ min: -5, max: 9 }),
        attributes,
      }),
      { maxLength: 14 },
    )
    .map((all): Order[] => all.map((each, i) => ({ ...each, id: `o${i}`, interval: HOUR })));
  const preferences = fc.shuffledSubarray(['local', 'green', 'trusted', 'relational'] as const);
  const ways = fc.record({
    matching: fc.constantFrom('random' as const, 'preferences' as const, 'stable' as const),
    k: fc.constantFrom(0, 0.3, 0.5, 1),
  });

  it('keeps limits, quantities, balance and members apart in any way of matching and any input order', () => {
    fc.assert(
      fc.property(books, preferences, ways, (orders, wanted, { matching, k }) => {
        const options = { matching, k, ...(matching === 'random' ? { seed: 's' } : { preferences: wanted }) };
        const result = p2pBilateral.clear(orders, options);
        expect(p2pBilateral.clear(orders.toReversed(), options)).toEqual(result);
        const byId = new Map(orders.map((each) => [each.id, each]));
        const filled = new Map<string, number>();
        for (const t of result.trades) {
          expect(t.buyer).not.toBe(t.seller);
          expect(t.buyPricePerMwh).toBe(t.sellPricePerMwh);
          expect(t.buyPricePerMwh).toBeLessThanOrEqual(byId.get(t.buyOrder)!.pricePerMwh);
          expect(t.buyPricePerMwh).toBeGreaterThanOrEqual(byId.get(t.sellOrder)!.pricePerMwh);
          for (const id of [t.buyOrder, t.sellOrder]) filled.set(id, (filled.get(id) ?? 0) + t.quantityWh);
        }
        for (const [id, wh] of filled) expect(wh).toBeLessThanOrEqual(byId.get(id)!.quantityWh);
        expect(result.certificate.budgetResidualExact).toBe(0n);
      }),
    );
  });

  it('leaves no two orders that could still trade', () => {
    fc.assert(
      fc.property(books, preferences, ways, (orders, wanted, { matching, k }) => {
        const options = { matching, k, ...(matching === 'random' ? { seed: 's' } : { preferences: wanted }) };
        const leftWh = new Map(orders.map((each) => [each.id, each.quantityWh]));
        for (const { buyOrder, sellOrder, quantityWh } of p2pBilateral.clear(orders, options).trades) {
          for (const id of [buyOrder, sellOrder]) leftWh.set(id, leftWh.get(id)! - quantityWh);
        }
        const open = orders.filter(({ id }) => leftWh.get(id)! > 0);
        for (const buy of open.filter(({ side }) => side === 'buy')) {
          for (const sell of open.filter(({ side }) => side === 'sell')) {
            expect(buy.member === sell.member || buy.pricePerMwh < sell.pricePerMwh).toBe(true);
          }
        }
      }),
    );
  });

  it('stable: no two orders would both rather trade another Wh with each other', () => {
    fc.assert(
      fc.property(books, preferences, (orders, wanted) => {
        const { trades } = p2pBilateral.clear(orders, { matching: 'stable', preferences: wanted });
        const buys = orders.filter(({ side }) => side === 'buy');
        const sells = orders.filter(({ side }) => side === 'sell');
        const byId = new Map(orders.map((each) => [each.id, each]));
        const partners = (id: string) =>
          trades.flatMap((t) => (t.buyOrder === id ? [t.sellOrder] : t.sellOrder === id ? [t.buyOrder] : []));
        const filledWh = (id: string) =>
          trades.reduce((sum, t) => (t.buyOrder === id || t.sellOrder === id ? sum + t.quantityWh : sum), 0);
        const wants = (own: Order, other: Order): boolean =>
          filledWh(own.id) < own.quantityWh ||
          partners(own.id).some((id) => likes(own, other, byId.get(id)!, wanted));
        for (const buy of buys) {
          for (const sell of sells) {
            if (buy.member === sell.member || buy.pricePerMwh < sell.pricePerMwh) continue;
            expect(wants(buy, sell) && wants(sell, buy)).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Whether an order strictly prefers one partner to another, told from its attributes alone. */
function likes(own: Order, one: Order, other: Order, preferences: readonly string[]): boolean {
  const worth = (partner: Order): Record<string, number> => ({
    local: own.attributes!.zone === partner.attributes!.zone ? 1 : 0,
    green: own.attributes!.green && partner.attributes!.green ? 1 : 0,
    trusted: own.attributes!.trusts!.includes(partner.member) ? 1 : 0,
    relational: own.attributes!.relations![partner.member] ?? 0,
  });
  const [a, b] = [worth(one), worth(other)];
  for (const preference of preferences) if (a[preference] !== b[preference]) return a[preference]! > b[preference]!; // prettier-ignore
  const sign = own.side === 'buy' ? -1 : 1;
  return (one.pricePerMwh - other.pricePerMwh) * sign > 0;
}
