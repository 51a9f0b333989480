import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { loadSolver } from '#optimization';
import {
  blockReports,
  type BlockOrder,
  clearBlocks,
  type ClearingOptions,
  mechanismNamed,
  type Order,
  type Side,
  type SlotReport,
  slotReport,
  uniformPrice,
} from './index.ts';

const HOUR = interval(0, HOUR_MS);

const order = (id: string, side: Side, quantityWh: number, pricePerMwh: number): Order => ({
  id,
  member: id,
  interval: HOUR,
  side,
  quantityWh,
  pricePerMwh,
});

const report = (
  orders: readonly Order[],
  options: ClearingOptions = {},
  mechanism = 'uniform-price',
): SlotReport => slotReport(HOUR, orders, mechanismNamed(mechanism).clear(orders, options), options.fees);

/** Few prices, so that ties come up. */
const books = fc
  .array(
    fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      quantityWh: fc.integer({ min: 1, max: 5 }),
      pricePerMwh: fc.integer({ min: -3, max: 12 }),
    }),
    { maxLength: 12 },
  )
  .map((drafts) => drafts.map((each, n) => order(`o${n}`, each.side, each.quantityWh, each.pricePerMwh)));

const best = (orders: readonly Order[]): bigint => uniformPrice.clear(orders).certificate.bestWelfareExact;

const totalWh = (orders: readonly Order[]): number => orders.reduce((sum, o) => sum + o.quantityWh, 0);

/** Beyond every limit: whoever has it trades before all others. */
const FAR = 1_000_000;

describe('the report of a slot', () => {
  it('has duals that are what one Wh more of supply or demand changes the best welfare by', () => {
    fc.assert(
      fc.property(books, (orders) => {
        const { oneMoreWh } = report(orders);
        const given = best([...orders, order('given', 'sell', 1, -FAR)]) - BigInt(FAR) - best(orders);
        const taken = best(orders) + BigInt(FAR) - best([...orders, order('taken', 'buy', 1, FAR)]);
        const [buys, sells] = (['buy', 'sell'] as const).map((side) => orders.some((o) => o.side === side));
        expect(oneMoreWh.supplyPerMwh).toBe(buys ? Number(given) : null);
        expect(oneMoreWh.demandPerMwh).toBe(sells ? Number(taken) : null);
      }),
      { numRuns: 500 },
    );
  });

  it('says whose limit the price is, and that a price between limits is both sides’', () => {
    fc.assert(
      fc.property(books, fc.constantFrom(0, 0.5, 1), (orders, k) => {
        const { pricePerMwh, setBy, quantityWh, reason } = report(orders, { k });
        const at = (side: Side) => orders.some((o) => o.side === side && o.pricePerMwh === pricePerMwh);
        const expected: Record<string, SlotReport['setBy']> = {
          'true,false': 'bid',
          'false,true': 'ask',
          'true,true': 'both',
          'false,false': 'both',
        };
        expect(setBy).toBe(quantityWh === 0 ? 'none' : expected[`${at('buy')},${at('sell')}`]);
        expect(reason === null).toBe(quantityWh > 0);
      }),
    );
  });

  it('counts what is left at the price on one side only, where prices cross', () => {
    fc.assert(
      fc.property(books, (orders) => {
        const { pricePerMwh, unservedDemandWh, unusedSupplyWh, quantityWh } = report(orders);
        fc.pre(pricePerMwh !== null);
        const wanted = orders.filter((o) => o.side === 'buy' && o.pricePerMwh >= pricePerMwh);
        const offered = orders.filter((o) => o.side === 'sell' && o.pricePerMwh <= pricePerMwh);
        expect(unservedDemandWh! + quantityWh).toBe(totalWh(wanted));
        expect(unusedSupplyWh! + quantityWh).toBe(totalWh(offered));
        expect(Math.min(unservedDemandWh!, unusedSupplyWh!)).toBe(0);
      }),
    );
  });

  it('explains a shortage, a surplus and a book that does not cross', () => {
    const bids = [order('b1', 'buy', 10, 300), order('b2', 'buy', 10, 250)];
    const shortage = report([...bids, order('s', 'sell', 15, 100)]);
    expect(shortage).toMatchObject({
      quantityWh: 15,
      pricePerMwh: 250,
      setBy: 'bid',
      oneMoreWh: { supplyPerMwh: 250, demandPerMwh: 250 },
      lastTradePerMwh: 150,
      unservedDemandWh: 5,
      unusedSupplyWh: 0,
    });
    expect(report([...bids, order('s', 'sell', 50, 100)])).toMatchObject({
      setBy: 'ask',
      oneMoreWh: { supplyPerMwh: 100, demandPerMwh: 100 },
      unusedSupplyWh: 30,
    });
    expect(report([order('b', 'buy', 1, 10), order('s', 'sell', 1, 20)])).toMatchObject({
      pricePerMwh: null,
      setBy: 'none',
      reason: 'PRICES_DO_NOT_CROSS',
      efficientPriceInterval: { lowPerMwh: 10, highPerMwh: 20 },
      oneMoreWh: { supplyPerMwh: 10, demandPerMwh: 20 },
      lastTradePerMwh: null,
      unservedDemandWh: null,
      unusedSupplyWh: null,
    });
  });

  it('takes limits less fees, as matching does', () => {
    const orders = [order('b', 'buy', 10, 300), order('s', 'sell', 15, 100)];
    expect(report(orders, { fees: { buyPerMwh: 5, sellPerMwh: 7 } })).toMatchObject({
      pricePerMwh: 107,
      setBy: 'ask',
      lastTradePerMwh: 295 - 107,
    });
  });

  it('says of trades with prices of their own that each has one, and where a rule’s price is nobody’s', () => {
    const orders = [
      order('b1', 'buy', 1, 300),
      order('b2', 'buy', 1, 250),
      order('s1', 'sell', 1, 100),
      order('s2', 'sell', 1, 240),
    ];
    expect(report(orders, {}, 'pay-as-bid')).toMatchObject({
      pricePerMwh: null,
      setBy: 'each-trade',
      lastTradePerMwh: 10,
      unservedDemandWh: null,
    });
    expect(report(orders, { k: 0.4, pricing: 'marginal-pair', priceCapPerMwh: 245 }).setBy).toBe('both');
    expect(report(orders, { priceCapPerMwh: 239 })).toMatchObject({ quantityWh: 1, setBy: 'rule' });
  });
});

