import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { testEnvironment } from '#config';
import { requireInput } from '../input.ts';
import { clearBook, type UniformPriceResult } from './clear.ts';
import { uniformPriceInput } from './clear-input.ts';

const FILE = join(testEnvironment().casesDir, 'market', '15_pinson_day_ahead_auction.json');

/** A whole number with the decimal point moved `digits` to the left. */
const shifted = (value: number, digits: number): string => (value / 10 ** digits).toFixed(digits);

const clear = (input: unknown): UniformPriceResult =>
  clearBook('uniform-price', requireInput(input, uniformPriceInput));

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

  it('says why nothing clears', () => {
    expect(clear({ orders: [] })).toMatchObject({
      trades: [],
      quantity: 0,
      price: null,
      certificate: { status: 'NOT_CLEARED', reason: 'NO_ORDERS', price: null },
    });
  });
});

// oxlint-disable-next-line node/no-process-env -- whether the copy was named: then it must be there
const published = process.env['CASES_DIR'] !== undefined || existsSync(FILE) ? describe : describe.skip;

published(`published books (${FILE})`, () => {
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
    const { supply, demand, expected, derived_by_us: derived }: Case = JSON.parse(readFileSync(FILE, 'utf8'));
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
