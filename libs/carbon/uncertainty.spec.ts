import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  emissionsUncertainty,
  productUncertainty,
  sumUncertainty,
  type UncertainTerm,
} from './uncertainty.ts';

const percent = fc.integer({ min: 0, max: 100 });

describe('propagation of uncertainty (IPCC 2006 vol. 1 ch. 3)', () => {
  it('adds squares for a product (equation 3.1)', () => {
    expect(productUncertainty([3, 4])?.toNumber()).toBe(5);
    expect(productUncertainty([])?.toNumber()).toBe(0);
  });

  it('weights squares by amounts for a sum (equation 3.2)', () => {
    // √((100 · 10)² + (200 · 10)²) / 300 = √5 000 000 / 300
    const terms = [
      { amount: 100, percent: 10 },
      { amount: 200, percent: 10 },
    ];
    expect(sumUncertainty(terms)?.toNumber()).toBeCloseTo(Math.sqrt(5_000_000) / 300, 12);
  });

  it('has none where a part’s is unknown or terms cancel, unless that part is zero', () => {
    expect(productUncertainty([3, null])).toBeNull();
    expect(sumUncertainty([{ amount: 1, percent: null }])).toBeNull();
    expect(sumUncertainty([{ amount: 1, percent: 5 }, { amount: -1, percent: 5 }])).toBeNull(); // prettier-ignore
    expect(sumUncertainty([{ amount: 0, percent: null }, { amount: 2, percent: 5 }])?.toNumber()).toBe(5); // prettier-ignore
  });

  it('lets emissions of one factor share its error: it does not average out', () => {
    const emission = { emissionsKg: 100, activityPercent: 0, factorPercent: 10 };
    const shared = [1, 2].map(() => ({ ...emission, factorId: 'diesel' }));
    expect(emissionsUncertainty(shared)?.toNumber()).toBe(10);
    const apart = ['diesel', 'gas'].map((factorId) => ({ ...emission, factorId }));
    expect(emissionsUncertainty(apart)?.toNumber()).toBeCloseTo(10 / Math.SQRT2, 12);
  });

  it('is at most the largest of terms of one sign, in any order', () => {
    const term = fc.record({ amount: fc.integer({ min: 1, max: 1_000 }), percent });
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 8 }), (terms: UncertainTerm[]) => {
        const total = sumUncertainty(terms)!.toNumber();
        expect(total).toBeLessThanOrEqual(Math.max(...terms.map((each) => Number(each.percent))) + 1e-9);
        expect(sumUncertainty(terms.toReversed())!.toNumber()).toBeCloseTo(total, 12);
      }),
    );
  });
});
