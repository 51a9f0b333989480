import { DomainError } from '#core';
import { solveRidge } from './cholesky.ts';
import type { Hierarchy } from './hierarchy.ts';

export const RECONCILIATION_METHODS = ['bottom-up', 'ols', 'wls', 'mint'] as const;
/**
 * What the errors of base forecasts are taken to be like. `bottom-up`: leaves are right, sums follow. `ols`: alike and unrelated.
 * `wls`: of each node's own variance, unrelated. `mint`: of their covariance, shrunk (minimum trace).
 */
export type ReconciliationMethod = (typeof RECONCILIATION_METHODS)[number];

/** A linear map that makes forecasts add up. */
export interface Reconciliation {
  /** W, m × m, row by row: covariance of the base errors, up to a factor. */
  readonly covariance: Float64Array;
  /** G, n × m, row by row: each leaf as a weighted sum of all base forecasts. */
  readonly weights: Float64Array;
  /** Of `mint`, between 0 (as measured) and 1 (`wls`). */
  readonly shrinkage?: number;
}

/**
 * The projection onto what adds up that has least error variance where base errors have covariance W: ỹ = S·G·ŷ with
 * G = J − J·W·U·(Uᵀ·W·U)⁻¹·Uᵀ, Uᵀ = (I, −C), J the leaves' rows of the identity (Wickramasuriya, Athanasopoulos & Hyndman, JASA 2019,
 * eq. 8 and 10). S·G·S = S whatever W: forecasts that add up stay as they are, unbiased ones unbiased. W may have zeros where it
 * must not move anything.
 * @throws COVARIANCE_SINGULAR where W leaves open how a sum's difference is to be shared
 */
export function projection(hierarchy: Hierarchy, covariance: Float64Array): Float64Array {
  const { sums, leaves } = hierarchy;
  const m = sums + leaves;
  const wu = timesDifferences(covariance, hierarchy);
  const weights = new Float64Array(leaves * m);
  for (let i = 0; i < leaves; i += 1) weights[i * m + sums + i] = 1;
  if (sums === 0) return weights;
  const uwu = timesDifferences(transposed(wu, sums), hierarchy);
  const shared = solved(uwu, differences(hierarchy), sums);
  for (let i = 0; i < leaves; i += 1) {
    for (let k = 0; k < sums; k += 1) {
      const share = wu[(sums + i) * sums + k]!;
      for (let j = 0; j < m; j += 1) weights[i * m + j]! -= share * shared[k * m + j]!;
    }
  }
  return weights;
}

/** A·U for A rows × m: of each row every sum's entry less those of the leaves that are part of it; rows × sums. */
function timesDifferences(matrix: Float64Array, { sums, leaves, parts }: Hierarchy): Float64Array {
  const m = sums + leaves;
  return Float64Array.from({ length: (matrix.length / m) * sums }, (_, at) => {
    const [row, k] = [Math.floor(at / sums) * m, at % sums];
    let value = matrix[row + k]!;
    for (let j = 0; j < leaves; j += 1) value -= parts[k * leaves + j]! * matrix[row + sums + j]!;
    return value;
  });
}

function transposed(matrix: Float64Array, columns: number): Float64Array {
  const rows = matrix.length / columns;
  return matrix.map((_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]!);
}

/** Uᵀ = (I, −C), sums × m: each sum less its parts, 0 where forecasts add up. */
function differences({ sums, leaves, parts }: Hierarchy): Float64Array {
  const m = sums + leaves;
  const ut = new Float64Array(sums * m);
  for (let k = 0; k < sums; k += 1) {
    ut[k * m + k] = 1;
    for (let j = 0; j < leaves; j += 1) ut[k * m + sums + j] = -parts[k * leaves + j]!;
  }
  return ut;
}

function solved(matrix: Float64Array, right: Float64Array, order: number): Float64Array {
  try {
    return solveRidge(matrix, new Float64Array(order), right, order);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(
      'COVARIANCE_SINGULAR',
      'expected errors that tell how each difference is to be shared, got none of some nodes or linearly dependent ones',
    );
  }
}

/** Base errors by node in the order of `ids`, each over the same instants. */
export type BaseErrors = readonly Float64Array[];

/**
 * The map of a method. `wls` and `mint` need errors of past base forecasts.
 * @throws RESIDUALS_NEEDED, RESIDUALS_TOO_FEW below three instants, COVARIANCE_SINGULAR
 */
