import { DAY_MS, interval, isoInstant, localDate, parseInstant } from '#core';
import {
  type DefaultDeclaration,
  type DefaultLine,
  type DefaultOrder,
  DAY_MINUTES,
  minuteOfDay,
  type ProductKind,
  requireSlotMinutes,
  type RetailTerms,
  singleStep,
  standingDefaults,
} from '#market';
import type { DefaultsJournal } from './defaults-journal.ts';
import type { SignedOrder } from './signed-orders.ts';

/** A session as far as default orders ask. */
export interface DefaultsSession extends RetailTerms {
  readonly id: string;
  readonly product: ProductKind;
  readonly zone: string;
  readonly currency: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly resolutionMinutes: number;
  readonly gateClosesAt: string | null;
  readonly closedAt: string | null;
}

/** The orders that the market may have placed for this site in a session, by what it declared itself. */
export function ownDefaults(
  journal: DefaultsJournal,
  participantId: string,
  session: DefaultsSession,
): readonly DefaultOrder[] {
  const declarations = journal.timed(participantId);
  if (declarations.length === 0 || journal.isWithdrawn(session.id)) return [];
  const { product, zone, currency, startMs, endMs } = session;
  const day = interval(startMs, endMs);
  const resolutionMinutes = requireSlotMinutes(day, session.resolutionMinutes);
  const gate = session.closedAt ?? session.gateClosesAt;
  const gateMs = gate === null ? startMs : parseInstant(gate);
  const standing = standingDefaults(declarations, { product, resolutionMinutes, zone, currency, day, gateMs }); // prettier-ignore
  return standing.get(participantId) ?? [];
}

const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/**
 * What a site bid for a day, as its default orders of the days after it: of each slot the one step that never loses what the
 * curve would not. Null where it bid for nothing, or of no day.
 */
export function defaultsAfter(
  session: DefaultsSession,
  orders: readonly SignedOrder[],
  days: number,
): Omit<DefaultDeclaration, 'participant'> | null {
  const { id, product, zone, currency, startMs, resolutionMinutes } = session;
  const slots = new Map<string, SignedOrder[]>();
  for (const order of orders.toSorted((a, b) => parseInstant(a.startsAt) - parseInstant(b.startsAt)))
    slots.set(order.startsAt, [...(slots.get(order.startsAt) ?? []), order]);
  const lines = new Map<string, DefaultLine>();
  for (const [startsAt, steps] of slots) {
    const step = singleStep(steps, session, null);
    const from = minuteOfDay(zone, parseInstant(startsAt));
    // An hour that is there twice in autumn stands for one of the days after it.
    if (step === null || lines.has(clockTime(from))) continue;
    const until = Math.min(DAY_MINUTES, from + resolutionMinutes);
    const { side, quantityWh, pricePerMwh } = step;
    lines.set(clockTime(from), {
      from: clockTime(from),
      until: clockTime(until),
      side,
      quantityWh,
      pricePerMwh,
    });
  }
  if (lines.size === 0 || days === 0) return null;
  const dayAfter = (n: number): string =>
    isoInstant(Date.parse(localDate(zone, startMs)) + n * DAY_MS).slice(0, 10);
  const terms = { product, resolutionMinutes, zone, currency };
  return { declaration: `after-${id}`, ...terms, firstDay: dayAfter(1), lastDay: dayAfter(days), orders: [...lines.values()] }; // prettier-ignore
}