const at = (id: string, side: Side, quantityWh: number, price: number, hour = 0): BlockOrder => ({
  ...order(id, side, quantityWh, price),
  interval: interval(hour * HOUR_MS, (hour + 1) * HOUR_MS),
});

describe('the reports of a session of blocks', () => {
  it('gives each slot the prices that support its acceptance, and the surplus forgone by rejected blocks', async () => {
    const solver = await loadSolver();
    const orders: BlockOrder[] = [
      at('d1', 'buy', 10, 300),
      at('d2', 'buy', 14, 10),
      { ...at('block', 'sell', 12, 40), block: 'block', minAcceptance: 11 / 12 },
      at('s', 'sell', 13, 100),
      at('later', 'sell', 5, 70, 1),
    ];
    const result = clearBlocks(orders, (problem) => solver.solve(problem));
    const [first, second] = blockReports(orders, result);
    // 10 Wh at 100 for 300: the block would gain 60 a Wh at that price, and cannot be taken for less than 11 Wh.
    expect(first).toMatchObject({
      quantityWh: 10,
      pricePerMwh: 100,
      setBy: 'ask',
      efficientPriceInterval: { lowPerMwh: 100, highPerMwh: 100 },
      unusedSupplyWh: 15,
    });
    expect(second).toMatchObject({ quantityWh: 0, pricePerMwh: null, setBy: 'none' });
    expect(result.certificate.details).toMatchObject({
      paradoxicallyRejected: ['block'],
      paradoxicallyRejectedSurplusExact: String(12 * 60),
    });
  });
});
