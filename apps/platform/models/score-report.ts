import { DomainError, HOUR_MS, isoInstant, localDay } from '#core';
import { MAX_CHALLENGERS } from './product.ts';

/** Scores of one model's forecast of one day, computed at home. */
export interface ModelScore {
  readonly modelHash: string;
  /** MAE over the naive error of the model's epochs. */
  readonly mase: number;
  /** Share of steps within [p10, p90]. */
  readonly coverage: number;
  /** Mean pinball loss of the quantiles over the same naive error; nothing where the node is older. */
  readonly pinball?: number | null;
}

/** A day takes reports for so long after its end; then its figures are made, once and for all. */
export const REPORT_HOURS = 48;
/** Far above any forecast that is one. */
const MAX_MASE = 100;

/** A local day and when reports about it are taken. */
export interface ReportWindow {
  readonly dayStartMs: number;
  /** The end of the day. */
  readonly opensMs: number;
  readonly closesMs: number;
}

/** @throws DATE_MALFORMED, ZONE_UNKNOWN */
export function reportWindow(zone: string, day: string): ReportWindow {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
    throw new DomainError('DATE_MALFORMED', 'expected a day YYYY-MM-DD, got another form');
  const { startMs, endMs } = localDay(zone, day);
  return { dayStartMs: startMs, opensMs: endMs, closesMs: endMs + REPORT_HOURS * HOUR_MS };
}

/** @throws SCORE_TOO_EARLY before the day is over, SCORE_TOO_LATE once its figures are made */
export function requireOpen({ opensMs, closesMs }: ReportWindow, nowMs: number): void {
  if (nowMs < opensMs) {
    throw new DomainError(
      'SCORE_TOO_EARLY',
      `expected a day that is over, got one until ${isoInstant(opensMs)}`,
      'conflict',
    );
  }
  if (nowMs < closesMs) return;
  throw new DomainError(
    'SCORE_TOO_LATE',
    `expected a report before ${isoInstant(closesMs)}, when the day's figures were made`,
    'conflict',
  );
}

/** A model that sites report scores of, and until when it knows readings. */
export interface JudgedModel {
  readonly modelHash: string;
  readonly validationEnd: Date;
}

/** @throws SCORES_COUNT, SCORE_REPEATED, SCORE_RANGE, MODEL_NOT_JUDGED for one that the product does not have, SCORE_IN_EPOCHS for a day it was fitted on */
export function requireScores(
  scores: readonly ModelScore[],
  judged: readonly JudgedModel[],
  { dayStartMs }: Pick<ReportWindow, 'dayStartMs'>,
): void {
  const most = MAX_CHALLENGERS + 1;
  if (scores.length === 0 || scores.length > most)
    throw new DomainError(
      'SCORES_COUNT',
      `expected scores of 1 to ${most} models, got ${scores.length}`,
      'limit',
    );
  if (new Set(scores.map(({ modelHash }) => modelHash)).size < scores.length)
    throw new DomainError('SCORE_REPEATED', 'expected each model once in a report, got one twice');
  for (const score of scores) {
    requireRange(score);
    const model = judged.find(({ modelHash }) => modelHash === score.modelHash);
    if (!model)
      throw new DomainError(
        'MODEL_NOT_JUDGED',
        "expected the product's champion or one of its challengers, got another model",
        'conflict',
      );
    if (dayStartMs < model.validationEnd.getTime())
      throw new DomainError(
        'SCORE_IN_EPOCHS',
        'expected a day after the readings that the model was fitted on, got one among them',
        'conflict',
      );
  }
}

/** @throws SCORE_RANGE */
function requireRange({ mase, coverage, pinball }: ModelScore): void {
  const isError = (value: number): boolean => value >= 0 && value <= MAX_MASE;
  if (isError(mase) && coverage >= 0 && coverage <= 1 && isError(pinball ?? 0)) return;
  throw new DomainError('SCORE_RANGE', `expected errors of 0 to ${MAX_MASE} and a share, got others`);
}
