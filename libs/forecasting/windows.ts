import { DomainError, type Interval } from '#core';
import type { Windows } from '#learning';
import type { MeterSeries } from '#metering';
import { requireSoundShape, type WindowShape } from './config.ts';
import { runLengths, standardisedDeviations } from './deviations.ts';
import type { Epochs } from './epochs.ts';

/** In standardised units less the last value of x. */
export interface SiteWindows {
  readonly train: Windows;
  readonly validation: Windows;
}

/** Issue positions in [from, to) whose whole window is present, `stride` apart or more. */
function positions(
  runs: Uint32Array,
  from: number,
  to: number,
  shape: WindowShape,
  stride: number,
): number[] {
  const { lookback, horizon } = shape;
  const found: number[] = [];
  for (let t = Math.max(from, lookback); t + horizon <= to; t += stride) {
    if (runs[t + horizon - 1]! >= lookback + horizon) found.push(t);
  }
  return found;
}

function cut(
  deviations: Float64Array,
  issues: readonly number[],
  { lookback, horizon }: WindowShape,
): Windows {
  const rows = issues.length;
  const x = new Float32Array(rows * lookback);
  const y = new Float32Array(rows * horizon);
  for (const [r, t] of issues.entries()) {
    const last = deviations[t - 1]!;
    for (let j = 0; j < lookback; j += 1) x[r * lookback + j] = deviations[t - lookback + j]! - last;
    for (let h = 0; h < horizon; h += 1) y[r * horizon + h] = deviations[t + h]! - last;
  }
  return { x, y, rows };
}

/**
 * The rows that `siteMoments` sums, for models that are trained step by step: the same scale and profile, the same windows,
 * every `stride` steps from the first of a part on. Nothing at or after validation.endMs is read. The last column of x is zero.
 * @throws RIDGE_CONFIG_INVALID, STRIDE_INVALID, RESOLUTION_OTHER, STEP_MISALIGNED, PROFILE_EMPTY
 */
export function siteWindows(
  series: MeterSeries,
  zone: string,
  epochs: Epochs,
  shape: WindowShape,
  stride: number,
): SiteWindows {
  requireSoundShape(shape);
  if (!Number.isSafeInteger(stride) || stride < 1) {
    throw new DomainError('STRIDE_INVALID', `expected a stride of whole steps, at least 1, got ${stride}`);
  }
  const { values, position } = standardisedDeviations(series, zone, epochs, shape);
  const runs = runLengths(values);
  const part = ({ startMs, endMs }: Interval) =>
    cut(values, positions(runs, position(startMs), position(endMs), shape, stride), shape);
  return { train: part(epochs.train), validation: part(epochs.validation) };
}
