import { describe, expect, it } from '@jest/globals';
import { requireInput } from '#inputs';
import { blockInput, clearBlockBook } from './blocks.ts';
import { clearBook } from './clear.ts';
import { clearInput } from './clear-input.ts';
import { clearCurveBook, curvesInput } from './curves.ts';
import { UNHEARD } from './study.ts';

const order = (id: string, side: 'buy' | 'sell', quantity: number | string, price: number | string, rest = {}) => ({
  id,
  member: id,
  side,
  quantity,
  price,
  ...rest,
}); // prettier-ignore

const clear = (mechanism: string, input: unknown) => clearBook(mechanism, requireInput(input, clearInput));
const brief = ({ trades }: ReturnType<typeof clear>) =>
  trades.map((trade) => [trade.buyOrder, trade.sellOrder, trade.quantity, trade.buyPrice, trade.sellPrice]);

describe('orders with what only some mechanisms take', () => {
  it('pay-as-bid: each match at its bid, less the fees it carries', () => {
    const orders = [order('load', 'buy', 1, 0.3), order('pv', 'sell', '1.0', '0.1')];
    const fees = { buy: 0.01, sell: '0.03' };
    // Grid Singularity's worked example: 0.30 less 0.01 clears, of which 0.03 stay with the seller's side of the grid.
    expect(brief(clear('pay-as-bid', { orders, options: { fees } }))).toEqual([
      ['load', 'pv', 1, 0.29, 0.29],
    ]);
    expect(brief(clear('pay-as-bid', { orders, options: { k: 0 } }))).toEqual([['load', 'pv', 1, 0.1, 0.1]]);
    const quarter = { orders, options: { k: '0.25' } };
    expect(brief(clear('pay-as-bid', quarter))).toEqual([['load', 'pv', 1, 0.15, 0.15]]);
  });

  it('continuous double auction: the order of the list where it has no times, else by time', () => {
    const orders = [order('z', 'sell', 2, 7), order('a', 'buy', 1.5, 9), order('b', 'buy', 1, 8)];
    expect(brief(clear('continuous-double-auction', { orders }))).toEqual([
      ['a', 'z', 1.5, 7, 7],
      ['b', 'z', 0.5, 7, 7],
    ]);
    const timed = orders.map((each, i) => ({ ...each, time: 9 - i }));
    const options = { cancel: [{ id: 'b', time: 8.5 }] };
    const result = clear('continuous-double-auction', { orders: timed, options });
    expect(brief(result)).toEqual([['a', 'z', 1.5, 9, 9]]);
    expect(result.certificate['details']).toEqual({
      refused: [],
      withdrawn: [{ order: 'b', left: 1, reason: 'cancelled' }],
    });
  });

  it('bilateral trading: pymarket’s three rounds of meetings', () => {
    const orders = [order('0', 'buy', 1, 3), order('1', 'buy', 2, 4), order('2', 'buy', 5, 1), order('3', 'sell', 4, 2), order('4', 'sell', 1, 1), order('5', 'sell', 5, 6)]; // prettier-ignore
    const given = [['1', '3'], ['2', '4'], ['0', '5'], ['2', '3'], ['0', '3'], ['2', '5']]; // prettier-ignore
    expect(brief(clear('p2p-bilateral', { orders, options: { given } }))).toEqual([
      ['1', '3', 2, 3, 3],
      ['2', '4', 1, 1, 1],
      ['0', '3', 1, 2.5, 2.5],
    ]);
  });

  it('bilateral trading: attributes and preferences by name, others refused', () => {
    const orders = [
      order('b', 'buy', 1, 9, { attributes: { zone: 'north' } }),
      order('far', 'sell', 1, 1, { attributes: { zone: 'south' } }),
      order('near', 'sell', 1, 5, { attributes: { zone: 'north' } }),
    ];
    expect(brief(clear('p2p-bilateral', { orders, options: { preferences: ['local'] } }))).toEqual([
      ['b', 'near', 1, 7, 7],
    ]);
    const odd = [order('b', 'buy', 1, 9, { attributes: { colour: 'red' } })];
    expect(() => clear('p2p-bilateral', { orders: odd })).toThrow(
      expect.objectContaining({ code: 'INPUT_KEY_UNKNOWN' }),
    );
  });
});

/** One order an interval. */
const profile = (id: string, side: 'buy' | 'sell', amounts: readonly number[], price: number, rest = {}) =>
  amounts.map((quantity, i) => order(`${id}${i}`, side, quantity, price, { member: id, interval: `h${i}`, ...rest })); // prettier-ignore

const clearAll = (orders: unknown) => clearBlockBook(requireInput({ orders }, blockInput));

