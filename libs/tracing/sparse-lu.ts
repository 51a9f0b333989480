import { type Elimination, minimumDegree, type SymmetricPattern } from './elimination.ts';

/**
 * LU without pivoting of matrices of one pattern: stable for the row diagonally dominant M-matrices of tracing and the
 * positive definite normal equations of cleaning. Ordering and fill are found once, and nothing is allocated afterwards.
 */
export interface SparseLu {
  /** `values` stand where the pattern's `indices` do. Pivots that are not above `least` times their diagonal count as that. */
  factorize(diagonal: Float64Array, values: Float64Array, least?: number): void;
  /** A X = B in place: row i of the `columns` right-hand sides begins at `i · columns`. */
  solve(sides: Float64Array, columns: number): void;
  /** Aᵀ X = B in place. */
  solveTransposed(sides: Float64Array, columns: number): void;
  /** Entries of both factors. */
  readonly entries: number;
}

export function sparseLu(pattern: SymmetricPattern): SparseLu {
  const elimination = minimumDegree(pattern);
  const factors: Factors = {
    ...elimination,
    left: new Float64Array(elimination.lower.indices.length),
    right: new Float64Array(elimination.upper.indices.length),
    pivots: new Float64Array(elimination.order.length),
  };
  const row = new Float64Array(elimination.order.length);
  return {
    entries: factors.left.length + factors.right.length + factors.pivots.length,
    factorize(diagonal, values, least = 0) {
      for (let k = 0; k < row.length; k += 1) {
        scatter(k, factors, { pattern, diagonal, values }, row);
        eliminate(k, factors, row);
        factors.pivots[k] = Math.max(row[k]!, least * diagonal[factors.order[k]!]!);
      }
    },
    solve: (sides, columns) => substitute(factors, sides, columns),
    solveTransposed: (sides, columns) => substituteTransposed(factors, sides, columns),
  };
}

/** L, its diagonal 1, and U by rows, as the elimination places them. */
interface Factors extends Elimination {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly pivots: Float64Array;
}

interface Matrix {
  readonly pattern: SymmetricPattern;
  readonly diagonal: Float64Array;
  readonly values: Float64Array;
}

/** The k-th row of the matrix, with zeros where it will fill. */
function scatter(
  k: number,
  { order, place, lower, upper }: Factors,
  { pattern, diagonal, values }: Matrix,
  row: Float64Array,
): void {
  for (let at = lower.starts[k]!; at < lower.starts[k + 1]!; at += 1) row[lower.indices[at]!] = 0;
  for (let at = upper.starts[k]!; at < upper.starts[k + 1]!; at += 1) row[upper.indices[at]!] = 0;
  const i = order[k]!;
  row[k] = diagonal[i]!;
  for (let at = pattern.starts[i]!; at < pattern.starts[i + 1]!; at += 1) {
    row[place[pattern.indices[at]!]!] = values[at]!;
  }
}

function eliminate(k: number, { lower, upper, left, right, pivots }: Factors, row: Float64Array): void {
  for (let at = lower.starts[k]!; at < lower.starts[k + 1]!; at += 1) {
    const j = lower.indices[at]!;
    const factor = row[j]! / pivots[j]!;
    left[at] = factor;
    if (factor === 0) continue;
    for (let to = upper.starts[j]!; to < upper.starts[j + 1]!; to += 1) {
      row[upper.indices[to]!]! -= factor * right[to]!;
    }
  }
  for (let at = upper.starts[k]!; at < upper.starts[k + 1]!; at += 1) right[at] = row[upper.indices[at]!]!;
}

function substitute(
  { order, lower, upper, left, right, pivots }: Factors,
  sides: Float64Array,
  columns: number,
): void {
  for (let k = 0; k < order.length; k += 1) {
    const to = order[k]! * columns;
    for (let at = lower.starts[k]!; at < lower.starts[k + 1]!; at += 1) {
      subtract(sides, to, order[lower.indices[at]!]! * columns, left[at]!, columns);
    }
  }
  for (let k = order.length - 1; k >= 0; k -= 1) {
    const to = order[k]! * columns;
    for (let at = upper.starts[k]!; at < upper.starts[k + 1]!; at += 1) {
      subtract(sides, to, order[upper.indices[at]!]! * columns, right[at]!, columns);
    }
    divide(sides, to, pivots[k]!, columns);
  }
}

function substituteTransposed(
  { order, lower, upper, left, right, pivots }: Factors,
  sides: Float64Array,
  columns: number,
): void {
  for (let k = 0; k < order.length; k += 1) {
    const from = order[k]! * columns;
    divide(sides, from, pivots[k]!, columns);
    for (let at = upper.starts[k]!; at < upper.starts[k + 1]!; at += 1) {
      subtract(sides, order[upper.indices[at]!]! * columns, from, right[at]!, columns);
    }
  }
  for (let k = order.length - 1; k >= 0; k -= 1) {
    const from = order[k]! * columns;
    for (let at = lower.starts[k]!; at < lower.starts[k + 1]!; at += 1) {
      subtract(sides, order[lower.indices[at]!]! * columns, from, left[at]!, columns);
    }
  }
}

function subtract(sides: Float64Array, to: number, from: number, factor: number, columns: number): void {
  if (factor === 0) return;
  for (let c = 0; c < columns; c += 1) sides[to + c]! -= factor * sides[from + c]!;
}

function divide(sides: Float64Array, at: number, pivot: number, columns: number): void {
  for (let c = 0; c < columns; c += 1) sides[at + c]! /= pivot;
}
