import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import {
  isDisclosable,
  mechanismNamed,
  type Order,
  ownMargin,
  publicCertificate,
  publicReport,
  type Side,
  slotReport,
  uniformPrice,
} from './index.ts';

const HOUR = interval(0, HOUR_MS);
const self = (member: string): string => member;

const order = (id: string, side: Side, quantityWh: number, pricePerMwh: number, member = id): Order => ({
  id,
  member,
  interval: HOUR,
  side,
  quantityWh,
  pricePerMwh,
});

/** All that everybody is told of a slot. */
function told(orders: readonly Order[], mechanism = 'uniform-price', partyOf = self): string {
  const result = mechanismNamed(mechanism).clear(orders);
  const disclosable = isDisclosable(orders, result.trades, partyOf);
  return JSON.stringify([
    publicCertificate(result.certificate, disclosable),
    publicReport(slotReport(HOUR, orders, result), disclosable),
  ]);
}

const crowd = (side: Side, prices: readonly number[]): Order[] =>
  prices.map((price, n) => order(`${side}${n}`, side, 10, price));

describe('what everybody is told of a slot', () => {
  it('is the same whatever a few members’ limits are, where quantity and price are', () => {
    const cases = fc.record({
      middle: fc.integer({ min: -100, max: 1_000 }),
      gains: fc.array(fc.nat({ max: 500 }), { minLength: 2, maxLength: 2 }),
      quantityWh: fc.integer({ min: 1, max: 1_000 }),
      more: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(cases, ({ middle, gains, quantityWh, more }) => {
        // One more on a side, far from the price, changes nothing.
        const others = [order('b2', 'buy', 1, -9_000), order('s2', 'sell', 1, 9_000)].slice(0, more * 2);
        const [a, b] = gains.map((gain) => {
          const bid = order('b', 'buy', quantityWh, middle + gain);
          return told([bid, order('s', 'sell', quantityWh, middle - gain), ...others]);
        });
        expect(a).toBe(b);
      }),
    );
  });

  it('says nothing of limits that do not meet, where few have set them', () => {
    const [near, far] = [20, 9_000].map((ask) =>
      told([order('b', 'buy', 1, 10), order('s', 'sell', 1, ask)]),
    );
    expect(near).toBe(far);
    expect(near).toContain('PRICES_DO_NOT_CROSS');
  });

  it('counts parties, not orders or members, on both sides', () => {
    const three = [...crowd('buy', [30, 29, 28]), ...crowd('sell', [1, 2, 3])];
    const { trades } = uniformPrice.clear(three);
    expect(isDisclosable(three, trades, self)).toBe(true);
    expect(isDisclosable(three, trades, (member) => (member === 'buy1' ? 'buy0' : member))).toBe(false);
    const orders = three.map((each) => ({ ...each, member: each.side === 'buy' ? each.id : 'one' }));
    expect(isDisclosable(orders, uniformPrice.clear(orders).trades, self)).toBe(false);
  });

  it('counts those who trade where energy is traded: partners know who they are', () => {
    const oneSells = [...crowd('buy', [30, 29, 28]), ...crowd('sell', [1, 90, 91])];
    const { trades } = uniformPrice.clear(oneSells);
    expect(isDisclosable(oneSells, trades, self)).toBe(false);
    expect(isDisclosable([...crowd('buy', [3, 2, 1]), ...crowd('sell', [7, 8, 9])], [], self)).toBe(true);
  });

  it('is the whole certificate and report among many, and never an order’s name', () => {
    const many = [...crowd('buy', [30, 29, 28]), ...crowd('sell', [1, 2, 3])];
    const [certificate, report] = JSON.parse(told(many)) as [object, object];
    expect(certificate).toMatchObject({
      efficientPriceInterval: { lowPerMwh: 3, highPerMwh: 28 },
      // 10 · (30 + 29 + 28 − 1 − 2 − 3)
      welfareExact: '810',
      bestWelfareExact: '810',
      individualRationality: { buyPerMwh: 12, sellPerMwh: 13 },
    });
    expect(certificate).not.toHaveProperty('withheld');
    expect(report).toMatchObject({ setBy: 'both', welfareExact: '810', lastTradePerMwh: 25, withheld: null });
    const expired = { ...order('late', 'buy', 1, 5), receivedAtMs: 2, expiresAtMs: 1 };
    const book = told([...many, expired], 'continuous-double-auction');
    expect(mechanismNamed('continuous-double-auction').clear([...many, expired]).certificate.details).toMatchObject({ refused: [{ order: 'late' }] }); // prettier-ignore
    expect(book).not.toContain('late');
  });
});

describe('what a party is told of its own orders', () => {
  it('are prices that support what it trades, from its own limits alone', () => {
    const sides = fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      quantityWh: fc.integer({ min: 1, max: 5 }),
      pricePerMwh: fc.integer({ min: -3, max: 12 }),
      member: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(fc.array(sides, { maxLength: 12 }), (drafts) => {
        const orders = drafts.map((each, n) => order(`o${n}`, each.side, each.quantityWh, each.pricePerMwh, `${each.member}${each.side}`)); // prettier-ignore
        const { trades, pricePerMwh } = uniformPrice.clear(orders);
        if (pricePerMwh === null) return;
        const fills = new Map<string, number>();
        for (const { buyOrder, sellOrder, quantityWh } of trades) {
          for (const id of [buyOrder, sellOrder]) fills.set(id, (fills.get(id) ?? 0) + quantityWh);
        }
        for (const member of new Set(orders.map((each) => each.member))) {
          const own = orders.filter((each) => each.member === member);
          const { supports, boughtWh, soldWh } = ownMargin(own, fills);
          expect(supports.lowPerMwh ?? -Infinity).toBeLessThanOrEqual(pricePerMwh);
          expect(supports.highPerMwh ?? Infinity).toBeGreaterThanOrEqual(pricePerMwh);
          const limits = [...own.map((each) => each.pricePerMwh), null];
          expect(limits).toContain(supports.lowPerMwh);
          expect(limits).toContain(supports.highPerMwh);
          const traded = own.reduce((sum, { id }) => sum + (fills.get(id) ?? 0), 0);
          expect(boughtWh + soldWh).toBe(traded);
        }
      }),
    );
  });
});
