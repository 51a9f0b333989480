import { DomainError, HOUR_MS, type Interval, isoInstant, localDay } from '#core';
import { MAX_CHALLENGERS } from './product.ts';

/** Scores of one model's forecast of one day, computed at home. */
export interface ModelScore {
  readonly modelHash: string;
  /** MAE over the naive error of the model's epochs. */
  readonly mase: number;
  /** Share of steps within [p10, p90]. */
  readonly coverage: number;
}

/** A day takes reports for so long after its end; then its figures are made, once and for all. */
export const REPORT_HOURS = 48;
/** Far above any forecast that is one. */
const MAX_MASE = 100;

/** When a product's day takes reports. @throws DATE_MALFORMED, ZONE_UNKNOWN */
export function reportWindow(zone: string, day: string): Interval {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
    throw new DomainError('DATE_MALFORMED', 'expected a day YYYY-MM-DD, got another form');
  const { endMs } = localDay(zone, day);
  return { startMs: endMs, endMs: endMs + REPORT_HOURS * HOUR_MS };
}

/** @throws SCORE_TOO_EARLY before the day is over, SCORE_TOO_LATE once its figures are made */
export function requireWithinWindow({ startMs, endMs }: Interval, nowMs: number): void {
  if (nowMs < startMs) {
    throw new DomainError(
      'SCORE_TOO_EARLY',
      `expected a day that is over, got one until ${isoInstant(startMs)}`,
      'conflict',
    );
  }
  if (nowMs < endMs) return;
  throw new DomainError(
    'SCORE_TOO_LATE',
    `expected a report before ${isoInstant(endMs)}, when the day's figures were made`,
    'conflict',
  );
}

/** @throws SCORES_COUNT, SCORE_REPEATED, SCORE_RANGE, MODEL_NOT_JUDGED for one that the product does not have */
export function requireScores(scores: readonly ModelScore[], judged: readonly string[]): void {
  const most = MAX_CHALLENGERS + 1;
  if (scores.length === 0 || scores.length > most)
    throw new DomainError(
      'SCORES_COUNT',
      `expected scores of 1 to ${most} models, got ${scores.length}`,
      'limit',
    );
  if (new Set(scores.map(({ modelHash }) => modelHash)).size < scores.length)
    throw new DomainError('SCORE_REPEATED', 'expected each model once in a report, got one twice');
  for (const { modelHash, mase, coverage } of scores) {
    if (!(mase >= 0 && mase <= MAX_MASE && coverage >= 0 && coverage <= 1))
      throw new DomainError('SCORE_RANGE', `expected an error of 0 to ${MAX_MASE} and a share, got others`);
    if (!judged.includes(modelHash))
      throw new DomainError(
        'MODEL_NOT_JUDGED',
        "expected the product's champion or one of its challengers, got another model",
        'conflict',
      );
  }
}
