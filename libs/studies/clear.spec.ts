import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { requireInput } from '#inputs';
import { clearBook, type ClearedBook } from './clear.ts';
import { clearInput } from './clear-input.ts';
import { published, readCase } from '../../test/harness/published-cases.ts';

/** A whole number with the decimal point moved `digits` to the left. */
const shifted = (value: number, digits: number): string => (value / 10 ** digits).toFixed(digits);

const clear = (input: unknown, mechanism = 'uniform-price'): ClearedBook =>
  clearBook(mechanism, requireInput(input, clearInput));

const order = (id: string, side: 'buy' | 'sell', quantity: number | string, price: number | string) => ({
  id,
  member: id,
  side,
  quantity,
  price,
});

describe('uniform price in the caller’s units', () => {
  it('is the book in other units, whatever the decimal point', () => {
    const amounts = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.integer({ min: 1, max: 500 }),
      price: fc.integer({ min: -200, max: 400 }),
    });
    fc.assert(
      fc.property(
        fc.array(amounts, { maxLength: 12 }),
        fc.nat({ max: 4 }),
        fc.nat({ max: 4 }),
        (book, q, p) => {
          const whole = clear({ orders: book.map((o, i) => order(`o${i}`, o.side, o.quantity, o.price)) });
          const small = clear({
            orders: book.map((o, i) => order(`o${i}`, o.side, shifted(o.quantity, q), shifted(o.price, p))),
          });
          expect(small.trades).toHaveLength(whole.trades.length);
          expect(small.quantity).toBeCloseTo(whole.quantity / 10 ** q, 9);
          expect(small.price === null).toBe(whole.price === null);
          expect(small.price ?? 0).toBeCloseTo((whole.price ?? 0) / 10 ** p, 6);
          for (const [i, trade] of small.trades.entries()) {
            expect(trade).toMatchObject({
              buyOrder: whole.trades[i]!.buyOrder,
              sellOrder: whole.trades[i]!.sellOrder,
            });
            expect(trade.quantity).toBeCloseTo(whole.trades[i]!.quantity / 10 ** q, 8);
          }
        },
      ),
    );
  });

  it('takes a double for the decimal it prints as', () => {
    const { quantity, price, certificate } = clear({
      orders: [order('b', 'buy', 0.1 + 0.2, 1.1), order('s', 'sell', 0.3, 1.1)],
    });
    expect({ quantity, price }).toEqual({ quantity: 0.3, price: 1.1 });
    expect(certificate['welfare']).toBe(0);
  });

  it('refuses numbers of too many sizes in one book', () => {
    const orders = [order('b', 'buy', '10000000000', 1), order('s', 'sell', '0.000000001', 1)];
    expect(() => clear({ orders })).toThrow(expect.objectContaining({ code: 'DECIMALS_TOO_FINE' }));
    const doubles = [order('b', 'buy', 1e-12, 1), order('s', 'sell', 1e9, 1)];
    expect(() => clear({ orders: doubles })).toThrow(expect.objectContaining({ code: 'DECIMALS_TOO_FINE' }));
    expect(() => clear({ orders: [order('b', 'buy', '1e30', 1)] })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
    expect(() => clear({ orders: [order('b', 'buy', 1e30, 1)] })).toThrow(
      expect.objectContaining({ code: 'DECIMALS_TOO_LARGE' }),
    );
  });

  it('keeps the cap, the time and negative prices', () => {
    const orders = [
      { ...order('late', 'buy', 1, 5), time: 2 },
      { ...order('early', 'buy', 1, 5), time: 1 },
      order('s', 'sell', 1, '-2.5'),
    ];
    const { trades, price } = clear({ orders, options: { tie: 'time', k: 0.5, priceCap: '-1' } });
    expect(trades).toMatchObject([{ buyOrder: 'early', sellOrder: 's', quantity: 1 }]);
    expect(price).toBe(-1);
  });

  it('keeps half units that a mechanism needs', () => {
    const orders = [
      order('b1', 'buy', 1, 9),
      order('b2', 'buy', 1, 4),
      order('s1', 'sell', 1, 9),
      order('s2', 'sell', 1, 3),
    ];
    expect(clear({ orders }, 'mcafee')).toMatchObject({ quantity: 1, price: 6.5, charges: [] });
  });

  it('gives both prices, and what members owe beside them', () => {
    const orders = [order('b', 'buy', '0.5', '0.3'), order('s', 'sell', 1, '0.1')];
    expect(clear({ orders, options: { fees: { buy: '0.02', sell: 0.01 } } }, 'vcg')).toMatchObject({
      trades: [{ quantity: 0.5, buyPrice: 0.11, sellPrice: 0.28 }],
      prices: { buy: 0.11, sell: 0.28 },
      charges: [
        { member: 'b', kind: 'fee', amount: 0.01 },
        { member: 's', kind: 'fee', amount: 0.005 },
      ],
      certificate: { mechanism: 'vcg/1', welfare: 0.085, budgetResidual: -0.085 },
    });
  });

  it('splits the members as told, and charges what they keep from others', () => {
    const orders = [
      order('b1', 'buy', 1, 9),
      order('b2', 'buy', 1, 8),
      order('s1', 'sell', 1, 1),
      order('b3', 'buy', 1, 6),
      order('s2', 'sell', 1, 4),
    ];
    const options = { split: { left: ['b1', 'b2', 's1'], right: ['b3', 's2'] } };
    expect(clear({ orders, options }, 'muda-vickrey')).toMatchObject({
      price: null,
      prices: { left: 5, right: 5 },
      trades: [
        { buyOrder: 'b1', sellOrder: 's1', quantity: 1, buyPrice: 5, sellPrice: 5 },
        { buyOrder: 'b3', sellOrder: 's2', quantity: 1, buyPrice: 5, sellPrice: 5 },
      ],
      charges: [{ member: 'b1', kind: 'externality', amount: 3 }],
    });
  });

  it('refuses what the mechanism does not take, and a mechanism that is none', () => {
    expect(() => clear({ orders: [], options: { k: 0.5 } }, 'mcafee')).toThrow(
      expect.objectContaining({ code: 'MARKET_OPTION_NOT_TAKEN' }),
    );
    expect(() => clear({ orders: [], options: { priceCap: 1 } }, 'vcg')).toThrow(
      expect.objectContaining({
        code: 'MARKET_OPTION_NOT_TAKEN',
        message: expect.stringMatching(/got priceCap$/),
      }),
    );
    expect(() => clear({ orders: [], options: { seed: 1 } })).toThrow(
      /pricing, k, tie, flatTies, priceCap, /,
    );
    expect(() => clear({ orders: [] }, 'dutch')).toThrow(
      expect.objectContaining({ code: 'MECHANISM_UNKNOWN' }),
    );
  });

  it('draws the same lots from a number as from its digits', () => {
    const orders = [9, 8, 7, 6].flatMap((price, i) => [
      order(`b${i}`, 'buy', 1, price),
      order(`s${i}`, 'sell', 1, i),
    ]);
    const [number, text] = [7, '7'].map((seed) => clear({ orders, options: { seed } }, 'muda-lottery'));
    expect(number).toEqual(text);
  });

  it('says what is expected where a number is missing', () => {
    const { price: _, ...priceless } = order('b', 'buy', 1, 1);
    expect(() => clear({ orders: [priceless] })).toThrow(
      /orders\[0\]\.price: expected a number within .*, or a decimal in a string$/,
    );
  });

  it('says why nothing clears', () => {
    expect(clear({ orders: [] })).toMatchObject({
      trades: [],
      quantity: 0,
      price: null,
      certificate: { status: 'NOT_CLEARED', reason: 'NO_ORDERS', price: null },
    });
  });
});

published('published books', () => {
  it('clear in these units too', () => {
    interface Offer {
      readonly id: string;
      readonly quantity: number;
      readonly price: number;
    }
    interface Case {
      readonly supply: readonly Offer[];
      readonly demand: readonly Offer[];
      readonly expected: { readonly price: number; readonly quantity: number };
      readonly derived_by_us: { readonly welfare: number };
    }
    const {
      supply,
      demand,
      expected,
      derived_by_us: derived,
    }: Case = JSON.parse(readCase('15_pinson_day_ahead_auction.json'));
    const orders = [
      ...demand.map(({ id, quantity, price }) => order(id, 'buy', quantity, price)),
      ...supply.map(({ id, quantity, price }) => order(id, 'sell', quantity, price)),
    ];
    expect(clear({ orders, unit: 'MWh' })).toMatchObject({
      price: expected.price,
      quantity: expected.quantity,
      certificate: { welfare: derived.welfare, bestWelfare: derived.welfare },
    });
  });
});
