/*
 * A check of the method against a published figure: ordinary least squares of Toner & Darlow, "An analysis of linear time series
 * forecasting models" (ICML 2024): one linear map with an intercept for all channels, values standardised on the training part,
 * no last value and no cycle removed, no penalty, fitted on the training part alone. ETTh1, look-back 720, horizon 336: 0.448.
 */
import { positionOf, solveRidge } from '#forecasting';
import type { NamedSet } from './data-sets.ts';

const PUBLISHED_MSE = 0.448;
/** What an independent computation gives to four digits, and how far ours may be from it. */
const EXPECTED_MSE = 0.4477;
const TOLERANCE = 0.0005;

/** Sums over windows of L values, a one, and the H after them. */
interface WindowSums {
  readonly rows: number;
  /** (L + 1) × (L + 1): of the values and the one. */
  readonly gram: Float64Array;
  /** (L + 1) × H. */
  readonly cross: Float64Array;
  readonly targetSquares: number;
}

export interface LeastSquaresCheck {
  readonly mse: number;
  readonly published: number;
  /** Whether `mse` is the figure expected. */
  readonly agrees: boolean;
  readonly seconds: number;
}

export function checkLeastSquares(
  { series, days }: NamedSet,
  lookback: number,
  horizon: number,
): LeastSquaresCheck {
  const started = performance.now();
  const sumsOf = (range: { readonly startMs: number; readonly endMs: number }, lead: number) =>
    series
      .map((one) => {
        const [from, to] = [positionOf(one, range.startMs), positionOf(one, range.endMs)];
        const [first, end] = [positionOf(one, days.train.startMs), positionOf(one, days.train.endMs)];
        const values = standardised(one.values.subarray(from - lead, to), one.values.subarray(first, end));
        return windowSums(values, lookback, horizon);
      })
      .reduce(added);
  const train = sumsOf(days.train, 0);
  const weights = solveRidge(train.gram, new Float64Array(lookback + 1), train.cross, lookback + 1);
  const mse = meanSquaredError(weights, sumsOf(days.test, lookback), lookback + 1, horizon);
  return {
    mse,
    published: PUBLISHED_MSE,
    agrees: Math.abs(mse - EXPECTED_MSE) <= TOLERANCE,
    seconds: (performance.now() - started) / 1_000,
  };
}

function standardised(values: Float64Array, by: Float64Array): Float64Array {
  const mean = by.reduce((sum, value) => sum + value, 0) / by.length;
  const deviation = Math.sqrt(by.reduce((sum, value) => sum + (value - mean) ** 2, 0) / by.length);
  return values.map((value) => (value - mean) / deviation);
}

/** Along a diagonal each sum is the one before it less the pair that leaves and plus the pair that enters. */
function windowSums(z: Float64Array, lookback: number, horizon: number): WindowSums {
  const rows = z.length - lookback - horizon + 1;
  const order = lookback + horizon;
  const [p, gram, cross] = [
    lookback + 1,
    new Float64Array((lookback + 1) ** 2),
    new Float64Array((lookback + 1) * horizon),
  ];
  let targetSquares = 0;
  const put = (i: number, j: number, sum: number) => {
    if (j < lookback) gram[i * p + j] = gram[j * p + i] = sum;
    else if (i < lookback) cross[i * horizon + j - lookback] = sum;
    else if (i === j) targetSquares += sum;
  };
  for (let lag = 0; lag < order; lag += 1) {
    let sum = 0;
    for (let t = 0; t < rows; t += 1) sum += z[t]! * z[t + lag]!;
    for (let i = 0; i + lag < order; i += 1) {
      put(i, i + lag, sum);
      sum += z[i + rows]! * (z[i + rows + lag] ?? 0) - z[i]! * z[i + lag]!;
    }
  }
  let sum = z.subarray(0, rows).reduce((a, b) => a + b, 0);
  for (let i = 0; i < order; i += 1) {
    if (i < lookback) gram[i * p + lookback] = gram[lookback * p + i] = sum;
    else cross[lookback * horizon + i - lookback] = sum;
    sum += (z[i + rows] ?? 0) - z[i]!;
  }
  gram[p * p - 1] = rows;
  return { rows, gram, cross, targetSquares };
}

const added = (a: WindowSums, b: WindowSums): WindowSums => ({
  rows: a.rows + b.rows,
  gram: a.gram.map((value, i) => value + b.gram[i]!),
  cross: a.cross.map((value, i) => value + b.cross[i]!),
  targetSquares: a.targetSquares + b.targetSquares,
});

/** Over every window behind `sums`: (ΣY² − 2·tr WᵀB + tr WᵀGW) / (rows·H). */
function meanSquaredError(
  weights: Float64Array,
  { rows, gram, cross, targetSquares }: WindowSums,
  p: number,
  horizon: number,
): number {
  let sum = targetSquares;
  for (let i = 0; i < p; i += 1) {
    const moved = new Float64Array(horizon);
    for (let k = 0; k < p; k += 1) {
      const g = gram[i * p + k]!;
      for (let h = 0; h < horizon; h += 1) moved[h]! += g * weights[k * horizon + h]!;
    }
    for (let h = 0; h < horizon; h += 1)
      sum += weights[i * horizon + h]! * (moved[h]! - 2 * cross[i * horizon + h]!);
  }
  return sum / (rows * horizon);
}
