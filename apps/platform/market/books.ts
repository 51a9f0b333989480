import { sha256Now, toHex, utf8 } from '#core';
import {
  type ClearingOptions,
  type ClearingResult,
  type Mechanism,
  mechanismNamed,
  type Order,
} from '#market';
import type { MarketOrder, MarketSession } from './market.entities.ts';
import { slotAt } from './session-slots.ts';

export const bookId = ({ participantId, orderId }: Pick<MarketOrder, 'participantId' | 'orderId'>): string =>
  `${participantId}/${orderId}`;

/** The terms of a session that a book of one of its slots is cleared by. */
type Terms = Pick<MarketSession, 'id' | 'mechanism' | 'startsAt' | 'endsAt' | 'resolutionMinutes'>;

/** The sealed orders of one slot, and what clears any of them by the session's mechanism. */
export interface SlotBook {
  readonly orders: readonly Order[];
  readonly clear: (book: readonly Order[]) => ClearingResult;
}

/** The orders of a session by the start of their slot. */
export function booksOf(session: Terms, rows: readonly MarketOrder[]): ReadonlyMap<number, SlotBook> {
  const slots = new Map<number, MarketOrder[]>();
  for (const row of rows) {
    const startMs = row.startsAt.getTime();
    const book = slots.get(startMs) ?? [];
    book.push(row);
    slots.set(startMs, book);
  }
  return new Map([...slots].map(([startMs, book]) => [startMs, bookOf(session, startMs, book)]));
}

/** @param rows the whole sealed book of the slot, empty where nobody ordered */
export function bookOf(session: Terms, startMs: number, rows: readonly MarketOrder[]): SlotBook {
  const mechanism = mechanismNamed(session.mechanism);
  const options = optionsOf(mechanism, `${session.id}/${startMs}`, rows);
  return {
    orders: rows.map((row) => toOrder(session, row)),
    clear: (book) => mechanism.clear(book, options),
  };
}

function optionsOf({ takes }: Mechanism, place: string, rows: readonly MarketOrder[]): ClearingOptions {
  return {
    // Books from before crossing orders of one participant were refused would never clear.
    ...(takes.includes('ownMatches') && { ownMatches: 'cancel' as const }),
    ...(takes.includes('seed') && { seed: lotsOf(place, rows) }),
  };
}

/**
 * Lots of their own for every slot, from the signatures of its sealed book: nobody can tell them before the gate closes, as
 * from the session's id, and whoever audits the book can draw them again.
 */
function lotsOf(place: string, rows: readonly MarketOrder[]): string {
  const signatures = rows.map(({ signature }) => signature).toSorted();
  return `${place}/${toHex(sha256Now(utf8(JSON.stringify(signatures))))}`;
}

/** The market's members are participants: each bids, delivers and settles for its own site. */
function toOrder(session: Terms, row: MarketOrder): Order {
  return {
    id: bookId(row),
    member: row.participantId,
    interval: slotAt(session, row.startsAt.getTime()),
    side: row.side,
    quantityWh: row.quantityWh,
    pricePerMwh: row.pricePerMwh,
    receivedAtMs: row.receivedAt.getTime(),
  };
}
