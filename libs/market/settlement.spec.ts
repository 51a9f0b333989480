import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { type Delivery, type Trade, settle } from './index.ts';

const TERMS = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };
const hour = (n: number) => interval(n * HOUR_MS, (n + 1) * HOUR_MS);

const trade = (buyer: string, seller: string, quantityWh: number, pricePerMwh: number, n = 0): Trade => ({
  buyOrder: `${buyer}-${n}`,
  sellOrder: `${seller}-${n}`,
  buyer,
  seller,
  interval: hour(n),
  quantityWh,
  buyPricePerMwh: pricePerMwh,
  sellPricePerMwh: pricePerMwh,
});

const delivery = (member: string, netImportWh: number, netExportWh: number, n = 0): Delivery => ({
  member,
  interval: hour(n),
  netImportWh,
  netExportWh,
});

const deliveriesOf = (all: readonly Trade[], next: () => number): Delivery[] => {
  const keys = new Set(
    all.flatMap((t) => [t.buyer, t.seller].map((m) => `${m}/${t.interval.startMs / HOUR_MS}`)),
  );
  return [...keys].map((key) => delivery(key.split('/')[0]!, next(), next(), Number(key.split('/')[1])));
};

describe('settle', () => {
  it('settles local trades at the clearing price and deviations at the retail terms', () => {
    // 10 kWh at 20 ct: 200 ct. a used 12 kWh: 2 kWh · 30 ct. b delivered 11 kWh: 1 kWh · 8 ct.
    const result = settle(
      [trade('a', 'b', 10_000, 20_000)],
      [delivery('a', 12_000, 0), delivery('b', 0, 11_000)],
      TERMS,
    );
    expect(result.members).toEqual([
      { member: 'a', localMinor: -200, deviationMinor: -60, boughtWh: 10_000, soldWh: 0, shortfallWh: 2_000, excessWh: 0, savingsMinor: 100 }, // prettier-ignore
      { member: 'b', localMinor: 200, deviationMinor: 8, boughtWh: 0, soldWh: 10_000, shortfallWh: 0, excessWh: 1_000, savingsMinor: 120 }, // prettier-ignore
    ]);
    expect(result).toMatchObject({ marketMinor: 0, retailerMinor: 52, savingsMinor: 220, missing: [] });
  });

  it('charges a seller that delivered less and sells back what a buyer did not use', () => {
    const result = settle(
      [trade('a', 'b', 10_000, 20_000)],
      [delivery('a', 4_000, 0), delivery('b', 0, 0)],
      TERMS,
    );
    expect(result.members.map(({ deviationMinor, savingsMinor }) => [deviationMinor, savingsMinor])).toEqual([
      [48, -32], // 6 kWh · 8 ct back; 4 · 30 − (200 − 48) = −32
      [-300, -100], // bought 10 kWh · 30 ct to honour the sale
    ]);
  });

  it('names what is missing and settles only the trade there', () => {
    const result = settle([trade('a', 'b', 1_000, 20_000)], [delivery('b', 0, 1_000)], TERMS);
    expect(result.missing).toEqual([{ member: 'a', interval: hour(0) }]);
    expect(result.members[0]).toMatchObject({ localMinor: -20, deviationMinor: 0, savingsMinor: 0 });
  });

  it.each([
    ['DELIVERY_NOT_TRADED', [delivery('a', 1, 0, 5)]],
    ['DELIVERY_DUPLICATE', [delivery('a', 1, 0), delivery('a', 1, 0)]],
    ['DELIVERY_ENERGY', [delivery('a', -1, 0)]],
    ['DELIVERY_ENERGY', [delivery('a', 0.5, 0)]],
  ])('refuses with %s', (code, deliveries) => {
    expect(() => settle([trade('a', 'b', 10, 5)], deliveries, TERMS)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('settles nothing from no trades', () => {
    expect(settle([], [], TERMS)).toEqual({
      members: [],
      marketMinor: 0,
      retailerMinor: 0,
      savingsMinor: 0,
      missing: [],
    });
  });
});

describe('settle on random days', () => {
  const member = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const trades = fc
    .array(
      fc.record({
        buyer: member,
        seller: member,
        n: fc.integer({ min: 0, max: 3 }),
        quantityWh: fc.integer({ min: 1, max: 9_999 }),
        pricePerMwh: fc.integer({ min: 8_000, max: 30_000 }),
        spread: fc.constantFrom(0, 1, 2_500),
      }),
      { maxLength: 20 },
    )
    .map((all) =>
      all
        .filter(({ buyer, seller }) => buyer !== seller)
        .map(({ spread, ...t }) => ({
          ...trade(t.buyer, t.seller, t.quantityWh, t.pricePerMwh, t.n),
          sellPricePerMwh: t.pricePerMwh - spread,
        })),
    );
  const energies = fc.infiniteStream(fc.integer({ min: 0, max: 9_999 }));

  it('conserves money to the unit, and each line is within one unit of its exact amount', () => {
    fc.assert(
      fc.property(trades, energies, (all, stream) => {
        const deliveries = deliveriesOf(all, () => stream.next().value!);
        const { members, marketMinor, retailerMinor, missing } = settle(all, deliveries, TERMS);
        expect(missing).toEqual([]);
        expect(members.reduce((sum, m) => sum + m.localMinor, marketMinor)).toBe(0);
        expect(members.reduce((sum, m) => sum + m.deviationMinor, retailerMinor)).toBe(0);
        for (const { member: name, localMinor } of members) {
          const exact = all.reduce((sum, t) => {
            const paid = t.buyer === name ? t.buyPricePerMwh : 0;
            const received = t.seller === name ? t.sellPricePerMwh : 0;
            return sum + (t.quantityWh * (received - paid)) / 1e6;
          }, 0);
          expect(Math.abs(localMinor - exact)).toBeLessThan(1);
        }
      }),
    );
  });

  it('saves members together exactly what retailer and market do not earn', () => {
    fc.assert(
      fc.property(trades, energies, (all, stream) => {
        const deliveries = deliveriesOf(all, () => stream.next().value!);
        const { savingsMinor, marketMinor, retailerMinor } = settle(all, deliveries, TERMS);
        const alone = deliveries.reduce((sum, d) => {
          const netWh = d.netImportWh - d.netExportWh;
          return sum + (netWh * (netWh > 0 ? TERMS.retailPerMwh : TERMS.feedInPerMwh)) / 1e6;
        }, 0);
        expect(Math.abs(savingsMinor - (alone - retailerMinor - marketMinor))).toBeLessThan(3);
      }),
    );
  });

  it('does not depend on the order of trades and statements', () => {
    fc.assert(
      fc.property(trades, energies, (all, stream) => {
        const deliveries = deliveriesOf(all, () => stream.next().value!);
        expect(settle(all.toReversed(), deliveries.toReversed(), TERMS)).toEqual(
          settle(all, deliveries, TERMS),
        );
      }),
    );
  });
});
