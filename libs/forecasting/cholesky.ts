import { DomainError } from '#core';

/**
 * Solves (A + D) X = B, D = diag(ridge), for symmetric positive definite A (n × n) and B (n × m), all row by row, by Cholesky
 * factorisation. Deterministic: the order of operations depends on n and m alone.
 * @throws RIDGE_ILL_CONDITIONED where a pivot is not positive relative to its diagonal.
 */
export function solveRidge(a: Float64Array, ridge: Float64Array, b: Float64Array, n: number): Float64Array {
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

/** Writes L with L Lᵀ = A + diag(ridge) into `l` and returns the first pivot that vanishes, or n where none does. */
function factorise(a: Float64Array, ridge: Float64Array, n: number, l: Float64Array): number {
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = a[i * n + j]! + (i === j ? ridge[i]! : 0);
      const diagonal = sum;
      for (let k = 0; k < j; k += 1) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i !== j) {
        l[i * n + j] = sum / l[j * n + j]!;
        continue;
      }
      if (!(sum > SMALLEST_PIVOT * diagonal)) return i;
      l[i * n + i] = Math.sqrt(sum);
    }
  }
  return n;
}

function choleskyFactor(a: Float64Array, ridge: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  const pivot = factorise(a, ridge, n, l);
  if (pivot < n) {
    throw new DomainError(
      'RIDGE_ILL_CONDITIONED',
      `expected a positive definite matrix of order ${n}, got a vanishing pivot ${pivot}`,
      'invalid',
      { order: n, pivot },
    );
  }
  return l;
}

/**
 * The smallest eigenvalue of a symmetric matrix (n × n), less at most `tolerance` and rounding: A − x·I can be factorised just
 * below it. Bisection from Gershgorin's bound up to the smallest diagonal entry.
 */
export function smallestEigenvalue(a: Float64Array, n: number, tolerance: number): number {
  let [low, high] = [Infinity, Infinity];
  for (let i = 0; i < n; i += 1) {
    const diagonal = a[i * n + i]!;
    const row = a.subarray(i * n, (i + 1) * n);
    const radius = row.reduce((sum, value) => sum + Math.abs(value), 0) - Math.abs(diagonal);
    low = Math.min(low, diagonal - radius);
    high = Math.min(high, diagonal);
  }
  const l = new Float64Array(n * n);
  const smallest = Math.max(tolerance, Number.EPSILON * Math.max(Math.abs(low), Math.abs(high)));
  while (high - low > smallest) {
    const middle = (low + high) / 2;
    if (factorise(a, new Float64Array(n).fill(-middle), n, l) === n) low = middle;
    else high = middle;
  }
  return low;
}
