import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { solveRidge } from './cholesky.ts';

const entries = (count: number) =>
  fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: count, maxLength: count });

describe('ridge solver', () => {
  it('solves (MᵀM + ridge·I) X = B', () => {
    const problem = fc
      .integer({ min: 1, max: 8 })
      .chain((n) =>
        fc.tuple(
          fc.constant(n),
          entries(n * n),
          entries(n * 2),
          fc.double({ min: 0.1, max: 10, noNaN: true }),
        ),
      );
    fc.assert(
      fc.property(problem, ([n, m, b, ridge]) => {
        const a = Float64Array.from({ length: n * n }, (_, ij) => {
          const [i, j] = [Math.floor(ij / n), ij % n];
          let sum = 0;
          for (let k = 0; k < n; k += 1) sum += m[k * n + i]! * m[k * n + j]!;
          return sum;
        });
        const x = solveRidge(a, ridge, Float64Array.from(b), n);
        for (let i = 0; i < n; i += 1) {
          for (let c = 0; c < 2; c += 1) {
            let sum = ridge * x[i * 2 + c]!;
            for (let k = 0; k < n; k += 1) sum += a[i * n + k]! * x[k * 2 + c]!;
            expect(sum).toBeCloseTo(b[i * 2 + c]!, 7);
          }
        }
      }),
    );
  });

  it('refuses a singular and an indefinite matrix', () => {
    const refused = expect.objectContaining({ code: 'RIDGE_ILL_CONDITIONED', data: { order: 2, pivot: 1 } });
    expect(() => solveRidge(Float64Array.of(1, 1, 1, 1), 0, Float64Array.of(1, 1), 2)).toThrow(refused);
    expect(() => solveRidge(Float64Array.of(1, 2, 2, 1), 0, Float64Array.of(1, 1), 2)).toThrow(refused);
  });
});
