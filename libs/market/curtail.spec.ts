import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { interval } from '#core';
import { curtailed, type Order, payAsLimit, uniformPrice } from './index.ts';

const hour = interval(0, 3_600_000);
const order = (id: string, side: 'buy' | 'sell', quantityWh: number, pricePerMwh: number): Order => ({
  id,
  member: id,
  interval: hour,
  side,
  quantityWh,
  pricePerMwh,
});
const BOOK = [
  order('b1', 'buy', 1_000, 30),
  order('b2', 'buy', 500, 20),
  order('s1', 'sell', 800, 10),
  order('s2', 'sell', 700, 12),
];

describe('a clearing that is carried out in part', () => {
  it('is the same clearing where all of it is', () => {
    const result = uniformPrice.clear(BOOK);
    expect(
      curtailed(
        result,
        BOOK,
        result.trades.map(({ quantityWh }) => quantityWh),
      ),
    ).toBe(result);
  });

  it('has energy, welfare, budget and margins of what is left', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(uniformPrice, payAsLimit),
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 5, maxLength: 5 }),
        ({ clear }, drawn) => {
          const result = clear(BOOK);
          const admitted = result.trades.map(({ quantityWh }, i) => Math.min(quantityWh, drawn[i]!));
          const { trades, quantityWh, certificate } = curtailed(result, BOOK, admitted);
          const price = new Map(BOOK.map(({ id, pricePerMwh }) => [id, BigInt(pricePerMwh)]));
          const sum = (of: (trade: (typeof trades)[number]) => bigint): bigint =>
            trades.reduce((total, trade) => total + BigInt(trade.quantityWh) * of(trade), 0n);
          expect(quantityWh).toBe(admitted.reduce((a, b) => a + b, 0));
          expect(certificate).toMatchObject({
            quantityWh,
            welfareExact: sum(({ buyOrder, sellOrder }) => price.get(buyOrder)! - price.get(sellOrder)!),
            budgetResidualExact: sum((trade) => BigInt(trade.buyPricePerMwh - trade.sellPricePerMwh)),
          });
          for (const margin of [
            certificate.individualRationality.buyPerMwh,
            certificate.individualRationality.sellPerMwh,
          ]) {
            expect(margin ?? 0).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('says that the network left nothing of it', () => {
    const result = uniformPrice.clear(BOOK);
    const { trades, pricePerMwh, certificate } = curtailed(
      result,
      BOOK,
      result.trades.map(() => 0),
    );
    expect({ trades, pricePerMwh }).toEqual({ trades: [], pricePerMwh: null });
    expect(certificate).toMatchObject({ status: 'NOT_CLEARED', reason: 'NETWORK_LIMITS', welfareExact: 0n });
  });

  it.each([[[1]], [[-1, 0, 0]], [[2_000, 0, 0]], [[0.5, 0, 0]]])('cannot be cut to %j', (admitted) => {
    expect(() => curtailed(uniformPrice.clear(BOOK), BOOK, admitted)).toThrow(
      expect.objectContaining({ code: 'CURTAILMENT' }),
    );
  });
});