export function reconciliation(
  hierarchy: Hierarchy,
  method: ReconciliationMethod,
  errors?: BaseErrors,
): Reconciliation {
  const { covariance, shrinkage } = covarianceOf(hierarchy, method, errors);
  const weights = projection(hierarchy, covariance);
  return { covariance, weights, ...(shrinkage === undefined ? {} : { shrinkage }) };
}

function covarianceOf(
  { sums, leaves }: Hierarchy,
  method: ReconciliationMethod,
  errors: BaseErrors | undefined,
): { covariance: Float64Array; shrinkage?: number } {
  const m = sums + leaves;
  if (method === 'bottom-up') return { covariance: diagonal(m, (i) => (i < sums ? 1 : 0)) };
  if (method === 'ols') return { covariance: diagonal(m, () => 1) };
  if (errors === undefined) {
    throw new DomainError('RESIDUALS_NEEDED', `expected past errors of every node for ${method}, got none`);
  }
  requireErrors(errors, m);
  if (method === 'mint') return shrunkCovariance(errors);
  return { covariance: diagonal(m, (i) => meanProduct(errors[i]!, errors[i]!)) };
}

const LEAST_INSTANTS = 3;

function requireErrors(errors: BaseErrors, nodes: number): void {
  const instants = errors[0]?.length ?? 0;
  if (
    errors.length !== nodes ||
    errors.some((of) => of.length !== instants || !of.every(Number.isFinite)) ||
    instants < LEAST_INSTANTS
  ) {
    throw new DomainError(
      'RESIDUALS_TOO_FEW',
      `expected ${LEAST_INSTANTS} or more finite errors of each of ${nodes} nodes, all over the same instants, got others`,
    );
  }
}

/** An m × m matrix with `value` on its diagonal. */
function diagonal(m: number, value: (i: number) => number): Float64Array {
  const matrix = new Float64Array(m * m);
  for (let i = 0; i < m; i += 1) matrix[i * m + i] = value(i);
  return matrix;
}

/** Σ a·b / T. */
const meanProduct = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, t) => sum + value * b[t]!, 0) / a.length;

/**
 * λ·diag Ŵ + (1 − λ)·Ŵ with Ŵ the mean of e·eᵀ and λ = Σ Var(r_ij) / Σ r_ij² over i ≠ j, cut to [0, 1] (Schäfer & Strimmer 2005, target D),
 * r the correlations. Positive definite where λ > 0 and no node is without error.
 */
export function shrunkCovariance(errors: BaseErrors): { covariance: Float64Array; shrinkage: number } {
  const m = errors.length;
  const instants = errors[0]!.length;
  const scale = errors.map((of) => Math.sqrt(meanProduct(of, of)) || 1);
  const standardised = errors.map((of, i) => of.map((error) => error / scale[i]!));
  const correlation = diagonal(m, (i) => meanProduct(standardised[i]!, standardised[i]!));
  let [variances, squares] = [0, 0];
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const products = standardised[i]!.map((value, t) => value * standardised[j]![t]!);
      const r = products.reduce((sum, value) => sum + value, 0) / instants;
      const spread = products.reduce((sum, value) => sum + (value - r) ** 2, 0);
      variances += spread / (instants * (instants - 1));
      squares += r * r;
      correlation[i * m + j] = r;
      correlation[j * m + i] = r;
    }
  }
  const shrinkage = squares === 0 ? 1 : Math.min(1, variances / squares);
  const covariance = correlation.map((r, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    return r * scale[i]! * scale[j]! * (i === j ? 1 : 1 - shrinkage);
  });
  return { covariance, shrinkage };
}

/** S·G·ŷ: base forecasts of one instant by node in the order of `ids`, made to add up; sums are those of the leaves exactly as added. */
export function reconcile(
  { sums, leaves, parts }: Hierarchy,
  weights: Float64Array,
  base: Float64Array,
): Float64Array {
  const m = sums + leaves;
  const coherent = new Float64Array(m);
  for (let i = 0; i < leaves; i += 1) {
    let value = 0;
    for (let j = 0; j < m; j += 1) value += weights[i * m + j]! * base[j]!;
    coherent[sums + i] = value;
  }
  for (let k = 0; k < sums; k += 1) {
    for (let j = 0; j < leaves; j += 1) coherent[k]! += parts[k * leaves + j]! * coherent[sums + j]!;
  }
  return coherent;
}
