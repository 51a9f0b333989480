import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { clipToNorm, integerSensitivity } from './clipping.ts';

const vector = fc
  .array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => Float64Array.from(values));
const limit = fc.double({ min: 1e-6, max: 1e10, noNaN: true });
const length = (values: Float64Array) => Math.hypot(...values);

describe('clipping', () => {
  it('keeps short vectors, scales long ones to the limit, and keeps their direction', () => {
    fc.assert(
      fc.property(vector, limit, (values, most) => {
        const clipped = clipToNorm(values, most);
        expect(clipped).not.toBe(values);
        const [before, after] = [length(values), length(clipped)];
        const same = clipped.every((value, i) => value === values[i]);
        expect(same || before > most * (1 - 1e-12)).toBe(true);
        expect(after).toBeLessThanOrEqual(most * (1 + 1e-15));
        expect(after).toBeGreaterThanOrEqual(Math.min(before, most) * (1 - 1e-12));
        const factor = before === 0 ? 1 : after / before;
        values.forEach((value, i) =>
          expect(Math.abs(clipped[i]! - factor * value)).toBeLessThanOrEqual(1e-12 * most),
        );
      }),
    );
  });

  it('does not overflow', () => {
    const clipped = clipToNorm(Float64Array.of(1e300, -1e300), 1);
    expect(length(clipped)).toBeCloseTo(1, 12);
  });

  it('refuses what is not finite and a limit that is none', () => {
    for (const value of [Number.NaN, Infinity]) {
      expect(() => clipToNorm(Float64Array.of(0, value), 1)).toThrow(
        expect.objectContaining({ code: 'VALUE_NOT_FINITE' }),
      );
    }
    expect(() => clipToNorm(Float64Array.of(1), 0)).toThrow(
      expect.objectContaining({ code: 'PRIVACY_PARAMETER' }),
    );
  });
});

describe('sensitivity on the grid', () => {
  it('bounds the norm after any rounding', () => {
    const rounding = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(
        vector,
        limit,
        fc.integer({ min: -4, max: 20 }),
        rounding,
        (values, clip, fractionBits, up) => {
          const clipped = clipToNorm(values, clip);
          const grid = clipped.map((value, i) => Math.floor(value * 2 ** fractionBits) + Number(up[i]));
          const bound = integerSensitivity({ clip, fractionBits, dimension: values.length });
          expect(length(grid)).toBeLessThanOrEqual(bound * (1 + 1e-15));
        },
      ),
    );
  });

  it('is clip · 2^f + √d', () => {
    expect(integerSensitivity({ clip: 3, fractionBits: 4, dimension: 25 })).toBe(53);
    expect(() => integerSensitivity({ clip: 3, fractionBits: 4, dimension: 0 })).toThrow(
      expect.objectContaining({ code: 'PRIVACY_PARAMETER' }),
    );
  });
});
