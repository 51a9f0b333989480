import { DomainError, type Interval } from '#core';
import type { Windows } from '#learning';
import type { MeterSeries } from '#metering';
import { requireSoundShape } from './config.ts';
import { runLengths, standardisedDeviations } from './deviations.ts';
import type { Epochs } from './epochs.ts';
import {
  type InputRow,
  type InputShape,
  inputCount,
  inputRows,
  inputScales,
  issuesIn,
  NO_INPUTS,
  type SiteInputs,
} from './inputs.ts';

/** In standardised units less the last value of x. */
export interface SiteWindows {
  readonly train: Windows;
  readonly validation: Windows;
}

/** Rows at these issue positions whose window is whole, and whose inputs are. */
function cut(
  deviations: Float64Array,
  issues: readonly number[],
  shape: InputShape,
  inputsAt: InputRow | null,
): Windows {
  const { lookback, horizon } = shape;
  const width = lookback + (inputsAt ? inputCount(shape) : 0);
  // A list that grows would end the process where the rows of a long history do not fit.
  const x = new Float32Array(issues.length * width);
  const y = new Float32Array(issues.length * horizon);
  let rows = 0;
  for (const t of issues) {
    const last = deviations[t - 1]!;
    const inputs = inputsAt?.(t, last) ?? [];
    if (inputs.some(Number.isNaN)) continue;
    for (let j = 0; j < lookback; j += 1) x[rows * width + j] = deviations[t - lookback + j]! - last;
    x.set(inputs, rows * width + lookback);
    for (let h = 0; h < horizon; h += 1) y[rows * horizon + h] = deviations[t + h]! - last;
    rows += 1;
  }
  return { x: x.subarray(0, rows * width), y: y.subarray(0, rows * horizon), rows };
}

/**
 * The rows that `siteMoments` sums, for models that are trained step by step: the same scale and profile, the same windows and
 * inputs behind them, every `stride` steps from the first of a part on. Nothing at or after validation.endMs is read, but of
 * columns known ahead. The last column of the look-back is zero.
 * @throws RIDGE_CONFIG_INVALID, STRIDE_INVALID, RESOLUTION_OTHER, STEP_MISALIGNED, PROFILE_EMPTY
 */
export function siteWindows(
  series: MeterSeries,
  zone: string,
  epochs: Epochs,
  shape: InputShape,
  { stride, inputs = NO_INPUTS }: { readonly stride: number; readonly inputs?: SiteInputs },
): SiteWindows {
  requireSoundShape(shape);
  if (!Number.isSafeInteger(stride) || stride < 1) {
    throw new DomainError('STRIDE_INVALID', `expected a stride of whole steps, at least 1, got ${stride}`);
  }
  const { values, position } = standardisedDeviations(series, zone, epochs, shape);
  const runs = runLengths(values);
  const { lookback, horizon } = shape;
  const whole = (t: number) => runs[t + horizon - 1]! >= lookback + horizon;
  const grid = { startMs: epochs.train.startMs, resolutionMs: series.resolutionMs };
  const inputsAt = shape.inputs
    ? inputRows(grid, zone, shape, inputs, inputScales(inputs, epochs.train, shape))
    : null;
  const part = (range: Interval) =>
    cut(values, issuesIn(range, zone, shape, position, stride).filter(whole), shape, inputsAt);
  return { train: part(epochs.train), validation: part(epochs.validation) };
}
