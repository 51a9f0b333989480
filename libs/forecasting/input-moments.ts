import type { Interval } from '#core';
import type { MeterSeries } from '#metering';
import type { RidgeModelConfig } from './config.ts';
import { runLengths, standardisedDeviations } from './deviations.ts';
import type { Epochs } from './epochs.ts';
import { inputCount, inputRows, inputScales, issuesIn, type SiteInputs } from './inputs.ts';

/**
 * `siteMoments` of windows with inputs: a row is [x | u | y], x the lookback − 1 deviations less the last one, u the inputs, y the
 * horizon's deviations less the last one of x. It counts where its target lies wholly in the part and nothing of it is missing.
 * No recursion along diagonals here: every row is added for itself.
 * @throws RESOLUTION_OTHER, STEP_MISALIGNED, PROFILE_EMPTY
 */
export function inputMoments(
  series: MeterSeries,
  zone: string,
  epochs: Epochs,
  config: RidgeModelConfig,
  inputs: SiteInputs,
): Float64Array {
  const { values, position } = standardisedDeviations(series, zone, epochs, config);
  const { lookback, horizon } = config;
  const runs = runLengths(values);
  const grid = { startMs: epochs.train.startMs, resolutionMs: series.resolutionMs };
  const inputsAt = inputRows(grid, zone, config, inputs, inputScales(inputs, epochs.train, config));
  const complete = (t: number) => runs[t + horizon - 1]! >= lookback + horizon;
  const rowAt = (t: number): Float64Array => {
    const last = values[t - 1]!;
    const less = (value: number) => value - last;
    return Float64Array.of(
      ...values.subarray(t - lookback, t - 1).map(less),
      ...inputsAt(t, last),
      ...values.subarray(t, t + horizon).map(less),
    );
  };
  const part = (range: Interval) =>
    packedMoments(issuesIn(range, zone, config, position).filter(complete), rowAt, config);
  const [train, validation] = [part(epochs.train), part(epochs.validation)];
  const vector = new Float64Array(train.length + validation.length);
  vector.set(train);
  vector.set(validation, train.length);
  return vector;
}

/** [upper triangle of G, row by row | B | ΣY² | rows] of the rows that are whole. */
function packedMoments(
  issues: readonly number[],
  rowAt: (t: number) => Float64Array,
  config: RidgeModelConfig,
): Float64Array {
  const { lookback, horizon } = config;
  const p = lookback - 1 + inputCount(config);
  const width = p + horizon;
  const sums = new Float64Array(p * width);
  let [targetSquares, rows] = [0, 0];
  for (const t of issues) {
    const row = rowAt(t);
    if (row.some(Number.isNaN)) continue;
    rows += 1;
    addProducts(sums, row, p);
    for (let h = p; h < width; h += 1) targetSquares += row[h]! ** 2;
  }
  const rowsOf = Array.from({ length: p }, (_, i) => sums.subarray(i * width, (i + 1) * width));
  return Float64Array.from([
    ...rowsOf.flatMap((row, i) => [...row.subarray(i, p)]),
    ...rowsOf.flatMap((row) => [...row.subarray(p)]),
    targetSquares,
    rows,
  ]);
}

/** Adds row_i · row_j for i < p and j ≥ i. */
function addProducts(sums: Float64Array, row: Float64Array, p: number): void {
  const width = row.length;
  for (let i = 0; i < p; i += 1) {
    const factor = row[i]!;
    if (factor === 0) continue;
    for (let j = i; j < width; j += 1) sums[i * width + j]! += factor * row[j]!;
  }
}
