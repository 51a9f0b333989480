import { DomainError } from './domain-error.ts';

/** A sparse matrix row by row: row i has `values[k]` in column `indices[k]` for starts[i] ≤ k < starts[i + 1]. */
export interface SparseRows {
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/**
 * A linear, mixed-integer or convex quadratic program as data:
 *
 *   minimise or maximise  offset + cᵀx + ½ xᵀHx
 *   subject to            rows.lower ≤ A x ≤ rows.upper,  columns.lower ≤ x ≤ columns.upper,  x_j integer where said
 *
 * Infinite bounds are ±Infinity, an equality has equal bounds. Arrays of `columns` have one entry a column, those of `rows`
 * one a row. Typed arrays throughout, so that a problem crosses to a thread by a structured clone.
 */
export interface LpProblem {
  readonly sense: 'minimize' | 'maximize';
  readonly offset: number;
  readonly columns: {
    readonly cost: Float64Array;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
    /** 1 where the column is an integer. Not together with a Hessian. */
    readonly integer?: Uint8Array;
  };
  readonly rows: { readonly lower: Float64Array; readonly upper: Float64Array };
  /** A; one sparse row a row. */
  readonly matrix: SparseRows;
  /** H, its upper triangle row by row (j ≥ i); positive semidefinite when minimising, negative when maximising. */
  readonly hessian?: SparseRows;
}

/** How a problem was solved: what a certificate records. */
export interface LpSolverRecord {
  readonly name: string;
  readonly version: string;
  /** Every option that was set, under the solver's own names. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly iterations: number;
}

/**
 * An optimal solution; anything else is an error of the solver (LP_INFEASIBLE, LP_UNBOUNDED, LP_TIME_OUT …).
 *
 * Signs, whatever the sense: `duals[i]` = d objective / d (the bound at which row i is active), `reducedCosts[j]` =
 * d objective / d (the bound at which column j is active); 0 where none is. So at the optimum of an LP
 * c = Aᵀ duals + reducedCosts, and with a Hessian c + H x = Aᵀ duals + reducedCosts.
 * With integer columns they are those of the program with the integers fixed at their optimal values.
 */
export interface LpSolution {
  readonly status: 'optimal';
  readonly objective: number;
  /** x, one a column. */
  readonly x: Float64Array;
  /** A x, one a row. */
  readonly activities: Float64Array;
  readonly duals: Float64Array;
  readonly reducedCosts: Float64Array;
  /** Only with integer columns: a bound no feasible point can beat, and the relative gap to it. */
  readonly mip?: { readonly bound: number; readonly gap: number };
  readonly solver: LpSolverRecord;
}

/** Where solves iterate, a pure function takes one of these. @throws LP_INFEASIBLE, LP_UNBOUNDED, LP_TIME_OUT and others of the engine */
export type LpSolve = (problem: LpProblem) => LpSolution;

export interface LpBounds {
  /** Default −∞ for a row, 0 for a column. */
  readonly lower?: number;
  /** Default +∞. */
  readonly upper?: number;
}

export interface LpColumn extends LpBounds {
  /** Coefficient in the objective, default 0. */
  readonly cost?: number;
  readonly integer?: boolean;
}

/** Collects columns and rows; numbers are handed out in the order of the calls, from 0. */
export interface LpBuilder {
  /** The number of the new column. */
  column(column: LpColumn): number;
  /** The number of the new row; coefficients of one column add up. */
  row(bounds: LpBounds, terms: readonly (readonly [column: number, coefficient: number])[]): number;
  /** Adds ½·(h x_i x_j + h x_j x_i) for i ≠ j and ½·h x_i² for i = j: `h` is the entry of H. */
  curvature(i: number, j: number, h: number): void;
  build(offset?: number): LpProblem;
}

export function lpBuilder(sense: LpProblem['sense']): LpBuilder {
  const columns = {
    cost: [] as number[],
    lower: [] as number[],
    upper: [] as number[],
    integer: [] as number[],
  };
  const rows = { lower: [] as number[], upper: [] as number[] };
  const terms: Map<number, number>[] = [];
  const curvatures: Map<number, number>[] = [];
  return {
    column({ cost = 0, lower = 0, upper = Infinity, integer = false }) {
      columns.lower.push(lower);
      columns.upper.push(upper);
      columns.integer.push(integer ? 1 : 0);
      return columns.cost.push(cost) - 1;
    },
    row({ lower = -Infinity, upper = Infinity }, coefficients) {
      const row = new Map<number, number>();
      for (const [column, value] of coefficients) row.set(column, (row.get(column) ?? 0) + value);
      rows.lower.push(lower);
      rows.upper.push(upper);
      return terms.push(row) - 1;
    },
    curvature(i, j, h) {
      const [first, second] = i < j ? [i, j] : [j, i];
      const row = (curvatures[first] ??= new Map());
      row.set(second, (row.get(second) ?? 0) + h);
    },
    build(offset = 0) {
      const count = columns.cost.length;
      return {
        sense,
        offset,
        columns: {
          cost: Float64Array.from(columns.cost),
          lower: Float64Array.from(columns.lower),
          upper: Float64Array.from(columns.upper),
          ...(columns.integer.includes(1) ? { integer: Uint8Array.from(columns.integer) } : {}),
        },
        rows: { lower: Float64Array.from(rows.lower), upper: Float64Array.from(rows.upper) },
        matrix: sparseRows(terms, terms.length),
        ...(curvatures.length > 0 ? { hessian: sparseRows(curvatures, count) } : {}),
      };
    },
  };
}

/** Rows as maps from column to value; a hole is an empty row. */
function sparseRows(rows: readonly (Map<number, number> | undefined)[], count: number): SparseRows {
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < count; i += 1) starts[i + 1] = starts[i]! + (rows[i]?.size ?? 0);
  const indices = new Int32Array(starts[count]!);
  const values = new Float64Array(starts[count]!);
  rows.forEach((row, i) => {
    const ordered = [...(row ?? [])].toSorted(([a], [b]) => a - b);
    ordered.forEach(([column, value], k) => {
      indices[starts[i]! + k] = column;
      values[starts[i]! + k] = value;
    });
  });
  return { starts, indices, values };
}

const MAX_LP_COLUMNS = 2_000_000;
const MAX_LP_ENTRIES = 20_000_000;

/** @throws LP_INVALID for data no program has, LP_TOO_LARGE past the limits, LP_INFEASIBLE for crossed bounds */
export function requireLpProblem({ offset, columns, rows, matrix, hessian }: LpProblem): void {
  const columnCount = columns.cost.length;
  const rowCount = rows.lower.length;
  requireSize(columnCount, rowCount, matrix.values.length + (hessian?.values.length ?? 0));
  requireFinite('cost', columns.cost);
  requireFinite('offset', Float64Array.of(offset));
  requireBounds('column', columns, columnCount);
  requireBounds('row', rows, rowCount);
  requireSparse('matrix', matrix, rowCount, columnCount);
  if (columns.integer !== undefined && columns.integer.length !== columnCount) {
    throw invalid(`${columnCount} integer marks`, columns.integer.length);
  }
  if (hessian !== undefined) requireHessian(hessian, columns);
}

const invalid = (expected: string, got: number | string): DomainError =>
  new DomainError('LP_INVALID', `expected ${expected}, got ${got}`);

function requireSize(columns: number, rows: number, entries: number): void {
  if (Math.max(columns, rows) > MAX_LP_COLUMNS || entries > MAX_LP_ENTRIES) {
    throw new DomainError(
      'LP_TOO_LARGE',
      `expected at most ${MAX_LP_COLUMNS} columns and rows and ${MAX_LP_ENTRIES} entries, got ${columns}, ${rows} and ${entries}`,
      'limit',
      { columns, rows, entries },
    );
  }
}

function requireFinite(what: string, values: Float64Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw invalid(`a finite ${what} at ${at}`, values[at]!);
}

function requireBounds(
  what: 'column' | 'row',
  { lower, upper }: { readonly lower: Float64Array; readonly upper: Float64Array },
  count: number,
): void {
  if (lower.length !== count || upper.length !== count) {
    throw invalid(`${count} lower and upper bounds of ${what}s`, `${lower.length} and ${upper.length}`);
  }
  for (let i = 0; i < count; i += 1) requireLpBounds(what, i, lower[i]!, upper[i]!);
}

/** @throws LP_INVALID, LP_INFEASIBLE for crossed bounds */
export function requireLpBounds(what: 'column' | 'row', at: number, lower: number, upper: number): void {
  if (Number.isNaN(lower) || Number.isNaN(upper) || lower === Infinity || upper === -Infinity) {
    throw invalid(`bounds of ${what} ${at}`, `${lower} and ${upper}`);
  }
  if (lower > upper) {
    throw new DomainError(
      'LP_INFEASIBLE',
      `expected the lower bound of ${what} ${at} at most its upper, got ${lower} and ${upper}`,
      'conflict',
      { [what]: at },
    );
  }
}

function requireSparse(
  what: string,
  { starts, indices, values }: SparseRows,
  rows: number,
  columns: number,
): void {
  if (starts.length !== rows + 1 || starts[0] !== 0 || starts[rows] !== values.length) {
    throw invalid(`starts of ${rows} rows of the ${what}`, starts.length);
  }
  if (indices.length !== values.length)
    throw invalid(`${values.length} indices of the ${what}`, indices.length);
  requireFinite(`entry of the ${what}`, values);
  for (let i = 0; i < rows; i += 1) {
    if (starts[i]! > starts[i + 1]!) throw invalid(`rising starts of the ${what} at ${i}`, starts[i + 1]!);
    if (!isRising(indices.subarray(starts[i], starts[i + 1]), columns)) {
      throw invalid(`rising column numbers below ${columns} in the ${what}`, `others in row ${i}`);
    }
  }
}

/** Strictly rising and below `end`. */
export const isRising = (indices: Int32Array, end: number): boolean =>
  indices.every((index, k) => index > (k === 0 ? -1 : indices[k - 1]!) && index < end);

function requireHessian(hessian: SparseRows, { cost, integer }: LpProblem['columns']): void {
  requireSparse('Hessian', hessian, cost.length, cost.length);
  if (integer?.includes(1) === true) throw invalid('no integer column beside a Hessian', 'one');
  for (let i = 0; i < cost.length; i += 1) {
    const first = hessian.indices[hessian.starts[i]!]!;
    if (hessian.starts[i]! < hessian.starts[i + 1]! && first < i) {
      throw invalid(`the upper triangle of the Hessian in row ${i}`, first);
    }
  }
}
