import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { studentT } from './student-t.ts';

describe('studentT', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2: upper critical values.
  it.each([
    [1, 0.95, 6.314],
    [1, 0.975, 12.706],
    [2, 0.99, 6.965],
    [5, 0.975, 2.571],
    [10, 0.9, 1.372],
    [10, 0.95, 1.812],
    [10, 0.975, 2.228],
    [13, 0.95, 1.771],
    [30, 0.975, 2.042],
    [100, 0.99, 2.364],
  ])('with %i degrees of freedom is %d at the published critical value', (freedom, probability, t) => {
    expect(studentT(t, freedom)).toBeCloseTo(probability, 3);
  });

  it('of one degree is the Cauchy distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), (t) => {
        expect(studentT(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 7);
      }),
    );
  });

  it('is symmetric and never falls', () => {
    const number = fc.double({ min: -60, max: 60, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 400 }), (a, b, freedom) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(studentT(low, freedom)).toBeLessThanOrEqual(studentT(high, freedom) + 1e-12);
        expect(studentT(a, freedom) + studentT(-a, freedom)).toBeCloseTo(1, 12);
      }),
    );
  });
});
