import { DomainError, type Interval, isoInstant, localDay } from '#core';
import {
  type Direction,
  type OrderTerms,
  type ProductKind,
  type Side,
  type SlotMinutes,
  MAX_SLOTS,
  requireOrder,
  requireRetailTerms,
  requireSlotMinutes,
} from '#market';
import { isUuid } from '../pipeline/uuid.ts';
import { requireIntraday } from './intraday-gate.ts';
import { type MechanismTerms, requireMechanismTerms } from './mechanism-terms.ts';
import { slotAt, type Slotted } from './session-slots.ts';

/**
 * OPEN takes orders; CLOSED waits for the clearing job; CLEARED takes delivery statements; DELIVERED waits for the
 * settlement job; SETTLED is final. Each state is left once, in this order. A session that is OPEN or CLOSED may also end
 * CANCELLED, without trades.
 */
export const SESSION_STATES = ['OPEN', 'CLOSED', 'CLEARED', 'DELIVERED', 'SETTLED', 'CANCELLED'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** Wake-ups of the market; all carry `{ sessionId }` and find in the database what is to be done. */
export const CLEAR_JOB = 'market.clear';
export const SETTLE_JOB = 'market.settle';
export const SHARE_JOB = 'market.share';

/**
 * Limits that keep every sum of a session an exact integer whatever its members send, so that no order can make a book
 * impossible to clear or to settle: 1 GWh an order, 100 000 major units per MWh, 2 000 orders a participant.
 */
export const MAX_SESSION_ORDER_WH = 1_000_000_000;
export const MAX_SESSION_PRICE_PER_MWH = 10_000_000;
export const MAX_ORDERS_PER_PARTICIPANT = 2_000;
export const MAX_ORDERS_PER_REQUEST = 500;
const MAX_POWERS = 1_000;
const MAX_POWER = 1_000_000;
export const MAX_DELIVERY_WH = 10_000_000_000;
/** All of a day of quarters of an hour. */
export const MAX_STATEMENTS_PER_REQUEST = MAX_SLOTS;

/** A participant's power α in bargaining over the session's surplus, against the aggregator's 1. */
export interface MarketPower {
  readonly participantId: string;
  readonly alpha: number;
}

export interface SessionDraft extends MechanismTerms {
  readonly zone: string;
  /** YYYY-MM-DD in the zone. */
  readonly deliveryDate: string;
  readonly retailPerMwh: number;
  readonly feedInPerMwh: number;
  readonly currency: string;
  readonly gateClosesAtMs: number | null;
  readonly product: ProductKind;
  readonly direction: Direction | null;
  /** Length of a slot: one of SLOT_MINUTES. */
  readonly resolutionMinutes: number;
  /** A feeder of the organiser that trades must respect. */
  readonly feederId: string | null;
  /** Participants that are not named have power 1. */
  readonly powers: readonly MarketPower[];
  /** How long before its slot an order book beside the auction closes; null: there is none. */
  readonly intradayLeadMinutes: number | null;
  /** For so many days after settlement statements may be corrected. */
  readonly correctionDays: number;
}

/**
 * The delivery day and slots of a session that may be opened.
 * @throws ZONE_UNKNOWN, DATE_MALFORMED, RETAIL_TERMS, SESSION_PRICE, SESSION_CURRENCY, SESSION_GATE, SESSION_POWERS,
 * SESSION_RESOLUTION, SESSION_INTRADAY, and what requireMechanismTerms throws.
 */
export function requireSession(draft: SessionDraft): {
  readonly day: Interval;
  readonly resolutionMinutes: SlotMinutes;
} {
  const { zone, deliveryDate, retailPerMwh, feedInPerMwh, currency, gateClosesAtMs } = draft;
  requireMechanismTerms(draft, MAX_SESSION_ORDER_WH);
  requirePowers(draft.powers);
  requireIntraday(draft);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(deliveryDate)) {
    throw new DomainError(
      'DATE_MALFORMED',
      `expected a delivery date YYYY-MM-DD, got ${JSON.stringify(deliveryDate.slice(0, 40))}`,
    );
  }
  const day = localDay(zone, deliveryDate);
  const resolutionMinutes = requireSlotMinutes(day, draft.resolutionMinutes);
  requireRetailTerms({ retailPerMwh, feedInPerMwh });
  if (Math.max(Math.abs(retailPerMwh), Math.abs(feedInPerMwh)) > MAX_SESSION_PRICE_PER_MWH) {
    throw new DomainError(
      'SESSION_PRICE',
      `expected prices within ±${MAX_SESSION_PRICE_PER_MWH} minor units per MWh`,
    );
  }
  // XXX is no currency: the ledger counts certificates by it.
  if (!/^[A-Z]{3}$/.test(currency) || currency === 'XXX') {
    throw new DomainError(
      'SESSION_CURRENCY',
      `expected a currency as in ISO 4217, got ${JSON.stringify(currency)}`,
    );
  }
  if (gateClosesAtMs !== null && gateClosesAtMs > day.endMs) {
    throw new DomainError(
      'SESSION_GATE',
      `expected a gate closure by the end of delivery, ${isoInstant(day.endMs)}`,
    );
  }
  return { day, resolutionMinutes };
}

/** @throws SESSION_POWERS */
function requirePowers(powers: readonly MarketPower[]): void {
  const named = new Set(powers.map(({ participantId }) => participantId));
  const odd = powers.find(
    ({ participantId, alpha }) => !(isUuid(participantId) && alpha > 0 && alpha <= MAX_POWER),
  );
  if (named.size === powers.length && powers.length <= MAX_POWERS && odd === undefined) return;
  throw new DomainError(
    'SESSION_POWERS',
    `expected at most ${MAX_POWERS} powers above 0 and up to ${MAX_POWER}, one a participant`,
    'invalid',
    { participant: odd?.participantId.slice(0, 64) ?? null },
  );
}

