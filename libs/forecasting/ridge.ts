import { type Bytes, canonicalJson, concat, DomainError, type Json, utf8 } from '#core';
import type { InputTerms } from '#federation';
import { type RidgeModelConfig, shapeOf, type WindowShape } from './config.ts';
import { solveRidge } from './cholesky.ts';
import { featureCount, type Moments, pool, type SplitMoments, unpackMoments } from './moments.ts';
import { statisticOf } from './statistic.ts';

/** A linear forecaster: standardised y − x_L = (x − x_L)·W + u·V. Without inputs u it is scale-free and applies to values as they are. */
export interface LinearMap extends WindowShape {
  readonly inputs: InputTerms | null;
  /**
   * W over V, (lookback − 1 + inputs) × horizon, row by row; row j of W belongs to the value `lookback − j` steps before the issue
   * time.
   */
  readonly weights: Float64Array;
}

/** A fitted map with the one that was fitted without the validation days, whose errors on them are honest. */
export interface DayAheadModel extends LinearMap {
  /** The chosen penalty in units of the mean diagonal of G; Infinity where the starting map was kept. */
  readonly lambda: number;
  /** What inputs were penalised by, in units of that; 1 without inputs. */
  readonly inputPenalty: number;
  readonly validationWeights: Float64Array;
}

export interface RidgeFit extends DayAheadModel {
  /** Mean squared error on the validation rows (standardised units) by candidate, in the order of `config.lambdas`, for each in that of the inputs' penalties. */
  readonly validationLosses: readonly number[];
}

/** Mean squared error of `weights` on the rows behind `moments`: (ΣY² − 2·tr WᵀB + tr WᵀGW) / (rows·H). */
export function meanSquaredError(weights: Float64Array, moments: Moments, config: RidgeModelConfig): number {
  const p = featureCount(config);
  const gw = product(moments.gram, weights, p, config.horizon);
  let sum = moments.targetSquares;
  for (let i = 0; i < weights.length; i += 1) sum += weights[i]! * (gw[i]! - 2 * moments.cross[i]!);
  return sum / (moments.rows * config.horizon);
}

/** G·W for G p × p and W p × m. */
function product(g: Float64Array, w: Float64Array, p: number, m: number): Float64Array {
  const out = new Float64Array(p * m);
  const column = new Float64Array(p);
  for (let c = 0; c < m; c += 1) {
    for (let k = 0; k < p; k += 1) column[k] = w[k * m + c]!;
    if (column.every((value) => value === 0)) continue;
    for (let i = 0; i < p; i += 1) {
      let sum = 0;
      for (let k = 0; k < p; k += 1) sum += g[i * p + k]! * column[k]!;
      out[i * m + c] = sum;
    }
  }
  return out;
}

/** λ, and what inputs are penalised by in units of it. */
type Penalty = Pick<DayAheadModel, 'lambda' | 'inputPenalty'>;

/** By column of X, in units of the mean diagonal of G over the look-back; the level, first of the inputs, is the look-back's too. */
function penaltiesOf(
  { gram }: Moments,
  { lambda, inputPenalty }: Penalty,
  config: RidgeModelConfig,
): Float64Array {
  const p = featureCount(config);
  const lags = config.lookback - 1;
  let trace = 0;
  for (let i = 0; i < lags; i += 1) trace += gram[i * p + i]!;
  const unit = (lambda * trace) / lags;
  return Float64Array.from({ length: p }, (_, i) => (i <= lags ? unit : inputPenalty * unit));
}

/** W₀ + (G + D)⁻¹(B − G W₀), D the penalties: the ridge that shrinks towards `start` instead of zero. */
function shrinkTowards(
  start: Float64Array,
  moments: Moments,
  penalty: Penalty,
  config: RidgeModelConfig,
): Float64Array {
  const p = featureCount(config);
  const gw = product(moments.gram, start, p, config.horizon);
  const residual = moments.cross.map((value, i) => value - gw[i]!);
  const step = solveRidge(moments.gram, penaltiesOf(moments, penalty, config), residual, p);
  return start.map((value, i) => value + step[i]!);
}

interface Candidate extends Penalty {
  readonly loss: number;
  readonly validationWeights: Float64Array;
}

const candidates = (start: Float64Array, own: SplitMoments, config: RidgeModelConfig): Candidate[] =>
  config.lambdas.flatMap((lambda) =>
    (config.inputs?.penalties ?? [1]).map((inputPenalty) => {
      const penalty = { lambda, inputPenalty };
      const validationWeights = shrinkTowards(start, own.train, penalty, config);
      return {
        ...penalty,
        validationWeights,
        loss: meanSquaredError(validationWeights, own.validation, config),
      };
    }),
  );

/** The candidate of least loss; the earlier one on equal terms. */
const leastLoss = (list: readonly Candidate[]): Candidate => list.reduce((a, b) => (b.loss < a.loss ? b : a));

