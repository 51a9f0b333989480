import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, exactAmount, interval } from '#core';
import { bookOf } from './book.ts';
import { ExactSum } from './exact-sum.ts';
import { MAX_ORDER_WH, MAX_PRICE_PER_MWH, type Order } from './order.ts';

const HOUR = interval(0, HOUR_MS);

/** Books of both kinds of sort: few orders or many, prices of a narrow range or of the widest. */
const orders = fc
  .tuple(fc.constantFrom(5, 1_000, MAX_PRICE_PER_MWH), fc.constantFrom(3, 300))
  .chain(([range, maxLength]) =>
    fc.array(
      fc.record({
        side: fc.constantFrom('buy' as const, 'sell' as const),
        member: fc.string({ maxLength: 3 }),
        quantityWh: fc.integer({ min: 1, max: 9 }),
        pricePerMwh: fc.integer({ min: -range, max: range }),
        receivedAtMs: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: maxLength, maxLength },
    ),
  )
  .map((drafts): Order[] => drafts.map((draft, i) => ({ ...draft, id: `o${i}`, interval: HOUR })));

describe('bookOf', () => {
  it('ranks both sides by limit, then time, then id, in columns that agree with the orders', () => {
    fc.assert(
      fc.property(orders, (all) => {
        const { buys, sells, members } = bookOf(all);
        for (const [side, sign, ranked] of [
          ['buy', -1, buys],
          ['sell', 1, sells],
        ] as const) {
          // prettier-ignore
          const expected = all
            .filter((order) => order.side === side)
            .toSorted(
              (a, b) =>
                sign * (a.pricePerMwh - b.pricePerMwh) ||
                a.receivedAtMs! - b.receivedAtMs! ||
                (a.id < b.id ? -1 : 1),
            );
          expect(ranked.orders).toEqual(expected);
          expect([...ranked.limitsPerMwh]).toEqual(expected.map((order) => order.pricePerMwh));
          expect([...ranked.quantitiesWh]).toEqual(expected.map((order) => order.quantityWh));
          expect(Array.from(ranked.members, (i) => members[i])).toEqual(
            expected.map((order) => order.member),
          );
        }
        expect(new Set(members)).toEqual(new Set(all.map((order) => order.member)));
        expect(members).toHaveLength(new Set(members).size);
      }),
    );
  });

  it('finds the one id that comes twice among many', () => {
    const many = Array.from({ length: 5_000 }, (_, i): Order => ({ id: `o${i}`, member: 'm', side: 'buy', interval: HOUR, quantityWh: 1, pricePerMwh: 1 })); // prettier-ignore
    expect(() => bookOf(many)).not.toThrow();
    expect(() => bookOf([...many, { ...many[77]!, side: 'sell' }])).toThrow(
      expect.objectContaining({ code: 'ORDER_DUPLICATE' }),
    );
  });

  it('refuses more energy than adds up exactly', () => {
    const large = Array.from({ length: 10 }, (_, i): Order => ({ id: `o${i}`, member: 'm', side: 'buy', interval: HOUR, quantityWh: MAX_ORDER_WH, pricePerMwh: 1 })); // prettier-ignore
    expect(() => bookOf(large)).toThrow(expect.objectContaining({ code: 'ORDER_QUANTITY', kind: 'limit' }));
  });
});

describe('ExactSum', () => {
  it('is exact beyond what doubles hold', () => {
    const term = fc.tuple(
      fc.integer({ min: 0, max: MAX_ORDER_WH }),
      fc.integer({ min: -MAX_PRICE_PER_MWH, max: MAX_PRICE_PER_MWH }),
    );
    fc.assert(
      fc.property(fc.array(term), (terms) => {
        const sum = new ExactSum();
        for (const [wh, price] of terms) sum.add(wh, price);
        expect(sum.exact).toBe(terms.reduce((total, [wh, price]) => total + exactAmount(wh, price), 0n));
      }),
    );
  });
});
