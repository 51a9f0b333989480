import type { MeterSeries } from '#metering';
import type { WindowShape } from './config.ts';
import type { Epochs } from './epochs.ts';
import { fitProfile, profileAt } from './profile.ts';
import { positionOf, requireSteps } from './series.ts';

/**
 * Standardised deviations are cut at ± this many standard deviations, so that a bound on every sum is known before anyone
 * has seen data and one broken meter cannot drown the others. Twelve real homes stay below 8.
 */
export const DEVIATION_LIMIT = 20;

/** A site's series of both parts, in its own terms. */
export interface Deviations {
  /** From the site's own cycle, in standard deviations of the training part; NaN where nothing was read. */
  readonly values: Float64Array;
  /** Position in `values` of the step that begins at an instant. */
  readonly position: (atMs: number) => number;
}

/**
 * Standardised deviations over [train.startMs, validation.endMs), cut at ± DEVIATION_LIMIT.
 * @throws RESOLUTION_OTHER, STEP_MISALIGNED, PROFILE_EMPTY
 */
export function standardisedDeviations(
  series: MeterSeries,
  zone: string,
  { train, validation }: Epochs,
  shape: WindowShape,
): Deviations {
  requireSteps(series, shape);
  const profile = fitProfile(series, zone, train, shape.cycle);
  const first = positionOf(series, train.startMs);
  const position = (atMs: number) => positionOf(series, atMs) - first;
  const values = Float64Array.from({ length: position(validation.endMs) }, (_, i) => {
    const value = series.values[first + i] ?? Number.NaN;
    const deviation = (value - profileAt(profile, zone, series, first + i)) / profile.scaleKwh;
    return Math.max(-DEVIATION_LIMIT, Math.min(DEVIATION_LIMIT, deviation));
  });
  return { values, position };
}

/** For each position, how many values up to and including it are present without a gap. */
export function runLengths(values: Float64Array): Uint32Array {
  const runs = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i += 1) runs[i] = Number.isNaN(values[i]) ? 0 : (runs[i - 1] ?? 0) + 1;
  return runs;
}
