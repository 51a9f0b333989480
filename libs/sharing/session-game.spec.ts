import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import {
  MECHANISMS,
  type Order,
  type Side,
  clearsSessions,
  mechanismNamed,
  sessionNeeds,
  settle,
} from '#market';
import {
  type TradedSurplus,
  hourShapley,
  hourValue,
  shareByBargaining,
  shareByShapley,
} from './session-game.ts';

const HOUR = interval(0, HOUR_MS);
const TERMS = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };

const order = (member: string, side: Side, quantityWh: number, pricePerMwh: number): Order => ({
  id: `${member} ${side}`,
  member,
  interval: HOUR,
  side,
  quantityWh,
  pricePerMwh,
});

const clearedBy = (name: string) => (orders: readonly Order[]) => {
  const mechanism = mechanismNamed(name);
  return mechanism.clear(orders, mechanism.takes.includes('seed') ? { seed: 'lot' } : {}).trades;
};
const uniform = clearedBy('uniform-price');

/** Settles an hour as the platform does. */
function surplusOf(orders: readonly Order[], delivered: ReadonlyMap<string, number>, tradesOf = uniform) {
  const trades = tradesOf(orders);
  const parties = [...new Set(trades.flatMap(({ buyer, seller }) => [buyer, seller]))];
  const deliveries = parties.map((member) => {
    const net = delivered.get(member) ?? 0;
    return { member, interval: HOUR, netImportWh: Math.max(0, net), netExportWh: Math.max(0, -net) };
  });
  const settlement = settle(trades, deliveries, TERMS);
  const surplus: TradedSurplus = {
    marketMinor: BigInt(settlement.marketMinor),
    saved: settlement.members.map(({ member, savingsMinor }) => ({
      member,
      savedMinor: BigInt(savingsMinor),
    })),
  };
  return { surplus, hour: { orders, deliveries } };
}

