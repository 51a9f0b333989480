import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { interval } from '#core';
import {
  dividePayment,
  divideRefund,
  feeOf,
  type PriceModel,
  parsePriceModel,
  priceOf,
  refundOnRevocation,
  subscriptionPeriod,
} from './price-model.ts';

const EUR = 'EUR';
const PER_READING: PriceModel = { kind: 'perReading', currency: EUR, amountMinor: 7, readings: 1000 };
const MONTHLY: PriceModel = { kind: 'subscription', currency: EUR, amountMinor: 3000, period: 'P1M' };
const amounts = fc.integer({ min: 0, max: 1_000_000_000 });
const fees = fc.record({ basisPoints: fc.integer({ min: 0, max: 10_000 }) });
const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 9 })
  .filter((each) => each.some((weight) => weight > 0n));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe('a price model', () => {
  it.each<[string, unknown]>([
    ['PRICE_MODEL_UNKNOWN', { kind: 'auction' }],
    ['PRICE_MODEL_UNKNOWN', { kind: 'toString' }],
    ['PRICE_MODEL_MALFORMED', [MONTHLY]],
    ['PRICE_MODEL_MALFORMED', { ...MONTHLY, discount: 1 }],
    ['PRICE_MODEL_MALFORMED', { kind: 'flat', currency: EUR }],
    ['CURRENCY_UNKNOWN', { kind: 'flat', currency: 'eur', amountMinor: 1 }],
    ['CURRENCY_UNKNOWN', { kind: 'flat', currency: 'XAU', amountMinor: 1 }],
    ['PRICE_AMOUNT', { kind: 'flat', currency: EUR, amountMinor: 0 }],
    ['PRICE_AMOUNT', { kind: 'flat', currency: EUR, amountMinor: 1.5 }],
    ['PRICE_AMOUNT', { kind: 'flat', currency: EUR, amountMinor: 1_000_000_001 }],
    ['PRICE_READINGS', { ...PER_READING, readings: 0 }],
    ['PRICE_PERIOD', { ...MONTHLY, period: 'P2M' }],
    ['PRICE_SHARE', { kind: 'revenueShare', currency: EUR, basisPoints: 10_001 }],
  ])('is refused with %s', (code, document) => {
    expect(() => parsePriceModel(document)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, unknown]>([
    [
      'expected a currency as in ISO 4217, such as EUR, got "€"',
      { kind: 'flat', currency: '€', amountMinor: 1 },
    ],
    [
      'expected amountMinor: a whole number from 1 to 1000000000, got -5',
      { kind: 'flat', currency: EUR, amountMinor: -5 },
    ],
    [
      'expected a flat price of kind, currency, amountMinor, got no amountMinor',
      { kind: 'flat', currency: EUR },
    ],
    [
      'expected as kind of price free, flat, perReading, subscription, revenueShare, got "once"',
      { kind: 'once' },
    ],
  ])('is refused with what was expected and what came: %s', (message, document) => {
    expect(() => parsePriceModel(document)).toThrow(message);
  });

  it('is read back as it was written; none is free', () => {
    for (const model of [PER_READING, MONTHLY]) {
      expect(parsePriceModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
    }
    expect(parsePriceModel(null)).toEqual({ kind: 'free' });
  });

  it('prices a use', () => {
    expect(priceOf({ kind: 'free' }, { readings: 5 })).toBe(0);
    expect(priceOf(MONTHLY, { periods: 3 })).toBe(9000);
    // 2000 readings at 7 a thousand are 14; one more begins the 15th cent.
    expect(priceOf(PER_READING, { readings: 2000 })).toBe(14);
    expect(priceOf(PER_READING, { readingsBefore: 2000, readings: 1 })).toBe(1);
    expect(priceOf({ kind: 'revenueShare', currency: EUR, basisPoints: 250 }, { revenueMinor: 1020 })).toBe(
      26,
    );
    expect(() => priceOf(PER_READING, { readings: -1 })).toThrow(
      expect.objectContaining({ code: 'PRICE_USAGE' }),
    );
  });

  it('costs the same however reads are cut', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(counts, amounts, fc.integer({ min: 1, max: 5000 }), (reads, amountMinor, readings) => {
        const model: PriceModel = { kind: 'perReading', currency: EUR, amountMinor, readings };
        let readingsBefore = 0;
        let paid = 0;
        for (const read of reads) {
          paid += priceOf(model, { readingsBefore, readings: read });
          readingsBefore += read;
        }
        expect(paid).toBe(priceOf(model, { readings: sum(reads) }));
      }),
      { numRuns: 50 },
    );
  });

  it('keeps the day of the month a subscription began on, where the month has it', () => {
    const start = Date.UTC(2027, 0, 31, 8);
    const starts = [0, 1, 2].map((n) => new Date(subscriptionPeriod('P1M', start, n).startMs).toISOString());
    expect(starts).toEqual([
      '2027-01-31T08:00:00.000Z',
      '2027-02-28T08:00:00.000Z',
      '2027-03-31T08:00:00.000Z',
    ]);
    const leap = subscriptionPeriod('P1Y', Date.UTC(2028, 1, 29), 0);
    expect(new Date(leap.endMs).toISOString()).toBe('2029-02-28T00:00:00.000Z');
    expect(subscriptionPeriod('P7D', start, 2).startMs).toBe(start + 14 * 86_400_000);
  });
});

describe('a payment', () => {
  it('is the fee and the sellers’ parts to the unit, and so is what of it is given back', () => {
    fc.assert(
      fc.property(
        amounts,
        fees,
        weights,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (paid, fee, of, back) => {
          const payment = dividePayment(paid, fee, of);
          expect(payment.feeMinor + sum(payment.sellerMinor)).toBe(paid);
          const refund = divideRefund(Math.floor(paid * back), payment);
          expect(refund.feeMinor + sum(refund.sellerMinor)).toBe(refund.paidMinor);
          expect(refund.feeMinor).toBeLessThanOrEqual(payment.feeMinor);
          for (const [i, part] of refund.sellerMinor.entries()) {
            expect(part).toBeLessThanOrEqual(payment.sellerMinor[i]!);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has a fee between the least and the most, never above the payment', () => {
    const rule = { basisPoints: 500, leastMinor: 10, mostMinor: 100 };
    expect([5, 100, 1000, 1_000_000].map((paid) => feeOf(rule, paid))).toEqual([5, 10, 50, 100]);
    expect(() => feeOf({ basisPoints: 10_001 }, 1)).toThrow(expect.objectContaining({ code: 'FEE_RULE' }));
    expect(() => feeOf({ basisPoints: 1, leastMinor: 2, mostMinor: 1 }, 1)).toThrow(
      expect.objectContaining({ code: 'FEE_RULE' }),
    );
  });

  it('needs somebody to be paid, and gives back no more than was paid', () => {
    expect(() => dividePayment(1, { basisPoints: 0 }, [0n])).toThrow(
      expect.objectContaining({ code: 'SELLER_WEIGHTS' }),
    );
    const payment = dividePayment(100, { basisPoints: 1000 }, [1n]);
    expect(() => divideRefund(101, payment)).toThrow(expect.objectContaining({ code: 'REFUND_TOO_LARGE' }));
  });

  it('is given back on revocation by the time left, by the read, or not', () => {
    const period = interval(0, 1000);
    const paid = { paidMinor: 3001, period, wasRead: true };
    expect([-1, 0, 250, 999, 2000].map((at) => refundOnRevocation(MONTHLY, paid, at))).toEqual([
      3001, 3001, 2250, 3, 0,
    ]);
    const flat: PriceModel = { kind: 'flat', currency: EUR, amountMinor: 3001 };
    expect(refundOnRevocation(flat, paid, 250)).toBe(0);
    expect(refundOnRevocation(flat, { ...paid, wasRead: false }, 250)).toBe(3001);
    expect(refundOnRevocation(PER_READING, { ...paid, wasRead: false }, 250)).toBe(0);
  });
});
