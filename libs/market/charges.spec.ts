import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, WH_PER_MWH, interval } from '#core';
import {
  type Charge,
  type Order,
  type Side,
  closingTransfer,
  mechanismNamed,
  settle,
  settleCharges,
  type Settlement,
  withinDeficit,
} from './index.ts';

const HOUR = interval(0, HOUR_MS);
const TERMS = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };

const settlementOf = (orders: readonly Order[], name: string, seed = 'lot') => {
  const mechanism = mechanismNamed(name);
  const { trades, charges } = mechanism.clear(orders, mechanism.takes.includes('seed') ? { seed } : {});
  return { trades, charges, settlement: settle(trades, [], TERMS) };
};

const order = (member: string, side: Side, quantityWh: number, pricePerMwh: number): Order => ({
  id: `${member} ${side}`,
  member,
  interval: HOUR,
  side,
  quantityWh,
  pricePerMwh,
});

const books = fc
  .array(
    fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      wh: fc.integer({ min: 1, max: 900_000_000 }),
      price: fc.integer({ min: -30_000, max: 30_000 }),
    }),
    { minLength: 4, maxLength: 14 },
  )
  .map((drafts) => drafts.map(({ side, wh, price }, i) => order(`m${i}`, side, wh, price)));

const charge = (member: string, amountExact: bigint): Charge => ({
  member,
  kind: 'externality',
  amountExact,
});

/** a buys 10 kWh of b at 20 ct. */
const traded = (): Settlement =>
  settle(
    [
      {
        buyOrder: 'x',
        sellOrder: 'y',
        buyer: 'a',
        seller: 'b',
        interval: HOUR,
        quantityWh: 10_000,
        buyPricePerMwh: 20_000,
        sellPricePerMwh: 20_000,
      },
    ],
    [],
    TERMS,
  );

describe('charges at settlement', () => {
  it('are owed to the market, less what the member saves, and rounded once over all slots', () => {
    // 0.4 + 0.4 units in two slots are 1 unit, not 0 + 0.
    const settled = settleCharges(traded(), [
      charge('a', 400_000n),
      charge('a', 400_000n),
      charge('b', 3_000_000n),
    ]);
    expect(
      settled.members.map(({ member, chargeMinor, savingsMinor }) => [member, chargeMinor, savingsMinor]),
    ).toEqual([
      ['a', -1, -1],
      ['b', -3, -3],
    ]);
    expect(settled).toMatchObject({ marketMinor: 4, savingsMinor: -4 });
  });

  it('change nothing where there are none', () => {
    const settlement = traded();
    const members = settlement.members.map((each) => ({ ...each, chargeMinor: 0 }));
    expect(settleCharges(settlement, [])).toEqual({ ...settlement, members });
  });

  it('refuse a charge of somebody who traded nothing, which nobody could pay', () => {
    expect(() => settleCharges(traded(), [charge('c', 1n)])).toThrow(
      expect.objectContaining({ code: 'CHARGE_WITHOUT_TRADE' }),
    );
  });

  it.each(['muda-vickrey', 'vcg', 'trade-reduction', 'pay-as-limit'])(
    'of %s conserve money to the unit, each less than a unit from what is exact, in any order',
    (name) => {
      fc.assert(
        fc.property(books, fc.string(), (orders, seed) => {
          const { trades, charges, settlement } = settlementOf(orders, name, seed);
          const settled = settleCharges(settlement, charges);
          const paid = settled.members.reduce((sum, each) => sum + each.localMinor + each.chargeMinor, 0);
          expect(paid + settled.marketMinor).toBe(0);
          for (const { member, chargeMinor } of settled.members) {
            const exact = charges.reduce(
              (sum, each) => sum + (each.member === member ? each.amountExact : 0n),
              0n,
            );
            expect(Math.abs(Number(BigInt(-chargeMinor) * WH_PER_MWH - exact))).toBeLessThan(1_000_000);
          }
          expect(settleCharges(settle(trades.toReversed(), [], TERMS), charges.toReversed())).toEqual(
            settled,
          );
        }),
      );
    },
  );
});

describe('the clearing account', () => {
  it('is emptied into the surplus, filled by the organiser, or left when even', () => {
    expect(closingTransfer({ marketMinor: 7 })).toEqual({ from: 'clearing', to: 'surplus', amountMinor: 7 });
    expect(closingTransfer({ marketMinor: -7 })).toEqual({
      from: 'organiser',
      to: 'clearing',
      amountMinor: 7,
    });
    expect(closingTransfer({ marketMinor: 0 })).toBeNull();
  });
});

describe('a cap on the deficit', () => {
  // 1 MWh each: the buyer pays the ask, 10 000, the seller receives the bid, 25 000.
  const pair = [order('b', 'buy', 1_000_000, 25_000), order('s', 'sell', 1_000_000, 10_000)];
  const clear = () => mechanismNamed('vcg').clear(pair);

  it('leaves a clearing alone that asks for the cap and no more', () => {
    const result = clear();
    expect(withinDeficit(result, 15_000)).toBe(result);
  });

  it('keeps a clearing from happening that asks for one unit more, and says by how much', () => {
    const { trades, charges, certificate } = withinDeficit(clear(), 14_999);
    expect([trades, charges]).toEqual([[], []]);
    expect(certificate).toMatchObject({
      status: 'NOT_CLEARED',
      reason: 'DEFICIT_ABOVE_CAP',
      quantityWh: 0,
      budgetResidualExact: 0n,
      bestWelfareExact: 15_000_000_000n,
      details: { deficitExact: '15000000000', deficitCapMinor: 14_999 },
    });
  });

  it('bounds what the organiser pays after rounding, over any number of slots', () => {
    fc.assert(
      fc.property(fc.array(books, { minLength: 1, maxLength: 4 }), fc.nat(30_000_000), (slots, capMinor) => {
        const results = slots.map((orders) => withinDeficit(mechanismNamed('vcg').clear(orders), capMinor));
        const { marketMinor } = settle(
          results.flatMap(({ trades }, n) =>
            trades.map((trade) => ({ ...trade, interval: interval(n * HOUR_MS, (n + 1) * HOUR_MS) })),
          ),
          [],
          TERMS,
        );
        expect(-marketMinor).toBeLessThanOrEqual(capMinor * slots.length);
      }),
    );
  });
});
