import { DomainError } from '#core';
import { type NetworkTerms, weightCount } from './network.ts';
import type { LearningTerms } from './terms.ts';
import { clipFactor, type SiteRound } from './site-round.ts';

/**
 * The vector a site sends, each entry within ± 1, so that one fixed point serves all:
 * [w·Δ / clip | with SCAFFOLD w·Δc / controlClip | metrics], w = min(1, rows / rowsScale). Added over sites it tells means, never
 * one site's rows. With a vote the metrics are two more: BALLOT. A metric takes two slots, a coarse and a fine one: a lane of 13 bits then carries it to 20.
 */
const METRICS = ['weight', 'trainLoss', 'validationWeight', 'squaredError', 'absoluteError'] as const;
/** The committed model's squared error; 1 where the round's starting model is worse at this site than that. */
const BALLOT = ['committedError', 'harmed'] as const;
type Metric = (typeof METRICS)[number] | (typeof BALLOT)[number];

const metricsOf = ({ vote }: LearningTerms): readonly Metric[] => (vote ? [...METRICS, ...BALLOT] : METRICS);

/** Mean losses are cut here, in squared (absolute) standard deviations: a model that errs by more has failed anyway. */
export const LOSS_LIMIT = 64;
/** The coarse slot's step and the fine slot's magnification; fixed point needs at least these 7 bits to keep it exact. */
const COARSE = 2 ** 7;

/** Largest absolute value of an entry of one site's update. */
export const UPDATE_BOUND = 1;

const isScaffold = ({ optimiser }: LearningTerms): boolean => optimiser.kind === 'scaffold';

/** Length of a site's vector. @throws NETWORK_TERMS_INVALID */
export const updateLength = (network: NetworkTerms, terms: LearningTerms): number =>
  (isScaffold(terms) ? 2 : 1) * weightCount(network) + 2 * metricsOf(terms).length;

const weightOf = (rows: number, { rowsScale }: LearningTerms): number => Math.min(1, rows / rowsScale);
const share = (loss: number): number => Math.min(loss, LOSS_LIMIT) / LOSS_LIMIT;
/** Rounding may carry a vector of exactly the limit's length beyond it. */
const bounded = (value: number): number => Math.max(-UPDATE_BOUND, Math.min(UPDATE_BOUND, value));
/** A mean over no rows weighs nothing. */
const weighted = (weight: number, meanLoss: number): number => (weight === 0 ? 0 : weight * share(meanLoss));

function siteMetrics(network: NetworkTerms, terms: LearningTerms, round: SiteRound): Record<Metric, number> {
  const { training, validation } = round;
  const committed = round.committed ?? validation;
  const weight = weightOf(training.rows, terms);
  const validationWeight = weightOf(validation.rows, terms);
  const values = validation.rows * network.horizon;
  return {
    weight,
    trainLoss: weighted(weight, training.trainLoss),
    validationWeight,
    squaredError: weighted(validationWeight, validation.squaredError / values),
    absoluteError: weighted(validationWeight, validation.absoluteError / values),
    committedError: weighted(validationWeight, committed.squaredError / values),
    harmed: validation.squaredError > committed.squaredError ? 1 : 0,
  };
}

function writeMetrics(
  out: Float64Array,
  names: readonly Metric[],
  metrics: Readonly<Record<Metric, number>>,
): void {
  for (const [i, name] of names.entries()) {
    const coarse = Math.floor(metrics[name] * COARSE) / COARSE;
    out[2 * i] = coarse;
    out[2 * i + 1] = (metrics[name] - coarse) * COARSE;
  }
}

function readMetrics(slots: Float64Array, names: readonly Metric[]): Record<Metric, number> {
  const values = names.map((name, i) => [name, slots[2 * i]! + slots[2 * i + 1]! / COARSE]);
  return Object.fromEntries(values) as Record<Metric, number>;
}

function requireFinite(values: Float64Array): void {
  if (!values.every(Number.isFinite)) throw new DomainError('UPDATE_NOT_FINITE', 'expected finite numbers');
}

/**
 * A site's vector for the encrypted sum. Δ is what training changed, shortened to an L2 norm of `clip`.
 * @throws NETWORK_TERMS_INVALID, UPDATE_NOT_FINITE where readings are not numbers
 */
