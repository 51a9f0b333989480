import { DomainError } from '#core';

/**
 * Solves (A + ridge·I) X = B for symmetric positive definite A (n × n) and B (n × m), all row by row, by Cholesky
 * factorisation. Deterministic: the order of operations depends on n and m alone.
 * @throws RIDGE_ILL_CONDITIONED where a pivot is not positive relative to its diagonal.
 */
export function solveRidge(a: Float64Array, ridge: number, b: Float64Array, n: number): Float64Array {
  const factor = choleskyFactor(a, ridge, n);
  const m = b.length / n;
  const x = new Float64Array(b.length);
  const column = new Float64Array(n);
  for (let c = 0; c < m; c += 1) {
    for (let i = 0; i < n; i += 1) column[i] = b[i * m + c]!;
    substitute(factor, column, n);
    for (let i = 0; i < n; i += 1) x[i * m + c] = column[i]!;
  }
  return x;
}

/** Solves L Lᵀ x = b in place. Both passes walk L by rows, as it lies in memory. */
function substitute(l: Float64Array, x: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    let sum = x[i]!;
    for (let k = 0; k < i; k += 1) sum -= l[i * n + k]! * x[k]!;
    x[i] = sum / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    const value = x[i]! / l[i * n + i]!;
    x[i] = value;
    for (let k = 0; k < i; k += 1) x[k]! -= l[i * n + k]! * value;
  }
}

/** A pivot this small relative to its diagonal has lost all but a few of a double's 16 digits. */
const SMALLEST_PIVOT = 1e-13;

function choleskyFactor(a: Float64Array, ridge: number, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = a[i * n + j]! + (i === j ? ridge : 0);
      const diagonal = sum;
      for (let k = 0; k < j; k += 1) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i !== j) {
        l[i * n + j] = sum / l[j * n + j]!;
        continue;
      }
      if (!(sum > SMALLEST_PIVOT * diagonal)) {
        throw new DomainError(
          'RIDGE_ILL_CONDITIONED',
          `expected a positive definite matrix of order ${n}, got a vanishing pivot ${i}`,
          'invalid',
          { order: n, pivot: i },
        );
      }
      l[i * n + i] = Math.sqrt(sum);
    }
  }
  return l;
}
