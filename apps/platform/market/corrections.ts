import { DAY_MS, DomainError, isoInstant } from '#core';
import type { CorrectionReason } from '#market';
import type { StatedDelivery } from './deliveries.service.ts';
import type { MarketSession } from './market.entities.ts';
import { requireCleared } from './session.ts';

/** Days after settlement in which statements may be corrected, unless the session says otherwise. */
export const DEFAULT_CORRECTION_DAYS = 30;
export const MAX_CORRECTION_DAYS = 366;

/** A signed statement that comes after settlement. */
export interface StatedCorrection extends StatedDelivery {
  readonly version: number;
  readonly reason: CorrectionReason;
}

/** @throws SESSION_CORRECTIONS */
export function requireCorrectionDays(days: number): void {
  if (Number.isInteger(days) && days >= 0 && days <= MAX_CORRECTION_DAYS) return;
  throw new DomainError(
    'SESSION_CORRECTIONS',
    `expected 0–${MAX_CORRECTION_DAYS} days for corrections, got ${days}`,
    'invalid',
  );
}

/** When the session stops to take corrections, ms; null before it is settled. */
export function correctionsUntil({
  settledAt,
  correctionDays,
}: Pick<MarketSession, 'settledAt' | 'correctionDays'>): number | null {
  return settledAt === null ? null : settledAt.getTime() + correctionDays * DAY_MS;
}

/** @throws SESSION_NOT_CLEARED, SESSION_NOT_SETTLED, CORRECTION_CLOSED unless the session takes corrections now. */
export function requireCorrectable(session: MarketSession, nowMs: number): void {
  const { state } = session;
  requireCleared(state);
  const untilMs = correctionsUntil(session);
  if (untilMs === null) {
    throw new DomainError(
      'SESSION_NOT_SETTLED',
      `expected a settled session, got one that is ${state}`,
      'conflict',
      { state },
    );
  }
  if (nowMs >= untilMs) {
    throw new DomainError(
      'CORRECTION_CLOSED',
      `expected corrections before ${isoInstant(untilMs)}, got them after`,
      'conflict',
      { until: isoInstant(untilMs) },
    );
  }
}
