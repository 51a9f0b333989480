import { DomainError, type SparseRows } from '#core';
import { packed, type SymmetricPattern } from './elimination.ts';
import { sparseLu } from './sparse-lu.ts';

/** minimise ½ Σ_k weight_k (x_k − target_k)², A x = 0, lower ≤ x ≤ upper; weights above 0, infinite bounds are none. */
export interface BoundedLeastSquares {
  readonly target: Float64Array;
  readonly weight: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface LeastSquaresSolution {
  readonly x: Float64Array;
  readonly iterations: number;
  /** Largest |A x|. */
  readonly residual: number;
}

const MAX_ITERATIONS = 200;
/** Of the largest target: what may be left of A x; and what is rounding where steps no longer make it less. */
const TOLERANCE = 1e-13;
const ROUNDING = 1e-8;
/** A column at its bound counts this much of a free one: Newton's matrix stays regular where all columns of a row are. */
const AT_BOUND = 1e-8;

/**
 * Solves programs under one A by Newton's method on their dual (Li & Swetits 1997; Qi & Sun 1993 for its convergence):
 * x(λ) = clip(target − Aᵀλ / weight), and λ maximises a concave, piecewise quadratic function whose gradient is A x(λ) and
 * whose second derivative is −A diag(1 / weight, free columns only) Aᵀ, sparse as the network is. A step ends where that
 * gradient along it vanishes, so that the dual rises in every step and the last step is exact.
 * @throws BALANCE_INFEASIBLE where no x within the bounds has A x = 0
 */
export function leastSquaresUnder(
  matrix: SparseRows,
  columns: number,
): (program: BoundedLeastSquares) => LeastSquaresSolution {
  const rows = matrix.starts.length - 1;
  const byColumn = transposed(matrix, columns);
  const normal = normalEquations(byColumn, rows);
  const lu = sparseLu(normal.pattern);
  const [multipliers, gradient, step, trial] = Array.from({ length: 4 }, () => new Float64Array(rows));
  return (program) => {
    const x = new Float64Array(columns);
    const scale = program.target.reduce((most, each) => Math.max(most, Math.abs(each)), 1);
    let before = Infinity;
    multipliers!.fill(0);
    for (let iteration = 0; iteration <= MAX_ITERATIONS; iteration += 1) {
      evaluate(program, byColumn, multipliers!, x, gradient!);
      const residual = gradient!.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
      const isRounding = residual <= ROUNDING * scale && residual > before / 2;
      if (isRounding || residual <= TOLERANCE * scale) return { x, iterations: iteration, residual };
      before = residual;
      normal.assemble(program, x);
      lu.factorize(normal.diagonal, normal.values, Number.EPSILON);
      step!.set(gradient!);
      lu.solve(step!, 1);
      const along = (length: number): number => {
        for (let i = 0; i < rows; i += 1) trial![i] = multipliers![i]! + length * step![i]!;
        evaluate(program, byColumn, trial!, x, gradient!);
        return dot(step!, gradient!);
      };
      const length = stepLength(along, dot(step!, gradient!));
      for (let i = 0; i < rows; i += 1) multipliers![i]! += length * step![i]!;
    }
    throw new DomainError(
      'BALANCE_INFEASIBLE',
      'expected data that can be balanced within their bounds, got none',
    );
  };
}

interface ByColumn extends SymmetricPattern {
  readonly values: Float64Array;
}

function transposed({ starts, indices, values }: SparseRows, columns: number): ByColumn {
  const rowsOf: number[][] = Array.from({ length: columns }, () => []);
  const valuesOf: number[][] = Array.from({ length: columns }, () => []);
  for (let row = 0; row < starts.length - 1; row += 1) {
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      rowsOf[indices[at]!]!.push(row);
      valuesOf[indices[at]!]!.push(values[at]!);
    }
  }
  return { ...packed(rowsOf), values: Float64Array.from(valuesOf.flat()) };
}

/** x(λ) and A x(λ). */
function evaluate(
  { target, weight, lower, upper }: BoundedLeastSquares,
  { starts, indices, values }: ByColumn,
  multipliers: Float64Array,
  x: Float64Array,
  gradient: Float64Array,
): void {
  gradient.fill(0);
  for (let k = 0; k < x.length; k += 1) {
    let price = 0;
    for (let at = starts[k]!; at < starts[k + 1]!; at += 1) price += values[at]! * multipliers[indices[at]!]!;
    const value = Math.min(upper[k]!, Math.max(lower[k]!, target[k]! - price / weight[k]!));
    x[k] = value;
    for (let at = starts[k]!; at < starts[k + 1]!; at += 1) gradient[indices[at]!]! += values[at]! * value;
  }
}

interface NormalEquations {
  readonly pattern: SymmetricPattern;
  readonly diagonal: Float64Array;
  readonly values: Float64Array;
  /** A diag(1 / weight) Aᵀ of the columns that are free at x. */
  assemble(program: BoundedLeastSquares, x: Float64Array): void;
}

function normalEquations({ starts, indices, values }: ByColumn, rows: number): NormalEquations {
  const columns = starts.length - 1;
  const neighbours = Array.from({ length: rows }, () => new Set<number>());
  const pairs: { column: number; i: number; j: number; product: number }[] = [];
  for (let column = 0; column < columns; column += 1) {
    for (let a = starts[column]!; a < starts[column + 1]!; a += 1) {
      for (let b = starts[column]!; b < starts[column + 1]!; b += 1) {
        const [i, j] = [indices[a]!, indices[b]!];
        if (i !== j) neighbours[i]!.add(j);
        pairs.push({ column, i, j, product: values[a]! * values[b]! });
      }
    }
  }
  const pattern = packed(neighbours.map((set) => [...set].toSorted((a, b) => a - b)));
  const places = neighbours.map((_, i) => {
    const own = pattern.indices.subarray(pattern.starts[i], pattern.starts[i + 1]);
    return new Map([...own].map((j, at) => [j, pattern.starts[i]! + at]));
  });
  const diagonal = new Float64Array(rows);
  const entries = new Float64Array(pattern.indices.length);
  const pairColumn = Int32Array.from(pairs, ({ column }) => column);
  const pairProduct = Float64Array.from(pairs, ({ product }) => product);
  /** Below 0: the diagonal of row −1 − place. */
  const pairPlace = Int32Array.from(pairs, ({ i, j }) => (i === j ? -1 - i : places[i]!.get(j)!));
  return {
    pattern,
    diagonal,
    values: entries,
    assemble({ weight, lower, upper }, x) {
      diagonal.fill(0);
      entries.fill(0);
      for (let pair = 0; pair < pairColumn.length; pair += 1) {
        const k = pairColumn[pair]!;
        const free = x[k]! > lower[k]! && x[k]! < upper[k]!;
        const term = ((free ? 1 : AT_BOUND) * pairProduct[pair]!) / weight[k]!;
        const place = pairPlace[pair]!;
        if (place < 0) diagonal[-1 - place]! += term;
        else entries[place]! += term;
      }
    },
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** Below this share of its slope at the start a step is long enough. */
const FLAT = 0.1;
const MAX_HALVINGS = 100;

/** The whole step, unless the dual falls at its end: then to where its slope nearly vanishes. */
function stepLength(slopeAt: (length: number) => number, start: number): number {
  let [low, high] = [0, 1];
  if (slopeAt(1) >= -FLAT * start) return 1;
  for (let halving = 0; halving < MAX_HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    const slope = slopeAt(middle);
    if (Math.abs(slope) <= FLAT * start) return middle;
    if (slope > 0) low = middle;
    else high = middle;
  }
  return low;
}
