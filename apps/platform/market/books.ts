import { HOUR_MS, type Interval, interval } from '#core';
import { type ClearingResult, mechanismNamed, type Order } from '#market';
import type { MarketOrder, MarketSession } from './market.entities.ts';

export const bookId = ({ participantId, orderId }: MarketOrder): string => `${participantId}/${orderId}`;

export const hourAt = (start: Date): Interval => interval(start.getTime(), start.getTime() + HOUR_MS);

/** The orders of a session by the start of their hour. */
export function booksOf(orders: readonly MarketOrder[]): ReadonlyMap<number, Order[]> {
  const books = new Map<number, Order[]>();
  for (const row of orders) {
    const startMs = row.startsAt.getTime();
    const book = books.get(startMs) ?? [];
    book.push(toOrder(row));
    books.set(startMs, book);
  }
  return books;
}

/** Clears books of one hour by the session's mechanism. */
export function clearerOf(
  session: Pick<MarketSession, 'id' | 'mechanism'>,
  hour: Pick<Interval, 'startMs'>,
): (book: readonly Order[]) => ClearingResult {
  const mechanism = mechanismNamed(session.mechanism);
  // Lots of their own for every hour, from what was there before any bid.
  const options = mechanism.takes.includes('seed') ? { seed: `${session.id}/${hour.startMs}` } : {};
  return (book) => mechanism.clear(book, options);
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
