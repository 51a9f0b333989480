import { DomainError } from '#core';
import type { MeterSeries } from '#metering';
import { type RidgeModelConfig, requireSoundConfig } from './config.ts';
import { DEVIATION_LIMIT, runLengths, standardisedDeviations } from './deviations.ts';
import type { Epochs } from './epochs.ts';
import { inputMoments } from './input-moments.ts';
import { inputCount, NO_INPUTS, type SiteInputs } from './inputs.ts';

/** Second moments of the rows of one part, in standardised units: all that a ridge regression and its loss need. */
export interface Moments {
  /** G = XᵀX, p × p, symmetric, row by row, p = lookback − 1 and the inputs. */
  readonly gram: Float64Array;
  /** B = XᵀY, p × horizon, row by row. */
  readonly cross: Float64Array;
  /** ΣY² over rows and horizon. */
  readonly targetSquares: number;
  /** Rows (windows) summed. */
  readonly rows: number;
}

export interface SplitMoments {
  readonly train: Moments;
  readonly validation: Moments;
}

/** Columns of X: after the last value is subtracted its own column is zero and is left out; then those of inputs. */
export const featureCount = (config: RidgeModelConfig): number => config.lookback - 1 + inputCount(config);

const partCount = (config: RidgeModelConfig): number => {
  const p = featureCount(config);
  return (p * (p + 1)) / 2 + p * config.horizon + 2;
};

/** Length of the vector a site sends: 36 076 for 168 → 24. */
export const momentCount = (config: RidgeModelConfig): number => 2 * partCount(config);

/**
 * Largest absolute value any entry of one site's vector can take with at most `rows` windows a part. With 8 760 rows
 * and 24 hours it is below 2^29: a lane of 54 bits keeps 25 bits of fraction.
 */
export const momentBound = (config: RidgeModelConfig, rows: number): number =>
  Math.max(1, rows) * config.horizon * (2 * DEVIATION_LIMIT) ** 2;

/** Σ z_i z_j over windows, width × width with the upper triangle filled, and how many there were. */
interface Products {
  readonly sums: Float64Array;
  readonly width: number;
  rows: number;
}

/**
 * Adds Σ_t z_{t+i} z_{t+j} over the windows that begin at `first` … `last`. The next pair along a diagonal is that of windows one
 * step later, so C_{i+1,j+1} = C_ij − z_{first+i} z_{first+j} + z_{last+1+i} z_{last+1+j}: only the first row is summed over the windows.
 */
function addRun({ sums, width }: Products, z: Float64Array, first: number, last: number): void {
  for (let lag = 0; lag < width; lag += 1) {
    let sum = 0;
    for (let t = first; t <= last; t += 1) sum += z[t]! * z[t + lag]!;
    sums[lag]! += sum;
    for (let i = 0; i + lag + 1 < width; i += 1) {
      const j = i + lag;
      sum += z[last + 1 + i]! * z[last + 1 + j]! - z[first + i]! * z[first + j]!;
      sums[(i + 1) * width + j + 1]! += sum;
    }
  }
}

/** Products over the windows whose target lies wholly within [from, to) and whose L + H values are all present. */
function sumPart(deviations: Float64Array, from: number, to: number, config: RidgeModelConfig): Products {
  const { lookback, horizon } = config;
  const width = lookback + horizon;
  const runs = runLengths(deviations);
  const products: Products = { sums: new Float64Array(width * width), width, rows: 0 };
  const complete = (t: number) => t + horizon <= to && runs[t + horizon - 1]! >= width;
  for (let t = Math.max(from, lookback); t + horizon <= to; t += 1) {
    if (!complete(t)) continue;
    const first = t;
    while (complete(t + 1)) t += 1;
    products.rows += t - first + 1;
    addRun(products, deviations, first - lookback, t - lookback);
  }
  return products;
}

/** Writes one part at `offset`, the last value of x subtracted from all others: upper triangle of G row by row, B row by row, ΣY², rows. */
function packPart({ sums, width, rows }: Products, out: Float64Array, offset: number, p: number): void {
  const c = (i: number, j: number) => sums[Math.min(i, j) * width + Math.max(i, j)]!;
  const less = (i: number, j: number) => c(i, j) - c(i, p) - c(p, j) + c(p, p);
  let at = offset;
  for (let i = 0; i < p; i += 1) for (let j = i; j < p; j += 1) out[at++] = less(i, j);
  for (let i = 0; i < p; i += 1) for (let j = p + 1; j < width; j += 1) out[at++] = less(i, j);
  for (let j = p + 1; j < width; j += 1) out[at]! += less(j, j);
  out[at + 1] = rows;
}

