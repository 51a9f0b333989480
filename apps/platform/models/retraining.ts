import { DAY_MS, DomainError, HOUR_MS, type Interval, interval, startOfLocalDay } from '#core';

/** When a product's model is trained again, and on which readings. */
export interface RetrainingTerms {
  /** Null: on drift only. */
  readonly everyDays: number | null;
  readonly onDrift: boolean;
  /** Local days at least from a training to one that a drift asks for. */
  readonly leastGapDays: number;
  readonly trainDays: number;
  readonly validationDays: number;
  /** Local days before today whose readings may not have come yet. */
  readonly lagDays: number;
  /** Whether sites sum readings again: noise protects each sum, or steps follow one another. */
  readonly mayOverlap: boolean;
}

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

const isInRange = ({
  everyDays,
  leastGapDays,
  trainDays,
  validationDays,
  lagDays,
}: RetrainingTerms): boolean =>
  isWhole(everyDays ?? 1, 1, 366) &&
  isWhole(leastGapDays, 0, 366) &&
  isWhole(trainDays, 1, 3_660) &&
  isWhole(validationDays, 1, 366) &&
  isWhole(lagDays, 0, 31);

/** @throws RETRAINING_TERMS, RETRAINING_NEVER without a date and without drift, RETRAINING_OVERLAPS for ranges that sites would refuse */
export function requireRetraining(terms: RetrainingTerms): void {
  const { everyDays, onDrift, trainDays, validationDays, mayOverlap } = terms;
  if (!isInRange(terms))
    throw new DomainError(
      'RETRAINING_TERMS',
      'expected whole days: every 1–366, gap 0–366, train 1–3 660, validation 1–366, lag 0–31, got others',
    );
  if (everyDays === null && !onDrift)
    throw new DomainError('RETRAINING_NEVER', 'expected everyDays or onDrift, got neither');
  if (everyDays !== null && !mayOverlap && everyDays < trainDays + validationDays)
    throw new DomainError(
      'RETRAINING_OVERLAPS',
      `expected at least ${trainDays + validationDays} days from one training to the next, as exact sums over readings are made once, got ${everyDays}`,
      'conflict',
    );
}

/** The local midnight `days` after (before, where negative) that of the day of `atMs`. */
export const localMidnight = (zone: string, atMs: number, days: number): number =>
  // Noon stays in its day whatever the clock does.
  startOfLocalDay(zone, startOfLocalDay(zone, atMs) + days * DAY_MS + 12 * HOUR_MS);

export type RetrainingReason = 'schedule' | 'drift';

/** What a training is due by. */
export interface DueTerms {
  readonly onDrift: boolean;
  readonly nextAtMs: number | null;
  /** A drift asks for nothing before; null: at any time. */
  readonly driftFromMs: number | null;
}

/** Why a training is due, if one is. A drift within the least gap after a training waits: it may be the same one, seen again. */
export function dueReason(
  { onDrift, nextAtMs, driftFromMs }: DueTerms,
  driftPending: boolean,
  nowMs: number,
): RetrainingReason | null {
  if (onDrift && driftPending && (driftFromMs === null || driftFromMs <= nowMs)) return 'drift';
  return nextAtMs !== null && nextAtMs <= nowMs ? 'schedule' : null;
}

export interface RolledEpochs {
  readonly train: Interval;
  readonly validation: Interval;
}

/**
 * The newest whole local days: training, then validation, up to `lagDays` before today. Null while they would reach back
 * into readings that were summed before: a site sums a range once, with one input.
 * @param summedUntilMs end of the readings that earlier tasks have summed; null for none
 */
export function rolledEpochs(
  { trainDays, validationDays, lagDays, mayOverlap }: RetrainingTerms,
  zone: string,
  nowMs: number,
  summedUntilMs: number | null,
): RolledEpochs | null {
  const endMs = localMidnight(zone, nowMs, -lagDays);
  const splitMs = localMidnight(zone, endMs, -validationDays);
  const startMs = localMidnight(zone, splitMs, -trainDays);
  if (!mayOverlap && summedUntilMs !== null && startMs < summedUntilMs) return null;
  return { train: interval(startMs, splitMs), validation: interval(splitMs, endMs) };
}