/** What of an order decides whether it crosses another. */
interface Limit {
  readonly id: string;
  readonly startMs: number;
  readonly side: Side;
  readonly pricePerMwh: number;
}

/**
 * A participant's bids must stay below its asks of the same slot: it would pay itself, and move prices for nothing.
 * @throws ORDER_SELF_CROSSED
 */
export function requireUncrossed(orders: readonly Limit[]): void {
  const lowestAsk = new Map<number, number>();
  for (const { side, startMs, pricePerMwh } of orders) {
    if (side === 'sell') lowestAsk.set(startMs, Math.min(pricePerMwh, lowestAsk.get(startMs) ?? Infinity));
  }
  const crossing = orders.find(
    ({ side, startMs, pricePerMwh }) => side === 'buy' && pricePerMwh >= (lowestAsk.get(startMs) ?? Infinity),
  );
  if (crossing === undefined) return;
  throw new DomainError(
    'ORDER_SELF_CROSSED',
    `expected bids below the participant's own asks of the slot, got order ${crossing.id} at or above one`,
    'conflict',
    { order: crossing.id, startsAt: isoInstant(crossing.startMs) },
  );
}

export interface PlacedOrder {
  readonly id: string;
  readonly startMs: number;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly terms: OrderTerms;
  readonly signature: string;
}

/**
 * Checks a batch of orders against the session, before signatures.
 * @throws ORDERS_COUNT, ORDER_ID, ORDER_DUPLICATE, HOUR_NOT_IN_SESSION, ORDER_HOUR_STARTED, ORDER_QUANTITY, ORDER_PRICE.
 */
export function requireOrders(
  orders: readonly Omit<PlacedOrder, 'terms'>[],
  session: Slotted,
  nowMs: number,
): void {
  requireCount('ORDERS_COUNT', orders.length, MAX_ORDERS_PER_REQUEST);
  requireUnique(
    'ORDER_DUPLICATE',
    orders.map(({ id }) => id),
  );
  for (const order of orders) {
    if (!/^[\w-]{1,64}$/.test(order.id)) {
      throw new DomainError('ORDER_ID', 'expected an order id of 1–64 letters, digits, _ or -, got another');
    }
    requireSessionOrder(order, session, nowMs);
  }
}

/** @throws HOUR_NOT_IN_SESSION, ORDER_HOUR_STARTED, ORDER_QUANTITY, ORDER_PRICE */
export function requireSessionOrder(
  { id, startMs, ...terms }: Omit<PlacedOrder, 'terms' | 'signature'>,
  session: Slotted,
  nowMs: number,
): void {
  const slot = slotAt(session, startMs);
  if (startMs < nowMs) {
    throw new DomainError(
      'ORDER_HOUR_STARTED',
      `expected a slot yet to begin, got ${isoInstant(startMs)}`,
      'conflict',
    );
  }
  requireOrderSize(id, slot, terms);
}

type OrderSize = Pick<PlacedOrder, 'side' | 'quantityWh' | 'pricePerMwh'>;

/** @throws ORDER_QUANTITY, ORDER_PRICE */
export function requireOrderSize(
  id: string,
  slot: Interval,
  { side, quantityWh, pricePerMwh }: OrderSize,
): void {
  requireOrder({ id, member: id, interval: slot, side, quantityWh, pricePerMwh });
  if (quantityWh > MAX_SESSION_ORDER_WH) {
    throw new DomainError(
      'ORDER_QUANTITY',
      `expected at most ${MAX_SESSION_ORDER_WH} Wh in order ${id}`,
      'limit',
    );
  }
  if (Math.abs(pricePerMwh) > MAX_SESSION_PRICE_PER_MWH) {
    throw new DomainError(
      'ORDER_PRICE',
      `expected a price within ±${MAX_SESSION_PRICE_PER_MWH} in order ${id}`,
      'limit',
    );
  }
}

/** @throws DELIVERY_TOO_EARLY before the slot's end */
export function requireEnded({ endMs }: Interval, nowMs: number): void {
  if (nowMs >= endMs) return;
  throw new DomainError(
    'DELIVERY_TOO_EARLY',
    `expected the slot to end at ${isoInstant(endMs)} first`,
    'conflict',
  );
}

/** @throws `code` unless there are 1 to `most` of them. */
export function requireCount(code: string, count: number, most: number): void {
  if (count < 1 || count > most)
    throw new DomainError(code, `expected 1–${most} in one request, got ${count}`, 'limit');
}

/** @throws `code` where a key comes twice. */
export function requireUnique(code: string, keys: readonly (string | number)[]): void {
  if (new Set(keys).size !== keys.length)
    throw new DomainError(code, 'expected each once in a request, got one twice');
}

/** @throws SESSION_UNKNOWN */
export function requireSessionId(id: string): string {
  if (!isUuid(id)) throw unknownSession(id);
  return id;
}

export const unknownSession = (id: string): DomainError =>
  new DomainError('SESSION_UNKNOWN', 'expected a market session, got none of this id', 'not-found', {
    session: id.slice(0, 64),
  });

/** @throws SESSION_NOT_CLEARED */
export function requireCleared(state: SessionState): void {
  if (state !== 'OPEN' && state !== 'CLOSED' && state !== 'CANCELLED') return;
  const message = `expected a cleared session, got one that is ${state}`;
  throw new DomainError('SESSION_NOT_CLEARED', message, 'conflict', { state });
}
