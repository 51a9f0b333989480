import { DomainError } from '#core';

const MINUTE_MS = 60_000;

/** A day: what is to be traded sooner than that before delivery belongs into the auction. */
const MAX_LEAD_MINUTES = 1_440;

interface IntradayDraft {
  readonly product: string;
  readonly intradayLeadMinutes: number | null;
}

/** @throws SESSION_INTRADAY unless energy is traded and gates are 0–1440 whole minutes before delivery, or there are none. */
export function requireIntraday({ product, intradayLeadMinutes: minutes }: IntradayDraft): void {
  if (minutes === null) return;
  const ofEnergy = product === 'energy';
  if (ofEnergy && Number.isInteger(minutes) && minutes >= 0 && minutes <= MAX_LEAD_MINUTES) return;
  throw new DomainError(
    'SESSION_INTRADAY',
    `expected intraday trading of energy until 0–${MAX_LEAD_MINUTES} whole minutes before delivery, got ${product} and ${minutes}`,
  );
}

/** What of a session decides when its books are open. */
interface IntradayTerms {
  readonly id: string;
  readonly state: string;
  readonly intradayLeadMinutes: number | null;
  readonly endsAt: Date;
}

/** When the order book of a slot closes. @throws INTRADAY_NOT_OFFERED in a session without order books */
export function intradayGateMs({ id, intradayLeadMinutes }: IntradayTerms, startMs: number): number {
  if (intradayLeadMinutes !== null) return startMs - intradayLeadMinutes * MINUTE_MS;
  throw new DomainError(
    'INTRADAY_NOT_OFFERED',
    'expected a session that was opened with intraday trading, got one without',
    'conflict',
    { session: id },
  );
}

/** Whether a slot's book takes orders: from the clearing of the auction to the slot's gate. */
export function isIntradayOpen(session: IntradayTerms, startMs: number, nowMs: number): boolean {
  return session.state === 'CLEARED' && nowMs < intradayGateMs(session, startMs);
}

/** Whether trades may still be added to a cleared session: it must not be settled before. Every gate is before the day's end. */
export function maySettle({ intradayLeadMinutes, endsAt }: IntradayTerms, nowMs: number): boolean {
  return intradayLeadMinutes === null || nowMs >= endsAt.getTime();
}
