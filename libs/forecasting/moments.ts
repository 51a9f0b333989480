import { DomainError, HOUR_MS, type Interval } from '#core';
import type { HourlySeries } from '#metering';
import { type RidgeModelConfig, requireSoundConfig } from './config.ts';
import type { Epochs } from './epochs.ts';
import { fitProfile, profileAt } from './profile.ts';
import { hourIndex } from './series.ts';

/** Second moments of the rows of one part, in standardised units: all that a ridge regression and its loss need. */
export interface Moments {
  /** G = XᵀX, p × p, symmetric, row by row, p = lookback − 1. */
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

/**
 * Standardised deviations are cut at ± this many standard deviations, so that a bound on every sum is known before anyone
 * has seen data and one broken meter cannot drown the others. Twelve real homes stay below 8.
 */
export const DEVIATION_LIMIT = 20;

/** Columns of X: after the last value is subtracted its own column is zero and is left out. */
export const featureCount = (config: RidgeModelConfig): number => config.lookback - 1;

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

/** Rows summed at a time: a panel of (lookback + horizon) × 64 doubles stays in the second-level cache. */
const PANEL_ROWS = 64;

/** Column-major panel of rows [x − x_L without its last column | y − x_L]. */
interface Panel {
  readonly columns: Float64Array[];
  rows: number;
}

/** Upper triangle of [X Y]ᵀ[X Y] over the first p columns, row by row, four products at a time. */
function addPanel(sums: Float64Array[], panel: Panel, p: number): void {
  const { columns, rows } = panel;
  const width = columns.length;
  for (let i = 0; i < p; i += 1) {
    const a = columns[i]!;
    const out = sums[i]!;
    let j = i;
    for (; j + 3 < width; j += 4) {
      const [b0, b1, b2, b3] = [columns[j]!, columns[j + 1]!, columns[j + 2]!, columns[j + 3]!];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let r = 0; r < rows; r += 1) {
        const v = a[r]!;
        s0 += v * b0[r]!;
        s1 += v * b1[r]!;
        s2 += v * b2[r]!;
        s3 += v * b3[r]!;
      }
      out[j]! += s0;
      out[j + 1]! += s1;
      out[j + 2]! += s2;
      out[j + 3]! += s3;
    }
    for (; j < width; j += 1) {
      const b = columns[j]!;
      let sum = 0;
      for (let r = 0; r < rows; r += 1) sum += a[r]! * b[r]!;
      out[j]! += sum;
    }
  }
}

/** Standardised deviations from the profile over [range.startMs, range.endMs), NaN where nothing was read. */
export function standardisedDeviations(
  series: HourlySeries,
  zone: string,
  range: Interval,
  epochs: Epochs,
  cycle: number,
) {
  const profile = fitProfile(series, zone, epochs.train, cycle);
  const first = hourIndex(series, range.startMs);
  return Float64Array.from({ length: hourIndex(series, range.endMs) - first }, (_, i) => {
    const value = series.values[first + i] ?? Number.NaN;
    const deviation = (value - profileAt(profile, zone, range.startMs + i * HOUR_MS)) / profile.scaleKwh;
    return Math.max(-DEVIATION_LIMIT, Math.min(DEVIATION_LIMIT, deviation));
  });
}

/** For each position, how many values up to and including it are present without a gap. */
export function runLengths(values: Float64Array): Uint32Array {
  const runs = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i += 1) runs[i] = Number.isNaN(values[i]) ? 0 : (runs[i - 1] ?? 0) + 1;
  return runs;
}

interface Part {
  readonly sums: Float64Array[];
  targetSquares: number;
  rows: number;
}

/** Sums over the windows whose target lies wholly within [from, to) and whose L + H values are all present. */
function sumPart(deviations: Float64Array, from: number, to: number, config: RidgeModelConfig): Part {
  const { lookback, horizon } = config;
  const p = featureCount(config);
  const runs = runLengths(deviations);
  const sums = Array.from({ length: p }, () => new Float64Array(p + horizon));
  const panel: Panel = {
    columns: Array.from({ length: p + horizon }, () => new Float64Array(PANEL_ROWS)),
    rows: 0,
  };
  const part: Part = { sums, targetSquares: 0, rows: 0 };
  for (let t = Math.max(from, lookback); t + horizon <= to; t += 1) {
    if (runs[t + horizon - 1]! < lookback + horizon) continue;
    const last = deviations[t - 1]!;
    const start = t - lookback;
    for (let j = 0; j < p; j += 1) panel.columns[j]![panel.rows] = deviations[start + j]! - last;
    for (let h = 0; h < horizon; h += 1) {
      const y = deviations[t + h]! - last;
      panel.columns[p + h]![panel.rows] = y;
      part.targetSquares += y * y;
    }
    part.rows += 1;
    panel.rows += 1;
    if (panel.rows === PANEL_ROWS) {
      addPanel(sums, panel, p);
      panel.rows = 0;
    }
  }
  addPanel(sums, panel, p);
  return part;
}

/** Writes one part at `offset`: upper triangle of G row by row, B row by row, ΣY², rows. */
function packPart(part: Part, out: Float64Array, offset: number, p: number): void {
  let at = offset;
  for (let i = 0; i < p; i += 1) {
    out.set(part.sums[i]!.subarray(i, p), at);
    at += p - i;
  }
  for (let i = 0; i < p; i += 1) {
    out.set(part.sums[i]!.subarray(p), at);
    at += part.sums[i]!.length - p;
  }
  out[at] = part.targetSquares;
  out[at + 1] = part.rows;
}

/**
 * The vector a site contributes: the moments of the training part, then of the validation part, each laid out as
 * [upper triangle of G, p(p+1)/2 | B, p·H | ΣY² | rows]. Added over sites, entry by entry, it is the vector of the pooled rows.
 *
 * Scale and profile come from the training part alone, so the validation loss is that of a forecaster who has not seen
 * the validation days. Rows are all windows, at every hour: x = L deviations, y = the following H, both less the last value
 * of x. A window counts where its target lies wholly in the part and no value is missing; nothing before train.startMs or at
 * or after validation.endMs is read. A site without a complete window sends zeros.
 * @throws RIDGE_CONFIG_INVALID, HOUR_MISALIGNED, PROFILE_EMPTY
 */
export function siteMoments(
  series: HourlySeries,
  zone: string,
  epochs: Epochs,
  config: RidgeModelConfig,
): Float64Array {
  requireSoundConfig(config);
  const range = { startMs: epochs.train.startMs, endMs: epochs.validation.endMs };
  const deviations = standardisedDeviations(series, zone, range, epochs, config.cycle);
  const position = (atMs: number) => (atMs - range.startMs) / HOUR_MS;
  const out = new Float64Array(momentCount(config));
  for (const [k, part] of [epochs.train, epochs.validation].entries()) {
    const sums = sumPart(deviations, position(part.startMs), position(part.endMs), config);
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
