import { type Interval, interval } from '#core';
import { requireSlot, type SlotMinutes } from '#market';

/** When a session is, and how its day is cut. */
export interface Slotted {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly resolutionMinutes: SlotMinutes;
}

export const dayOf = ({ startsAt, endsAt }: Slotted): Interval =>
  interval(startsAt.getTime(), endsAt.getTime());

/** The slot of a session that begins at `startMs`. @throws HOUR_NOT_IN_SESSION */
export const slotAt = (session: Slotted, startMs: number): Interval =>
  requireSlot(dayOf(session), session.resolutionMinutes, startMs);
