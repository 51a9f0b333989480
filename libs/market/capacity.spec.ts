import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { type Availability, deviationFrom, settleCapacity } from './capacity.ts';
import { type Trade } from './mechanism.ts';

const RETAIL = 30_000;
const slot = (n: number) => interval(n * HOUR_MS, (n + 1) * HOUR_MS);
const trade = (buyer: string, seller: string, quantityWh: number, pricePerMwh: number, n = 0): Trade => ({
  buyOrder: `b${buyer}`,
  sellOrder: `s${seller}`,
  buyer,
  seller,
  interval: slot(n),
  quantityWh,
  buyPricePerMwh: pricePerMwh,
  sellPricePerMwh: pricePerMwh,
});
const kept = (member: string, availableWh: number, n = 0): Availability => ({
  member,
  interval: slot(n),
  availableWh,
});

describe('settleCapacity', () => {
  it('pays what was kept ready as it cleared, and charges the seller for what was not', () => {
    const { members, marketMinor, retailerMinor, savingsMinor, missing } = settleCapacity(
      [trade('grid', 'battery', 4_000, 12_000)],
      [kept('battery', 3_000)],
      RETAIL,
    );
    // 4 kWh · 12 ct; 1 kWh short at 30 ct; alone the buyer would pay 4 · 30 ct.
    expect(members).toEqual([
      { member: 'battery', localMinor: 48, deviationMinor: -30, boughtWh: 0, soldWh: 4_000, shortfallWh: 1_000, excessWh: 0, savingsMinor: 18 }, // prettier-ignore
      { member: 'grid', localMinor: -48, deviationMinor: 0, boughtWh: 4_000, soldWh: 0, shortfallWh: 0, excessWh: 0, savingsMinor: 72 }, // prettier-ignore
    ]);
    expect({ marketMinor, retailerMinor, savingsMinor, missing }).toEqual({
      marketMinor: 0,
      retailerMinor: 30,
      savingsMinor: 90,
      missing: [],
    });
  });

  it('takes what is not stated as not kept ready, and names it', () => {
    const { members, missing } = settleCapacity([trade('b', 's', 1_000, 9_000)], [], RETAIL);
    expect(members.find(({ member }) => member === 's')).toMatchObject({
      shortfallWh: 1_000,
      deviationMinor: -30,
    });
    expect(missing).toEqual([{ member: 's', interval: slot(0) }]);
  });

  it('lets what a member bought stand in for what it sold, within the slot', () => {
    const trades = [trade('b', 'broker', 2_000, 20_000), trade('broker', 's', 1_500, 10_000)];
    const stated = [kept('s', 1_500), kept('broker', 0)];
    const broker = settleCapacity(trades, stated, RETAIL).members.find(({ member }) => member === 'broker');
    expect(broker).toMatchObject({ boughtWh: 1_500, soldWh: 2_000, shortfallWh: 500, localMinor: 25 });
    const later = [trades[0]!, trade('broker', 's', 1_500, 10_000, 1)];
    const apart = settleCapacity(later, [kept('s', 1_500, 1), kept('broker', 0)], RETAIL);
    expect(apart.members.find(({ member }) => member === 'broker')).toMatchObject({ shortfallWh: 2_000 });
  });

  it.each([
    ['AVAILABILITY_ENERGY', [kept('s', -1)]],
    ['AVAILABILITY_ENERGY', [kept('s', 0.5)]],
    ['AVAILABILITY_NOT_SOLD', [kept('b', 10)]],
    ['AVAILABILITY_NOT_SOLD', [kept('s', 10, 1)]],
    ['AVAILABILITY_DUPLICATE', [kept('s', 10), kept('s', 10)]],
  ])('refuses %s', (code, stated) => {
    expect(() => settleCapacity([trade('b', 's', 100, 1)], stated, RETAIL)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('conserves money to the unit, and saves what was kept ready at the price of a shortfall', () => {
    const members = fc.constantFrom('a', 'b', 'c', 'd');
    const traded = fc.record({
      buyer: members,
      seller: members,
      quantityWh: fc.integer({ min: 1, max: 100_000 }),
      price: fc.integer({ min: -RETAIL, max: RETAIL }),
      n: fc.integer({ min: 0, max: 2 }),
    });
    const share = fc.integer({ min: 0, max: 150_000 });
    fc.assert(
      fc.property(
        fc.array(traded, { maxLength: 12 }),
        fc.array(share, { minLength: 12, maxLength: 12 }),
        (drawn, shares) => {
          const trades = drawn
            .filter(({ buyer, seller }) => buyer !== seller)
            .map(({ buyer, seller, quantityWh, price, n }) => trade(buyer, seller, quantityWh, price, n));
          const sold = new Map(trades.map(({ seller, interval: { startMs } }) => [`${seller} ${startMs}`, { seller, n: startMs / HOUR_MS }])); // prettier-ignore
          const stated = [...sold.values()].map(({ seller, n }, i) => kept(seller, shares[i]!, n));
          const { members: settled, ...totals } = settleCapacity(trades, stated, RETAIL);
          const sum = (of: (member: (typeof settled)[number]) => number) => settled.reduce((all, each) => all + of(each), 0); // prettier-ignore
          expect(sum(({ localMinor }) => localMinor) + totals.marketMinor).toBe(0);
          expect(sum(({ deviationMinor }) => deviationMinor) + totals.retailerMinor).toBe(0);
          expect(totals.missing).toEqual([]);
          expect(sum(({ boughtWh }) => boughtWh)).toBe(sum(({ soldWh }) => soldWh));
          // What each slot's net buyers have, less what net sellers lacked.
          const netWh = new Map<string, number>();
          for (const {
            buyer,
            seller,
            quantityWh,
            interval: { startMs },
          } of trades) {
            netWh.set(`${buyer} ${startMs}`, (netWh.get(`${buyer} ${startMs}`) ?? 0) + quantityWh);
            netWh.set(`${seller} ${startMs}`, (netWh.get(`${seller} ${startMs}`) ?? 0) - quantityWh);
          }
          const netBoughtWh = [...netWh.values()].reduce((all, wh) => all + Math.max(0, wh), 0);
          const deliveredWh = netBoughtWh - sum(({ shortfallWh }) => shortfallWh);
          expect(deliveredWh).toBeGreaterThanOrEqual(0);
          expect(totals.savingsMinor).toBe(Math.round((deliveredWh * RETAIL) / 1e6));
          expect(settleCapacity(trades.toReversed(), stated.toReversed(), RETAIL)).toEqual({ members: settled, ...totals }); // prettier-ignore
        },
      ),
    );
  });
});

describe('deviationFrom', () => {
  it.each([
    ['up', 500, 200, 0, 300],
    ['up', 500, 700, 0, 0],
    ['up', -100, 0, 400, 300],
    ['down', 500, 700, 0, 200],
    ['down', -400, 0, 100, 300],
    ['down', 500, 200, 0, 0],
  ] as const)('%s from %i Wh to +%i −%i is %i', (direction, baselineWh, netImportWh, netExportWh, wh) => {
    expect(deviationFrom(baselineWh, { netImportWh, netExportWh }, direction)).toBe(wh);
  });
});
