import { sha256Now, toHex, utf8 } from '#core';
import {
  type ClearingOptions,
  type ClearingResult,
  isDefaultOrder,
  lotSeed,
  type Mechanism,
  mechanismNamed,
  type Order,
  type Reveal,
  withinDeficit,
  type OrderAttributes,
  type OrderTerms,
  type Preference,
} from '#market';
import type { MarketOrder, MarketSession } from './market.entities.ts';
import { slotAt } from './session-slots.ts';

/** Nonces that lots are drawn from, the market's among them; null in a session without. */
export type Lots = readonly Reveal[] | null;

export const bookId = ({ participantId, orderId }: Pick<MarketOrder, 'participantId' | 'orderId'>): string =>
  `${participantId}/${orderId}`;

/** What partners are chosen by where a mechanism takes preferences, the most important first. */
const SESSION_PREFERENCES: readonly Preference[] = ['local', 'green', 'trusted'];

/** The terms of a session that a book of one of its slots is cleared by. */
type Terms = Pick<
  MarketSession,
  'id' | 'mechanism' | 'startsAt' | 'endsAt' | 'resolutionMinutes' | 'deficitCapMinor'
>;

/** The sealed orders of one slot less the forfeited ones, and what clears any of them by the session's mechanism. */
export interface SlotBook {
  readonly orders: readonly Order[];
  readonly clear: (book: readonly Order[]) => ClearingResult;
}

/** The orders of a session by the start of their slot. */
export function booksOf(
  session: Terms,
  rows: readonly MarketOrder[],
  lots: Lots,
): ReadonlyMap<number, SlotBook> {
  const slots = new Map<number, MarketOrder[]>();
  for (const row of rows) {
    const startMs = row.startsAt.getTime();
    const book = slots.get(startMs) ?? [];
    book.push(row);
    slots.set(startMs, book);
  }
  return new Map([...slots].map(([startMs, book]) => [startMs, bookOf(session, startMs, book, lots)]));
}

/** @param rows the whole sealed book of the slot, empty where nobody ordered */
export function bookOf(session: Terms, startMs: number, rows: readonly MarketOrder[], lots: Lots): SlotBook {
  const mechanism = mechanismNamed(session.mechanism);
  const { kept, forfeited } = forfeit(rows, lots);
  const seed = lots === null ? lotsOfBook(`${session.id}/${startMs}`, rows) : lotSeed(session.id, slotAt(session, startMs), lots); // prettier-ignore
  const options = optionsOf(mechanism, seed);
  return {
    orders: kept.map((row) => toOrder(session, row)),
    clear: (book) => {
      const result = noting(mechanism.clear(book, options), forfeited);
      return session.deficitCapMinor === null ? result : withinDeficit(result, session.deficitCapMinor);
    },
  };
}

interface Forfeited {
  readonly orders: number;
  readonly participants: number;
}

/** Who withholds its nonce has no orders; who was not heard at all has those it declared beforehand. */
function forfeit(
  rows: readonly MarketOrder[],
  lots: Lots,
): { readonly kept: readonly MarketOrder[]; readonly forfeited: Forfeited | null } {
  if (lots === null) return { kept: rows, forfeited: null };
  const revealed = new Set(lots.map(({ participant }) => participant));
  const isKept = ({ participantId, orderId }: MarketOrder): boolean =>
    revealed.has(participantId) || isDefaultOrder(orderId);
  const lost = rows.filter((row) => !isKept(row));
  const participants = new Set(lost.map(({ participantId }) => participantId)).size;
  return {
    kept: rows.filter(isKept),
    forfeited: { orders: lost.length, participants },
  };
}

function noting(result: ClearingResult, forfeited: Forfeited | null): ClearingResult {
  if (forfeited === null) return result;
  const { certificate } = result;
  const details = { ...certificate.details, forfeited: { ...forfeited } };
  return { ...result, certificate: { ...certificate, details } };
}

function optionsOf({ takes }: Mechanism, seed: string): ClearingOptions {
  return {
    // Books from before crossing orders of one participant were refused would never clear.
    ...(takes.includes('ownMatches') && { ownMatches: 'cancel' as const }),
    ...(takes.includes('preferences') && { preferences: SESSION_PREFERENCES }),
    ...(takes.includes('seed') && { seed }),
  };
}

/** What lots were drawn from in sessions opened before members committed to them: the signatures of the sealed book. */
function lotsOfBook(place: string, rows: readonly MarketOrder[]): string {
  const signatures = rows.map(({ signature }) => signature).toSorted();
  return `${place}/${toHex(sha256Now(utf8(JSON.stringify(signatures))))}`;
}

/** The market's members are participants: each bids, delivers and settles for its own site. */
export function toOrder(session: Terms, row: MarketOrder): Order {
  return {
    id: bookId(row),
    member: row.participantId,
    interval: slotAt(session, row.startsAt.getTime()),
    side: row.side,
    quantityWh: row.quantityWh,
    pricePerMwh: row.pricePerMwh,
    receivedAtMs: row.receivedAt.getTime(),
    ...attributesOf(row.terms),
  };
}

function attributesOf({ preferences }: OrderTerms): { readonly attributes?: OrderAttributes } {
  if (preferences === undefined) return {};
  const { local, green, trusted } = preferences;
  return {
    attributes: {
      ...(local !== undefined && { zone: local }),
      ...(green !== undefined && { green }),
      ...(trusted !== undefined && { trusts: trusted }),
    },
  };
}
