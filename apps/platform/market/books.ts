import { HOUR_MS, type Interval, interval, sha256Now, toHex, utf8 } from '#core';
import {
  type ClearingOptions,
  type ClearingResult,
  type Mechanism,
  mechanismNamed,
  type Order,
} from '#market';
import type { MarketOrder, MarketSession } from './market.entities.ts';

export const bookId = ({ participantId, orderId }: MarketOrder): string => `${participantId}/${orderId}`;

export const hourAt = (start: Date): Interval => interval(start.getTime(), start.getTime() + HOUR_MS);

/** The sealed orders of one hour, and what clears any of them by the session's mechanism. */
export interface HourBook {
  readonly orders: readonly Order[];
  readonly clear: (book: readonly Order[]) => ClearingResult;
}

/** The orders of a session by the start of their hour. */
export function booksOf(
  session: Pick<MarketSession, 'id' | 'mechanism'>,
  rows: readonly MarketOrder[],
): ReadonlyMap<number, HourBook> {
  const hours = new Map<number, MarketOrder[]>();
  for (const row of rows) {
    const startMs = row.startsAt.getTime();
    const book = hours.get(startMs) ?? [];
    book.push(row);
    hours.set(startMs, book);
  }
  return new Map([...hours].map(([startMs, book]) => [startMs, bookOf(session, startMs, book)]));
}

/** @param rows the whole sealed book of the hour, empty where nobody ordered */
export function bookOf(
  { id, mechanism: name }: Pick<MarketSession, 'id' | 'mechanism'>,
  startMs: number,
  rows: readonly MarketOrder[],
): HourBook {
  const mechanism = mechanismNamed(name);
  const options = optionsOf(mechanism, `${id}/${startMs}`, rows);
  return { orders: rows.map(toOrder), clear: (book) => mechanism.clear(book, options) };
}

function optionsOf({ takes }: Mechanism, place: string, rows: readonly MarketOrder[]): ClearingOptions {
  return {
    // Books from before crossing orders of one participant were refused would never clear.
    ...(takes.includes('ownMatches') && { ownMatches: 'cancel' as const }),
    ...(takes.includes('seed') && { seed: lotsOf(place, rows) }),
  };
}

/**
 * Lots of their own for every hour, from the signatures of its sealed book: nobody can tell them before the gate closes, as
 * from the session's id, and whoever audits the book can draw them again.
 */
function lotsOf(place: string, rows: readonly MarketOrder[]): string {
  const signatures = rows.map(({ signature }) => signature).toSorted();
  return `${place}/${toHex(sha256Now(utf8(JSON.stringify(signatures))))}`;
}

/** The market's members are participants: each bids, delivers and settles for its own site. */
function toOrder(row: MarketOrder): Order {
  return {
    id: bookId(row),
    member: row.participantId,
    interval: hourAt(row.startsAt),
    side: row.side,
    quantityWh: row.quantityWh,
    pricePerMwh: row.pricePerMwh,
    receivedAtMs: row.receivedAt.getTime(),
  };
}
