import { describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import * as fc from 'fast-check';
import { decimalText, plus, rounded, scaledDecimal, shifted, times } from './scaled-decimal.ts';

const Exact = Decimal.clone({ precision: 200, rounding: Decimal.ROUND_HALF_UP });
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(18))
  .map(([digits, places]) => new Exact(digits.toString()).div(new Exact(10).pow(places)).toFixed());

describe('scaled decimals', () => {
  it('are sums and products of arbitrary precision', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.nat(), fc.nat(6), (a, b, wh, places) => {
        const value = plus(times(scaledDecimal(a), wh), shifted(scaledDecimal(b), places));
        const exact = new Exact(a).mul(wh).add(new Exact(b).div(new Exact(10).pow(places)));
        expect(decimalText(value)).toBe(exact.toFixed());
        expect(rounded(value).toString()).toBe(exact.toDecimalPlaces(0).toFixed().replace('-0', '0'));
      }),
    );
  });

  it.each([
    ['0.5', 1n],
    ['-0.5', -1n],
    ['0.49', 0n],
    ['-2.5', -3n],
    ['7', 7n],
  ])('%s is %d in whole units', (text, whole) => {
    expect(rounded(scaledDecimal(text))).toBe(whole);
  });

  it.each(['', '1e3', '.5', '1.', 'NaN', '1,5', ' 1'])('refuse %j', (text) => {
    expect(() => scaledDecimal(text)).toThrow(expect.objectContaining({ code: 'DECIMAL_INVALID' }));
  });
});