describe('block orders', () => {
  it('rank intervals in one order whatever that of the input, and read 1 and "1" as one', async () => {
    const intervals = [2, '15', 10, '2', 15];
    const orders = intervals.flatMap((at, i) => [
      order(`b${i}`, 'buy', 1, 9, { interval: at }),
      order(`s${i}`, 'sell', 1, i, { interval: at }),
    ]);
    const forwards = await clearAll(orders);
    expect(Object.keys(forwards.prices)).toEqual(['2', '10', '15']);
    expect((await clearAll(orders.toReversed())).prices).toEqual(forwards.prices);
  });

  it('clear in the caller’s units, with prices by interval', async () => {
    const input = requireInput(
      {
        unit: 'MWh',
        orders: [
          ...profile('B1', 'buy', [2, 3, 5.5], 100, { block: 'B1' }),
          ...profile('B2', 'buy', [1.5, 3, 6], 100, { block: 'B2' }),
          ...profile('B3', 'buy', [2, 3, 5.5], 10, { block: 'B3' }),
          ...profile('B4', 'buy', [1.5, 3, 6], 2, { block: 'B4' }),
          ...profile('dear', 'sell', [15, 15, 15], 5, { minAcceptance: 2 / 15 }),
          ...profile('cheap', 'sell', [20, 20, 20], 3, { minAcceptance: 0.5 }),
        ],
      },
      blockInput,
    );
    const result = await clearBlockBook(input);
    expect(result.prices).toEqual({ h0: 5, h1: 5, h2: 3 });
    expect(result.fills.filter(({ quantity }) => quantity === 17)).toEqual([
      { order: 'cheap2', quantity: 17 },
    ]);
    expect(result.accepted).toContainEqual({ id: 'B4', ratio: 0 });
    expect(result.certificate).toMatchObject({ status: 'CLEARED', budgetResidual: 0 });
  });

  it('names the block that is rejected though the price would pay it, and the welfare forgone', async () => {
    const orders = [
      order('d1', 'buy', 10, 300),
      order('d2', 'buy', 14, 10),
      order('g4', 'sell', 12, 40, { block: true, minAcceptance: 11 / 12 }),
      order('g5', 'sell', 13, 100),
    ];
    const result = await clearBlockBook(requireInput({ orders }, blockInput), UNHEARD, true);
    expect(result).toMatchObject({ price: 100, quantity: 10, accepted: [{ id: 'g4', ratio: 0 }] });
    // 12 · (100 − 40) that g4 would gain; d1 wants no more, and g5 has 3 more at the price, g4 its 12 below it.
    expect(result.certificate).toMatchObject({ details: { paradoxicallyRejectedSurplus: 720 } });
    expect(result.report).toEqual([
      {
        interval: 0,
        quantity: 10,
        price: 100,
        setBy: 'ask',
        reason: null,
        efficientPriceInterval: { low: 100, high: 100 },
        oneMore: { supply: 100, demand: 100 },
        lastTrade: 200,
        welfare: null,
        bestWelfare: null,
        unservedDemand: 0,
        unusedSupply: 15,
      },
    ]);
    expect(result.certificate).toMatchObject({
      welfare: 2000,
      bestWelfare: 2570,
      details: { paradoxicallyRejected: ['g4'] },
    });
  });
});

/** Of one curve over evenly spaced prices. */
const priceOf = (demands: readonly number[], min: number, max: number) => {
  const points = demands.map((demand, i) => ({ price: min + ((max - min) * i) / (demands.length - 1), demand })); // prettier-ignore
  const options = { minPrice: min, maxPrice: max };
  return clearCurveBook(requireInput({ curves: [{ id: 'a', points }], options }, curvesInput)).price;
};

describe('demand curves', () => {
  it('clear in the caller’s units through their tree', () => {
    const input = requireInput(
      {
        curves: [
          { id: 'pv', parent: 'street', points: [{ price: 0, demand: -1.5 }] },
          { id: 'heat pump', parent: 'street', points: [{ price: '0.462', demand: 1.7 }, { price: 0.462, demand: 0 }] }, // prettier-ignore
        ],
        concentrators: [{ id: 'street' }],
      },
      curvesInput,
    );
    expect(clearCurveBook(input)).toMatchObject({
      quantity: 1.5,
      price: 0.462,
      trades: [{ buyOrder: 'heat pump', sellOrder: 'pv', quantity: 1.5, buyPrice: 0.462, sellPrice: 0.462 }],
      positions: [
        { id: 'heat pump', demand: 1.5 },
        { id: 'pv', demand: -1.5 },
      ],
      concentrators: [{ id: 'street', demand: 0 }],
    });
  });

  it('PowerMatcher’s examples: the middle of the prices without demand', () => {
    expect(priceOf([100, 50, 50, 0, 0], -1, 7)).toBe(6);
    expect(priceOf([75, 50, 50, 50, 50, 50, 50, 0, 0, 0], -1, 7)).toBeCloseTo(55 / 9, 6);
  });
});
