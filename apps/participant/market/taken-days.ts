import { DomainError, HOUR_MS, type Interval, overlaps } from '#core';

/** A session's day, cut into slots, on which this site trades. */
export interface TakenDay {
  readonly session: string;
  readonly day: Interval;
  /** Absent of sessions taken before there were slots other than hours. */
  readonly resolutionMinutes?: number;
}

const LONGEST_DAY_HOURS = 25;
const SHORTEST_DAY_HOURS = 23;
const HOURLY = 60;

/** @throws SESSION_NOT_A_DAY */
export function requireLocalDay({ session, day }: TakenDay): void {
  const hours = (day.endMs - day.startMs) / HOUR_MS;
  if (Number.isInteger(hours) && hours >= SHORTEST_DAY_HOURS && hours <= LONGEST_DAY_HOURS) return;
  throw refuse('SESSION_NOT_A_DAY', 'a session of one local day', session);
}

/** Whether a session is among those taken. @throws SESSION_CHANGED where it was of another day or slots then */
export function tookDay(taken: readonly TakenDay[], { session, day, resolutionMinutes }: TakenDay): boolean {
  const known = taken.find((each) => each.session === session);
  if (known === undefined) return false;
  const { startMs, endMs } = known.day;
  const minutes = known.resolutionMinutes ?? HOURLY;
  if (startMs === day.startMs && endMs === day.endMs && minutes === resolutionMinutes) return true;
  throw refuse('SESSION_CHANGED', 'the day and slots that the session had when it was open', session);
}

/** @throws DAY_TAKEN by another session */
export function requireFreeDay(taken: readonly TakenDay[], { session, day }: TakenDay): void {
  const other = taken.find((each) => each.session !== session && overlaps(each.day, day));
  if (other) throw refuse('DAY_TAKEN', `session ${other.session} alone on its day`, session);
}

/** What this site does not do, by its own journal. */
export const refuse = (code: string, expected: string, session: string): DomainError =>
  new DomainError(code, `expected ${expected}, got another`, 'forbidden', { session });