/** One order a member, so that nobody crosses itself. */
const book = (most: number) =>
  fc
    .array(
      fc.record({
        side: fc.constantFrom<Side>('buy', 'sell'),
        wh: fc.integer({ min: 1, max: 900_000 }),
        price: fc.integer({ min: 8_000, max: 30_000 }),
        net: fc.integer({ min: -900_000, max: 900_000 }),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((drafts) => ({
      orders: drafts.map(({ side, wh, price }, i) => order(`m${i}`, side, wh, price)),
      delivered: new Map(drafts.map(({ net }, i) => [`m${i}`, net])),
    }));

/** Books of these tests have orders of any size. */
const names = MECHANISMS.filter((each) => clearsSessions(each) && !sessionNeeds(each).includes('unit')).map(
  ({ name }) => name,
);

describe('the value of a session', () => {
  it('is nothing for one member, and the spread for what two trade as delivered', () => {
    const { hour } = surplusOf(
      [order('a', 'buy', 1_000, 27_000), order('b', 'sell', 600, 10_000)],
      new Map([['a', 1_000], ['b', -600]]), // prettier-ignore
    );
    const value = hourValue(hour, uniform, TERMS);
    expect(value(new Set(['a']))).toBe(0n);
    // 600 Wh · (30 000 − 8 000) a MWh
    expect(value(new Set(['a', 'b']))).toBe(13_200_000n);
  });

  it('counts what deviations cost: energy sold and not delivered saves nobody a thing', () => {
    const { hour } = surplusOf(
      [order('a', 'buy', 600, 27_000), order('b', 'sell', 600, 10_000)],
      new Map([['a', 600], ['b', 0]]), // prettier-ignore
    );
    expect(hourValue(hour, uniform, TERMS)(new Set(['a', 'b']))).toBe(0n);
  });

  it('of all members is what settlement finds, under every mechanism that clears sessions', () => {
    fc.assert(
      fc.property(book(8), fc.constantFrom(...names), ({ orders, delivered }, name) => {
        const tradesOf = clearedBy(name);
        const { surplus, hour } = surplusOf(orders, delivered, tradesOf);
        const all = hourValue(hour, tradesOf, TERMS)(new Set(orders.map(({ member }) => member)));
        const settled = surplus.saved.reduce((sum, { savedMinor }) => sum + savedMinor, surplus.marketMinor);
        const difference = Math.abs(Number(all) / 1e6 - Number(settled));
        // Each saving is rounded by itself, the market's amount by largest remainder.
        expect(difference).toBeLessThan(surplus.saved.length / 2 + 1);
      }),
    );
  });
});

describe('shares of a session', () => {
  it('conserve its surplus to the unit by both methods, in any order of orders', () => {
    fc.assert(
      fc.property(book(7), fc.constantFrom(...names), ({ orders, delivered }, name) => {
        const tradesOf = clearedBy(name);
        const { surplus, hour } = surplusOf(orders, delivered, tradesOf);
        const shapley = shareByShapley(surplus, [hourShapley(hour, tradesOf, TERMS, 1)]);
        const total = shapley.shares.reduce((sum, { shareMinor }) => sum + shareMinor, 0n);
        const saved = surplus.saved.reduce((sum, { savedMinor }) => sum + savedMinor, 0n);
        expect(total + shapley.aggregatorMinor).toBe(saved + surplus.marketMinor);
        const turned = hourShapley({ ...hour, orders: orders.toReversed() }, tradesOf, TERMS, 1);
        expect(shareByShapley(surplus, [turned])).toEqual(shapley);
        if (saved + surplus.marketMinor < 0n) return;
        const nash = shareByBargaining(surplus, new Map([['m0', 2.5]]));
        const nets = nash.shares.reduce((sum, { shareMinor }) => sum + shareMinor, nash.aggregatorMinor);
        expect(nets).toBe(saved + surplus.marketMinor);
      }),
    );
  });

  it('give a seller two buyers compete for more than either buyer: 4/6, 1/6, 1/6', () => {
    const orders = [
      order('b1', 'buy', 1_000_000, 20_000),
      order('b2', 'buy', 1_000_000, 20_000),
      order('s', 'sell', 1_000_000, 10_000),
    ];
    const { hour, surplus } = surplusOf(orders, new Map([['b1', 500_000], ['b2', 500_000], ['s', -1_000_000]])); // prettier-ignore
    const { shares, surplusMinor } = shareByShapley(surplus, [
      hourShapley({ ...hour, deliveries: [] }, uniform, TERMS, 1),
    ]);
    expect(surplusMinor).toBe(22_000n);
    // 22 000 · (1/6, 1/6, 4/6)
    expect(shares.map(({ shareMinor }) => shareMinor)).toEqual([3_667n, 3_667n, 14_666n]);
  });

  it('are sampled beyond 16 members, within their standard errors of the exact ones', () => {
    const orders = [
      order('s', 'sell', 1_000_000, 10_000),
      ...Array.from({ length: 19 }, (_, i) => order(`b${i}`, 'buy', 1_000_000, 20_000)),
    ];
    const { members, shares, standardErrors } = hourShapley({ orders, deliveries: [] }, uniform, TERMS, 7);
    const seller = members.indexOf('s');
    // One seller and m buyers of all it has: the seller gets m/(m+1).
    const exact = (22_000e6 * 19) / 20;
    expect(standardErrors[seller]).toBeGreaterThan(0);
    expect(Math.abs(shares[seller]! - exact)).toBeLessThan(4 * standardErrors[seller]!);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(22_000e6, -1);
  });

  it('refuse an hour of more members than can be sampled, and powers that are none', () => {
    const orders = Array.from({ length: 1_001 }, (_, i) => order(`b${i}`, 'buy', 1, 20_000));
    expect(() => hourShapley({ orders, deliveries: [] }, uniform, TERMS, 1)).toThrow(
      expect.objectContaining({ code: 'GAME_TOO_LARGE' }),
    );
    const surplus = { marketMinor: 0n, saved: [{ member: 'a', savedMinor: 3n }] };
    expect(() => shareByBargaining(surplus, new Map([['a', 0]]))).toThrow(
      expect.objectContaining({ code: 'BARGAIN_POWER' }),
    );
    expect(() => shareByBargaining({ ...surplus, marketMinor: -4n }, new Map())).toThrow(
      expect.objectContaining({ code: 'BARGAIN_INFEASIBLE' }),
    );
  });
});
