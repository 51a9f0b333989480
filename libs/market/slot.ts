import { DomainError, HOUR_MS, type Interval, contains, interval, isoInstant } from '#core';

/** Length of a slot that is the whole local day, be it of 23, 24 or 25 hours. */
export const DAY_MINUTES = 1_440;

/** Lengths a session's slots may have, in minutes. */
export const SLOT_MINUTES = [15, 30, 60, DAY_MINUTES] as const;
export type SlotMinutes = (typeof SLOT_MINUTES)[number];

const MINUTE_MS = 60_000;

/** The most slots a local day can have: 25 hours of four quarters. */
export const MAX_SLOTS = 100;

/** @throws SESSION_RESOLUTION unless slots of this length divide the day exactly */
export function requireSlotMinutes(day: Interval, minutes: number): SlotMinutes {
  const known = SLOT_MINUTES.find((each) => each === minutes);
  const dayMs = day.endMs - day.startMs;
  if (known !== undefined && (known === DAY_MINUTES || dayMs % (known * MINUTE_MS) === 0)) return known;
  throw new DomainError(
    'SESSION_RESOLUTION',
    `expected slots of ${SLOT_MINUTES.join(', ')} minutes that divide a day of ${dayMs / HOUR_MS} h, got ${minutes}`,
    'invalid',
    { resolutionMinutes: minutes },
  );
}

/** Length of the slots of a day in ms; a day slot is as long as its day. */
export const slotLengthMs = (day: Interval, minutes: SlotMinutes): number =>
  minutes === DAY_MINUTES ? day.endMs - day.startMs : minutes * MINUTE_MS;

/** The slots of a local day in order of time; they partition it. */
export function slotsOf(day: Interval, minutes: SlotMinutes): Interval[] {
  const lengthMs = slotLengthMs(day, minutes);
  return Array.from({ length: (day.endMs - day.startMs) / lengthMs }, (_, n) =>
    interval(day.startMs + n * lengthMs, day.startMs + (n + 1) * lengthMs),
  );
}

/** @throws HOUR_NOT_IN_SESSION unless `startMs` begins a slot of the day */
export function requireSlot(day: Interval, minutes: SlotMinutes, startMs: number): Interval {
  const lengthMs = slotLengthMs(day, minutes);
  const slot = interval(startMs, startMs + lengthMs);
  if ((startMs - day.startMs) % lengthMs === 0 && contains(day, slot)) return slot;
  throw new DomainError(
    'HOUR_NOT_IN_SESSION',
    `expected the start of a slot of ${minutes} minutes of the session, got ${isoInstant(startMs)}`,
  );
}
