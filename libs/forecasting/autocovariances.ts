import { DomainError } from '#core';
import type { MeterSeries } from '#metering';
import { type RidgeModelConfig, requireSoundConfig, type WindowShape } from './config.ts';
import { DEVIATION_LIMIT, standardisedDeviations } from './deviations.ts';
import type { Epochs } from './epochs.ts';
import { laggedSums } from './fft.ts';
import { featureCount, type Moments, type SplitMoments } from './moments.ts';

/*
 * The second moments of windows from the autocovariances of the series they are cut from: L + H numbers a part instead of
 * L²/2 + L·H, so that one ciphertext holds what a site has to say. For a stationary series the covariance of two values of a
 * window depends on their distance alone; what is lost against the windows' own moments are their edges.
 */

/** Lags 0 … L + H − 1, and the number of values behind them. */
const partCount = ({ lookback, horizon }: WindowShape): number => lookback + horizon + 1;

/** Length of the vector a site sends: 386 for 168 → 24. */
export const autocovarianceCount = (config: RidgeModelConfig): number => 2 * partCount(config);

/** Largest absolute value any entry of one site's vector can take with at most `steps` values a part: |r(k)| ≤ r(0), and a variance is below the mean square. */
export const autocovarianceBound = (_config: RidgeModelConfig, steps: number): number =>
  Math.max(1, steps) * DEVIATION_LIMIT ** 2;

/**
 * The vector a site contributes: for the training part, then for the validation part with the look-back before it,
 * [Σ_t z_t z_{t+k} for k < L + H | values present]. Added over sites, entry by entry, it is the vector of all series together.
 *
 * z: standardised deviations from the site's own profile, as in `siteMoments`, less their mean over the part; a missing value is
 * taken as that mean, which keeps every such vector that of a series and its Toeplitz matrix positive semidefinite. A part with
 * fewer values than one window has is zero.
 * @throws RIDGE_CONFIG_INVALID, RESOLUTION_OTHER, STEP_MISALIGNED, PROFILE_EMPTY
 */
export function siteAutocovariances(
  series: MeterSeries,
  zone: string,
  epochs: Epochs,
  config: RidgeModelConfig,
): Float64Array {
  requireSoundConfig(config);
  const { train, validation } = epochs;
  const { values, position } = standardisedDeviations(series, zone, epochs, config);
  const [split, from] = [position(train.endMs), position(validation.startMs)];
  const parts = [values.subarray(0, split), values.subarray(Math.max(0, from - config.lookback))];
  const out = new Float64Array(autocovarianceCount(config));
  for (const [k, part] of parts.entries()) out.set(packPart(part, config), k * partCount(config));
  return out;
}

function packPart(deviations: Float64Array, config: RidgeModelConfig): Float64Array {
  const size = partCount(config);
  const present = deviations.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  const part = new Float64Array(size);
  if (present < size - 1) return part;
  // Its level cancels in windows less their last value; here it would come back through the edges.
  const level = deviations.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0) / present;
  const filled = deviations.map((value) => (Number.isNaN(value) ? 0 : value - level));
  part.set(laggedSums(filled, size - 1));
  part[size - 1] = present;
  return part;
}

/**
 * A sum of `siteAutocovariances` vectors as the moments of windows: R = Toeplitz(r) of order L + H, and with "the last value
 * of x subtracted" M = A R Aᵀ, A = I − 1·e_Lᵀ, so M_ij = r|i−j| − r|i−L| − r|L−j| + r₀; G and B are its blocks. Every lag has
 * the same weight, whatever its number of pairs: that keeps R positive semidefinite.
 * @throws MOMENTS_LENGTH, MOMENTS_NOT_FINITE
 */
export function unpackAutocovariances(flat: Float64Array, config: RidgeModelConfig): SplitMoments {
  requireSoundConfig(config);
  const expected = autocovarianceCount(config);
  if (flat.length !== expected) {
    throw new DomainError(
      'MOMENTS_LENGTH',
      `expected ${expected} autocovariances, got ${flat.length}`,
      'invalid',
      { expected, got: flat.length },
    );
  }
  if (!flat.every(Number.isFinite))
    throw new DomainError('MOMENTS_NOT_FINITE', 'expected finite autocovariances');
  const part = (k: number) =>
    momentsOf(flat.subarray(k * partCount(config), (k + 1) * partCount(config)), config);
  return { train: part(0), validation: part(1) };
}

function momentsOf(part: Float64Array, config: RidgeModelConfig): Moments {
  const { lookback, horizon } = config;
  const p = featureCount(config);
  const last = lookback - 1;
  const at = (i: number, j: number) =>
    part[Math.abs(i - j)]! - part[Math.abs(i - last)]! - part[Math.abs(last - j)]! + part[0]!;
  const gram = new Float64Array(p * p);
  const cross = new Float64Array(p * horizon);
  let targetSquares = 0;
  for (let i = 0; i < p; i += 1) {
    for (let j = 0; j < p; j += 1) gram[i * p + j] = at(i, j);
    for (let h = 0; h < horizon; h += 1) cross[i * horizon + h] = at(i, lookback + h);
  }
  for (let h = 0; h < horizon; h += 1) targetSquares += at(lookback + h, lookback + h);
  return { gram, cross, targetSquares, rows: part.at(-1)! };
}

/**
 * The same sum for a shorter horizon: its lags are among those of the longer one, so one message serves every horizon up to it.
 * @throws RIDGE_CONFIG_INVALID for a longer one
 */
export function narrowAutocovariances(
  flat: Float64Array,
  config: RidgeModelConfig,
  horizon: number,
): Float64Array {
  if (!(horizon >= 1 && horizon <= config.horizon)) {
    throw new DomainError(
      'RIDGE_CONFIG_INVALID',
      `expected a horizon from 1 to ${config.horizon} steps, got ${horizon}`,
    );
  }
  const [from, to] = [partCount(config), partCount({ ...config, horizon })];
  const part = (k: number) => [...flat.slice(k * from, k * from + to - 1), flat[(k + 1) * from - 1]!];
  return Float64Array.of(...part(0), ...part(1));
}
