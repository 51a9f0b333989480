import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { laggedSums, transform } from './fft.ts';

const signal = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('the discrete Fourier transform', () => {
  it('is that of the definition', () => {
    const [re, im] = [Float64Array.of(1, 2, 0, -1), Float64Array.of(0, 1, 0, 3)];
    transform(re, im);
    // Σ_t (re + i·im)·e^(−2πi·kt/4): factors 1, −i, −1, i.
    [2, 1 + 1 - 3, 1 - 2 + 1, 1 - 1 + 3].forEach((value, k) => expect(re[k]).toBeCloseTo(value, 12));
    [4, -2 - 1, -1 - 3, 2 + 1].forEach((value, k) => expect(im[k]).toBeCloseTo(value, 12));
  });
});

describe('lagged sums', () => {
  it('are those of the definition, wrapped around nowhere', () => {
    fc.assert(
      fc.property(signal, fc.integer({ min: 1, max: 40 }), (values, lags) => {
        const sums = laggedSums(Float64Array.from(values), lags);
        expect(sums).toHaveLength(lags);
        for (let k = 0; k < lags; k++) {
          let direct = 0;
          for (let t = 0; t + k < values.length; t++) direct += values[t]! * values[t + k]!;
          expect(sums[k]).toBeCloseTo(direct, 8);
        }
      }),
    );
  });
});
