import { backend } from './backend.ts';
import {
  type Evaluation,
  type NetworkTerms,
  requireWeights,
  requireWindows,
  sliceRows,
  type Windows,
  windowWidth,
} from '#learning';

/** Rows a forward pass takes at a time: memory stays bounded whatever the number of windows. */
const ROWS_AT_A_TIME = 1024;

/**
 * The model's answers, row by row, rows × horizon in standardised units less the last value, as the targets are.
 * `x` is rows × (lookback + covariates). @throws NETWORK_TERMS_INVALID, WEIGHTS_LENGTH, WINDOWS_LENGTH
 */
export async function predict(
  network: NetworkTerms,
  weights: Float32Array,
  x: Float32Array,
): Promise<Float32Array> {
  requireWeights(network, weights);
  const rows = x.length / windowWidth(network);
  const y = new Float32Array(Math.ceil(rows) * network.horizon);
  requireWindows(network, { x, y, rows: Math.ceil(rows) });
  await backend();
  const { outputsOf } = await import('./passes.ts');
  for (let from = 0; from < rows; from += ROWS_AT_A_TIME) {
    const part = sliceRows({ x, y, rows }, network, from, Math.min(ROWS_AT_A_TIME, rows - from));
    part.y.set(outputsOf(network, weights, part.x, part.rows));
  }
  return y;
}

/** Sums of the model's errors on `windows`. @throws NETWORK_TERMS_INVALID, WEIGHTS_LENGTH, WINDOWS_LENGTH */
export async function evaluate(
  network: NetworkTerms,
  weights: Float32Array,
  windows: Windows,
): Promise<Evaluation> {
  requireWindows(network, windows);
  const forecasts = await predict(network, weights, windows.x);
  let [squaredError, absoluteError] = [0, 0];
  for (let i = 0; i < forecasts.length; i += 1) {
    const error = windows.y[i]! - forecasts[i]!;
    squaredError += error * error;
    absoluteError += Math.abs(error);
  }
  return { squaredError, absoluteError, rows: windows.rows };
}

/** Mean squared error a value; NaN without rows. */
export const meanSquaredError = ({ squaredError, rows }: Evaluation, { horizon }: NetworkTerms): number =>
  squaredError / (rows * horizon);
