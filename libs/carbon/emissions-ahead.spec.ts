import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { emissionsAhead, type Fan } from './index.ts';

const fan = (median: number, lower = median, upper = median): Fan => ({ median, lower, upper });

describe('emissionsAhead', () => {
  it('multiplies medians and adds relative errors in quadrature, hour by hour', () => {
    const hours = [
      { startMs: 0, importKwh: fan(2, 1.4, 2.6), kgPerKwh: fan(0.5, 0.3, 0.7) },
      { startMs: 1, importKwh: fan(1), kgPerKwh: fan(0.4, 0.3, 0.5) },
    ];
    const { hours: each, totalKg } = emissionsAhead(hours);
    // 30 % and 40 % together are 50 %.
    expect(each[0]!.kg.lower).toBeCloseTo(0.5, 12);
    expect(each[0]!.kg.upper).toBeCloseTo(1.5, 12);
    expect(each[1]!.kg).toEqual({
      median: 0.4,
      lower: expect.closeTo(0.3, 12),
      upper: expect.closeTo(0.5, 12),
    });
    expect(totalKg.median).toBeCloseTo(1.4, 12);
    expect(totalKg.upper).toBeCloseTo(2, 12);
  });

  it('is never below zero nor wider than the products of the ends', () => {
    const part = fc.double({ min: 0, max: 10, noNaN: true });
    const drawn = fc.tuple(part, part, part).map((of) => {
      const [lower, median, upper] = of.toSorted((a, b) => a - b) as [number, number, number];
      return fan(median, lower, upper);
    });
    fc.assert(
      fc.property(drawn, drawn, (importKwh, kgPerKwh) => {
        const { kg } = emissionsAhead([{ startMs: 0, importKwh, kgPerKwh }]).hours[0]!;
        expect(kg.lower).toBeGreaterThanOrEqual(0);
        expect(kg.lower).toBeLessThanOrEqual(kg.median);
        expect(kg.upper).toBeGreaterThanOrEqual(kg.median);
        expect(kg.upper).toBeLessThanOrEqual(importKwh.upper * kgPerKwh.upper + 1e-9);
      }),
    );
  });
});