/**
 * The vector a site contributes: the moments of the training part, then of the validation part, each laid out as
 * [upper triangle of G, p(p+1)/2 | B, p·H | ΣY² | rows]. Added over sites, entry by entry, it is the vector of the pooled rows.
 *
 * Scale and profile come from the training part alone, so the validation loss is that of a forecaster who has not seen
 * the validation days. Rows are all windows, at every step: x = L deviations, y = the following H, both less the last value
 * of x. A window counts where its target lies wholly in the part and no value is missing; nothing before train.startMs or at
 * or after validation.endMs is read, but of columns known ahead. A site without a complete window sends zeros.
 * @throws RIDGE_CONFIG_INVALID, RESOLUTION_OTHER, STEP_MISALIGNED, PROFILE_EMPTY
 */
export function siteMoments(
  series: MeterSeries,
  zone: string,
  epochs: Epochs,
  config: RidgeModelConfig,
  inputs: SiteInputs = NO_INPUTS,
): Float64Array {
  requireSoundConfig(config);
  if (config.inputs) return inputMoments(series, zone, epochs, config, inputs);
  const { values, position } = standardisedDeviations(series, zone, epochs, config);
  const out = new Float64Array(momentCount(config));
  for (const [k, part] of [epochs.train, epochs.validation].entries()) {
    const sums = sumPart(values, position(part.startMs), position(part.endMs), config);
    packPart(sums, out, k * partCount(config), featureCount(config));
  }
  return out;
}

function unpackPart(flat: Float64Array, offset: number, config: RidgeModelConfig): Moments {
  const p = featureCount(config);
  const gram = new Float64Array(p * p);
  let at = offset;
  for (let i = 0; i < p; i += 1) {
    for (let j = i; j < p; j += 1) {
      gram[i * p + j] = flat[at]!;
      gram[j * p + i] = flat[at]!;
      at += 1;
    }
  }
  const cross = flat.slice(at, at + p * config.horizon);
  at += cross.length;
  return { gram, cross, targetSquares: flat[at]!, rows: flat[at + 1]! };
}

function requireLength(flat: Float64Array, config: RidgeModelConfig): void {
  requireSoundConfig(config);
  const expected = momentCount(config);
  if (flat.length === expected) return;
  throw new DomainError('MOMENTS_LENGTH', `expected ${expected} moments, got ${flat.length}`, 'invalid', {
    expected,
    got: flat.length,
  });
}

/** A sum of `siteMoments` vectors as matrices. @throws MOMENTS_LENGTH, MOMENTS_NOT_FINITE */
export function unpackMoments(flat: Float64Array, config: RidgeModelConfig): SplitMoments {
  requireLength(flat, config);
  if (!flat.every(Number.isFinite)) throw new DomainError('MOMENTS_NOT_FINITE', 'expected finite moments');
  return { train: unpackPart(flat, 0, config), validation: unpackPart(flat, partCount(config), config) };
}

/**
 * A site's vector divided by its rows, those of both parts together; zeros where it has none. Every site then weighs the same
 * whatever the length of its history, and a limit on the vector's norm is one that all sites can share (twelve homes: 62 to
 * 97 for 168 → 24). The sum stays what the fits expect, the ridge with a weight on each site's rows; scaling a vector
 * further, as clipping to a norm does, only lowers its weight, because its `rows` shrink with the rest.
 * @throws MOMENTS_LENGTH
 */
export function normaliseMoments(flat: Float64Array, config: RidgeModelConfig): Float64Array {
  requireLength(flat, config);
  const half = partCount(config);
  const rows = Math.max(1, flat[half - 1]! + flat[2 * half - 1]!);
  return flat.map((value) => value / rows);
}

/** Moments of the rows of both parts together. */
export function pool(a: Moments, b: Moments): Moments {
  return {
    gram: a.gram.map((value, i) => value + b.gram[i]!),
    cross: a.cross.map((value, i) => value + b.cross[i]!),
    targetSquares: a.targetSquares + b.targetSquares,
    rows: a.rows + b.rows,
  };
}
