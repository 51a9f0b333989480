import { describe, expect, it } from '@jest/globals';
import {
  horizonDays,
  type ProductDraft,
  requireProduct,
  requireResolution,
  requireServes,
  resolutionOf,
} from './product.ts';

const product: ProductDraft = {
  name: 'Day-ahead load',
  series: 'load_kwh',
  zone: 'Europe/Berlin',
  stepMinutes: 60,
  horizon: 24,
  promotion: { level: 0.05, minimumDays: 14 },
  drift: { tolerance: 0.1, threshold: 2, minimumDays: 14 },
};

describe('a product', () => {
  it.each([
    ['PRODUCT_NAME', { name: '' }],
    ['PRODUCT_NAME', { name: ' load' }],
    ['PRODUCT_NAME', { name: 'x'.repeat(81) }],
    ['PRODUCT_NAME', { name: 'a\nb' }],
    ['PRODUCT_SERIES', { series: '' }],
    ['PRODUCT_HORIZON', { horizon: 0 }],
    ['PRODUCT_HORIZON', { horizon: 1.5 }],
    ['PRODUCT_HORIZON', { horizon: 1_009 }],
    ['ZONE_UNKNOWN', { zone: 'Nowhere' }],
    ['PROMOTION_TERMS', { promotion: { level: 1, minimumDays: 14 } }],
    ['DRIFT_TERMS', { drift: { ...product.drift, threshold: -1 } }],
  ])('is refused with %s: %j', (code, change) => {
    expect(() => requireProduct(product)).not.toThrow();
    expect(() => requireProduct({ ...product, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    [15, 'PT15M'],
    [60, 'PT1H'],
    [1_440, 'P1D'],
  ])('of %i minutes has resolution %s', (minutes, text) => {
    expect(resolutionOf(minutes)).toBe(text);
    expect(requireResolution(text)).toBe(minutes);
  });

  it('has no resolution that readings cannot be summed to', () => {
    expect(() => requireResolution('PT7M')).toThrow(expect.objectContaining({ code: 'PRODUCT_RESOLUTION' }));
  });

  it('is served by models that look at least as far ahead', () => {
    const model = { ...product, series: ['load_kwh', 'pv_kwh'] };
    expect(() => requireServes({ ...model, horizon: 48 }, product)).not.toThrow();
    for (const change of [{ horizon: 23 }, { series: ['pv_kwh'] }, { zone: 'UTC' }, { stepMinutes: 15 }])
      expect(() => requireServes({ ...model, ...change }, product)).toThrow(
        expect.objectContaining({ code: 'MODEL_UNFIT' }),
      );
  });

  it('has errors that overlap over the days of its horizon', () => {
    expect([24, 25, 48, 168].map((horizon) => horizonDays({ ...product, horizon }))).toEqual([1, 2, 2, 7]);
    expect(horizonDays({ ...product, stepMinutes: 15, horizon: 4 })).toBe(1);
    expect(horizonDays({ ...product, stepMinutes: 1_440, horizon: 3 })).toBe(3);
  });
});
