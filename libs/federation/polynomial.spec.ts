import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { deviators, inverse, lagrangeAtZero, lowDegree } from './polynomial.ts';

const P = 1152921504606683137n;
const residue = fc.bigInt({ min: 0n, max: P - 1n });

const valueOf = (coefficients: readonly bigint[], x: number, prime = P): bigint =>
  coefficients.reduceRight((sum, c) => (sum * BigInt(x) + c) % prime, 0n);

const points = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** n ≥ 3f + 1, t = f + 1: a sharing and f positions that deviate. */
const sharing = fc.integer({ min: 1, max: 6 }).chain((f) =>
  fc.record({
    f: fc.constant(f),
    n: fc.integer({ min: 3 * f + 1, max: 20 }),
    coefficients: fc.array(residue, { minLength: f + 1, maxLength: f + 1 }),
    errors: fc.array(fc.bigInt({ min: 1n, max: P - 1n }), { minLength: f, maxLength: f }),
    order: fc.infiniteStream(fc.nat()),
  }),
);

describe('inverse', () => {
  it('multiplies to one', () => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: P - 1n }), (a) => (a * inverse(a, P)) % P === 1n));
    expect(inverse(-2n, 7n)).toBe(3n); // −2 · 3 = −6 ≡ 1
  });

  it('refuses multiples of the prime', () => {
    expect(() => inverse(0n, 7n)).toThrow(expect.objectContaining({ code: 'NOT_INVERTIBLE' }));
    expect(() => inverse(14n, 7n)).toThrow(expect.objectContaining({ code: 'NOT_INVERTIBLE' }));
  });
});

describe('Lagrange weights', () => {
  it('are 3 and −3 and 1 at 1, 2, 3', () => {
    expect(points(3).map((l) => lagrangeAtZero([1, 2, 3], l, 101n))).toEqual([3n, 98n, 1n]);
  });

  it('rebuild the constant term from any t points', () => {
    fc.assert(
      fc.property(
        fc.array(residue, { minLength: 1, maxLength: 7 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 7, maxLength: 7 }),
        (coefficients, xs) => {
          const active = xs.slice(0, coefficients.length);
          const sum = active.reduce(
            (s, x) => s + lagrangeAtZero(active, x, P) * valueOf(coefficients, x),
            0n,
          );
          expect(sum % P).toBe(coefficients[0]);
        },
      ),
    );
  });

  it.each([
    ['a point that is not active', [1, 2], 3],
    ['a point twice', [1, 1, 2], 2],
    ['the secret itself', [0, 1], 1],
    ['a fraction', [1.5, 1], 1],
  ])('refuse %s', (_name, active, index) => {
    expect(() => lagrangeAtZero(active, index, P)).toThrow(
      expect.objectContaining({ code: 'POINTS_INVALID' }),
    );
  });
});

describe('Reed–Solomon', () => {
  it('finds nobody in an honest sharing', () => {
    fc.assert(
      fc.property(sharing, ({ f, n, coefficients }) => {
        const values = points(n).map((x) => valueOf(coefficients, x));
        expect(lowDegree(points(n), values, f + 1, P)).toBe(true);
        expect(deviators(points(n), values, f + 1, P)).toEqual([]);
      }),
    );
  });

  it('names exactly those up to f that deviate', () => {
    fc.assert(
      fc.property(sharing, fc.nat(), ({ f, n, coefficients, errors, order }, few) => {
        const left = points(n);
        const off = errors
          .slice(0, 1 + (few % f))
          .map((error) => ({ x: left.splice(order.next().value % left.length, 1)[0]!, error }));
        const values = points(n).map(
          (x) => (valueOf(coefficients, x) + (off.find((o) => o.x === x)?.error ?? 0n)) % P,
        );
        expect(lowDegree(points(n), values, f + 1, P)).toBe(false);
        expect(deviators(points(n), values, f + 1, P)).toEqual(off.map((o) => o.x).toSorted((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('gives up on a sharing of too high a degree', () => {
    fc.assert(
      fc.property(sharing, residue, ({ f, n, coefficients }, high) => {
        fc.pre(high !== 0n);
        const values = points(n).map((x) => valueOf([...coefficients, high], x));
        expect(deviators(points(n), values, f + 1, P)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('names nobody where too few points are left to correct anything', () => {
    expect(deviators([1, 2, 3], [1n, 2n, 4n], 2, P)).toBeNull();
    expect(deviators([1, 2], [1n, 5n], 2, P)).toEqual([]);
  });

  it('refuses points and values of different number', () => {
    expect(() => lowDegree([1, 2, 3], [1n], 2, P)).toThrow(
      expect.objectContaining({ code: 'POINTS_INVALID' }),
    );
  });
});
