import { DomainError } from '#core';

/**
 * Solves (A + ridge·I) X = B for symmetric positive definite A (n × n) and B (n × m), all row by row, by Cholesky
 * factorisation. Deterministic: the order of operations depends on n and m alone.
 * @throws RIDGE_ILL_CONDITIONED where a pivot is not positive relative to its diagonal.
 */
export function solveRidge(a: Float64Array, ridge: number, b: Float64Array, n: number): Float64Array {
  const factor = choleskyFactor(a, ridge, n);
  const m = b.length / n;
  const x = b.slice();
  // Forward: L Z = B.
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) subtractRow(x, i, k, factor[i * n + k]!, m);
    scaleRow(x, i, 1 / factor[i * n + i]!, m);
  }
  // Backward: Lᵀ X = Z.
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) subtractRow(x, i, k, factor[k * n + i]!, m);
    scaleRow(x, i, 1 / factor[i * n + i]!, m);
  }
  return x;
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

function subtractRow(x: Float64Array, target: number, source: number, factor: number, m: number): void {
  for (let c = 0; c < m; c += 1) x[target * m + c]! -= factor * x[source * m + c]!;
}

function scaleRow(x: Float64Array, row: number, factor: number, m: number): void {
  for (let c = 0; c < m; c += 1) x[row * m + c]! *= factor;
}