/** What a map has of its configuration. */
const mapShape = (config: WindowShape & Pick<LinearMap, 'inputs'>): Omit<LinearMap, 'weights'> => ({
  ...shapeOf(config),
  inputs: config.inputs,
});

const zeros = (config: RidgeModelConfig) => new Float64Array(featureCount(config) * config.horizon);

/**
 * The pooled ridge from a summed statistic (`siteMoments` or `siteAutocovariances` added over sites): each λ is fitted on the training sums and judged on
 * the validation sums; the winner is fitted again on both. Deterministic in the sums.
 * @throws MOMENTS_LENGTH, MOMENTS_NOT_FINITE, MOMENTS_EMPTY where a part has no row, RIDGE_ILL_CONDITIONED
 */
export function fitRidge(summed: Float64Array, config: RidgeModelConfig): RidgeFit {
  const moments = statisticOf(config).unpack(summed, config);
  for (const part of ['train', 'validation'] as const) {
    // Clipped and normalised vectors have fractions of a row.
    if (!(moments[part].rows > 0)) {
      throw new DomainError(
        'MOMENTS_EMPTY',
        `expected complete windows in the ${part} part, got none`,
        'invalid',
        { part },
      );
    }
  }
  const tried = candidates(zeros(config), moments, config);
  const { loss: _, ...best } = leastLoss(tried);
  return {
    ...mapShape(config),
    ...best,
    weights: shrinkTowards(zeros(config), pool(moments.train, moments.validation), best, config),
    validationLosses: tried.map(({ loss }) => loss),
  };
}

/** Refines `start` on a site's own sums; keeps it (λ = Infinity) where no λ lowers the site's own validation loss. */
function refine(start: DayAheadModel, own: SplitMoments, config: RidgeModelConfig): DayAheadModel {
  const { weights, validationWeights } = start;
  const kept = { ...mapShape(config), lambda: Infinity, inputPenalty: 1, weights, validationWeights };
  // Without rows there is nothing to refine on or to judge by; a constant load has rows but no variance.
  if (own.train.rows < 1 || own.validation.rows < 1 || own.train.gram.every((value) => value === 0))
    return kept;
  const { loss, ...best } = leastLoss(candidates(validationWeights, own, config));
  if (!(loss < meanSquaredError(validationWeights, own.validation, config))) return kept;
  return {
    ...kept,
    ...best,
    weights: shrinkTowards(weights, pool(own.train, own.validation), best, config),
  };
}

/**
 * The site's own model from the shared one and its own moments, without a message: W_c = W + (G_c + λ_c I)⁻¹(B_c − G_c W),
 * λ_c by the site's validation loss among the candidates and "no personalisation".
 * @throws MOMENTS_LENGTH, MOMENTS_NOT_FINITE, RIDGE_ILL_CONDITIONED
 */
export const personalise = (
  fit: DayAheadModel,
  ownMoments: Float64Array,
  config: RidgeModelConfig,
): DayAheadModel => refine(fit, unpackMoments(ownMoments, config), config);

/**
 * The ridge of one site alone, by the same rule: λ by its own validation loss among the same candidates and W = 0
 * (profile and last value only). What a site could do without the federation.
 * @throws MOMENTS_LENGTH, MOMENTS_NOT_FINITE, RIDGE_ILL_CONDITIONED
 */
export function fitLocal(ownMoments: Float64Array, config: RidgeModelConfig): DayAheadModel {
  const start = {
    ...mapShape(config),
    lambda: Infinity,
    inputPenalty: 1,
    weights: zeros(config),
    validationWeights: zeros(config),
  };
  return refine(start, unpackMoments(ownMoments, config), config);
}

/** The map that has not seen the validation days. */
export const validationMap = (model: DayAheadModel): LinearMap => ({
  ...mapShape(model),
  weights: model.validationWeights,
});

/**
 * The one byte form of the fits of a task's series, for hashing: canonical JSON of the series and the config, a zero byte, then
 * for each series float64 little-endian: λ, the inputs' penalty, W row by row, validation W row by row, validation losses.
 */
export function modelBytes(fits: ReadonlyMap<string, RidgeFit>, config: RidgeModelConfig): Bytes {
  const { statistic, lambdas, inputs } = config;
  const numbers = [...fits.values()].flatMap((fit) => [
    fit.lambda,
    fit.inputPenalty,
    ...fit.weights,
    ...fit.validationWeights,
    ...fit.validationLosses,
  ]);
  const body = new DataView(new ArrayBuffer(8 * numbers.length));
  for (const [i, value] of numbers.entries()) body.setFloat64(8 * i, value, true);
  const series = [...fits.keys()];
  const header = utf8(
    canonicalJson({ series, statistic, ...shapeOf(config), lambdas: [...lambdas], inputs: inputs as Json }),
  );
  return concat(header, Uint8Array.of(0), new Uint8Array(body.buffer));
}
