import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { smallestEigenvalue, solveRidge } from './cholesky.ts';

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
        const x = solveRidge(a, new Float64Array(n).fill(ridge), Float64Array.from(b), n);
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
    expect(() =>
      solveRidge(Float64Array.of(1, 1, 1, 1), new Float64Array(2), Float64Array.of(1, 1), 2),
    ).toThrow(refused);
    expect(() =>
      solveRidge(Float64Array.of(1, 2, 2, 1), new Float64Array(2), Float64Array.of(1, 1), 2),
    ).toThrow(refused);
  });
});

describe('smallest eigenvalue', () => {
  it('is found from below, of whatever sign', () => {
    const spectrum = fc.integer({ min: 1, max: 9 }).chain((n) => fc.tuple(entries(n), entries(n)));
    fc.assert(
      fc.property(spectrum, ([eigenvalues, direction]) => {
        const n = eigenvalues.length;
        const square = direction.reduce((sum, value) => sum + value * value, 0);
        fc.pre(square > 1e-3);
        // H·D·H with the reflection H = I − 2vvᵀ/|v|² has the eigenvalues D.
        const reflect = (i: number, k: number) =>
          (i === k ? 1 : 0) - (2 * direction[i]! * direction[k]!) / square;
        const a = Float64Array.from({ length: n * n }, (_, ij) => {
          const [i, j] = [Math.floor(ij / n), ij % n];
          return eigenvalues.reduce((sum, value, k) => sum + reflect(i, k) * value * reflect(j, k), 0);
        });
        const found = smallestEigenvalue(a, n, 1e-6);
        const smallest = Math.min(...eigenvalues);
        expect(found).toBeLessThanOrEqual(smallest + 1e-9);
        expect(found).toBeGreaterThanOrEqual(smallest - 1.1e-6);
      }),
    );
  });
});