export function siteUpdate(network: NetworkTerms, terms: LearningTerms, round: SiteRound): Float64Array {
  const { start, training } = round;
  const { optimiser, clip } = terms;
  const count = weightCount(network);
  const weight = weightOf(training.rows, terms);
  const out = new Float64Array(updateLength(network, terms));
  const delta = Float64Array.from(training.weights, (value, i) => value - start[i]!);
  const factor = (weight * clipFactor(delta, clip)) / clip;
  for (let i = 0; i < count; i += 1) out[i] = bounded(delta[i]! * factor);
  if (optimiser.kind === 'scaffold') {
    const change = training.control?.change ?? new Float64Array(count);
    for (let i = 0; i < count; i += 1)
      out[count + i] = bounded((change[i]! * weight) / optimiser.controlClip);
  }
  const names = metricsOf(terms);
  writeMetrics(out.subarray(-2 * names.length), names, siteMetrics(network, terms, round));
  requireFinite(out);
  return out;
}

/** What a round's sum says of everybody together. Losses are per value, in standardised units. */
export interface RoundMetrics {
  /** Training windows, each site's up to `rowsScale`. */
  readonly rows: number;
  readonly trainLoss: number;
  /** Mean squared and absolute error of the model the round started from; NaN without a validation window. */
  readonly validationLoss: number;
  readonly validationMae: number;
}

/** What a group says of the model a round started from, against the committed one; nobody has checked it. */
export interface Ballot {
  /** Mean squared errors, by `validationWeight`. */
  readonly candidateLoss: number;
  readonly committedLoss: number;
  /** Sites at which the candidate is worse. */
  readonly harmed: number;
  /** Sums of the sites' weights, each at most 1. */
  readonly weight: number;
  readonly validationWeight: number;
}

/** Mean over sites, weighted by their rows. */
export interface Aggregate {
  readonly update: Float64Array;
  /** With SCAFFOLD: the mean change of the control variates. */
  readonly controlChange?: Float64Array;
  readonly metrics: RoundMetrics;
  /** With a vote. */
  readonly ballot?: Ballot;
}

/**
 * Reads the sum of the sites' vectors. Deterministic: + − × ÷ of doubles in a fixed order.
 * @throws UPDATE_LENGTH, UPDATE_NOT_FINITE, UPDATE_EMPTY where no site had a training window, NETWORK_TERMS_INVALID
 */
export function readAggregate(sum: Float64Array, network: NetworkTerms, terms: LearningTerms): Aggregate {
  const expected = updateLength(network, terms);
  if (sum.length !== expected) {
    throw new DomainError('UPDATE_LENGTH', `expected ${expected} sums, got ${sum.length}`, 'invalid', {
      expected,
      got: sum.length,
    });
  }
  requireFinite(sum);
  const names = metricsOf(terms);
  const metrics = readMetrics(sum.subarray(-2 * names.length), names);
  if (!(metrics.weight > 0)) {
    throw new DomainError('UPDATE_EMPTY', 'expected training windows at one site at least, got none');
  }
  const count = weightCount(network);
  const scaled = (from: number, limit: number) =>
    sum.slice(from, from + count).map((value) => (value * limit) / metrics.weight);
  const { optimiser, clip, rowsScale } = terms;
  return {
    update: scaled(0, clip),
    ...(optimiser.kind === 'scaffold' && { controlChange: scaled(count, optimiser.controlClip) }),
    metrics: {
      rows: metrics.weight * rowsScale,
      trainLoss: (LOSS_LIMIT * metrics.trainLoss) / metrics.weight,
      validationLoss: (LOSS_LIMIT * metrics.squaredError) / metrics.validationWeight,
      validationMae: (LOSS_LIMIT * metrics.absoluteError) / metrics.validationWeight,
    },
    ...(terms.vote && { ballot: ballotOf(metrics) }),
  };
}

const ballotOf = ({ weight, validationWeight, ...sums }: Record<Metric, number>): Ballot => ({
  candidateLoss: (LOSS_LIMIT * sums.squaredError) / validationWeight,
  committedLoss: (LOSS_LIMIT * sums.committedError) / validationWeight,
  harmed: sums.harmed,
  weight,
  validationWeight,
});
