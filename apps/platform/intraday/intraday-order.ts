import { DomainError, type Interval, isoInstant } from '#core';
import type { Order, Side, TimeInForce } from '#market';
import { type PlacedOrder, requireCount, requireOrders } from '../market/session.ts';
import type { Slotted } from '../market/session-slots.ts';

/**
 * Each order is matched under the lock of its book and each one that waits is looked at by others: 50 a request, 200 open
 * ones and 2 000 in all a participant and session, which keeps sums of a session exact as the auction's limits do.
 */
const MAX_ORDERS_PER_REQUEST = 50;
const MAX_OPEN_ORDERS = 200;
const MAX_ORDERS = 2_000;

/** An order for an order book: of energy, with no terms beyond its limit. */
export interface PlacedIntradayOrder extends Omit<PlacedOrder, 'terms'> {
  readonly timeInForce: TimeInForce;
  /** First instant at which it no longer waits; null waits until the gate. */
  readonly expiresAtMs: number | null;
}

/**
 * How an order ended: all of it traded; its owner withdrew it; it did not trade at once and was not for waiting; it met an
 * order of its own participant.
 */
export type OrderEnd = 'FILLED' | 'CANCELLED' | 'UNFILLED' | 'SELF_TRADE';

export const INTRADAY_ORDER_STATES = [
  'OPEN',
  'FILLED',
  'CANCELLED',
  'UNFILLED',
  'SELF_TRADE',
  'EXPIRED',
] as const;
export type IntradayOrderState = (typeof INTRADAY_ORDER_STATES)[number];

interface Waiting {
  readonly ended: OrderEnd | null;
  readonly expiresAt: Date | null;
}

/** Expiry and gate end an order without anybody's doing. */
export function stateOf({ ended, expiresAt }: Waiting, gateMs: number, nowMs: number): IntradayOrderState {
  if (ended !== null) return ended;
  return nowMs < Math.min(gateMs, expiresAt?.getTime() ?? Infinity) ? 'OPEN' : 'EXPIRED';
}

/**
 * Checks a batch of orders against the session, before signatures; gates are checked where the book is held.
 * @throws what requireOrders does, ORDER_EXPIRY.
 */
export function requireIntradayOrders(
  orders: readonly PlacedIntradayOrder[],
  session: Slotted,
  nowMs: number,
): void {
  requireCount('ORDERS_COUNT', orders.length, MAX_ORDERS_PER_REQUEST);
  requireOrders(orders, session, session.startsAt.getTime());
  for (const order of orders) requireExpiry(order, nowMs);
}

/** @throws ORDER_EXPIRY unless it lies ahead, and only where an order may wait. */
export function requireExpiry(
  { id, timeInForce, expiresAtMs }: Pick<PlacedIntradayOrder, 'id' | 'timeInForce' | 'expiresAtMs'>,
  nowMs: number,
): void {
  if (expiresAtMs === null || (timeInForce === 'gtd' && expiresAtMs > nowMs)) return;
  throw new DomainError(
    'ORDER_EXPIRY',
    `expected an expiry after ${isoInstant(nowMs)}, and none of an order that does not wait, got another in order ${id}`,
    'invalid',
    { order: id },
  );
}

/** @throws ORDERS_LIMIT where a participant would have too many orders in a session, or too many that wait. */
export function requireRoom({ all, open }: { readonly all: number; readonly open: number }): void {
  if (all <= MAX_ORDERS && open <= MAX_OPEN_ORDERS) return;
  throw new DomainError(
    'ORDERS_LIMIT',
    `expected at most ${MAX_OPEN_ORDERS} open intraday orders and ${MAX_ORDERS} a session, got more`,
    'limit',
  );
}

/** Whose order it is, and what of it the book must know. */
export interface BookOrder {
  readonly participantId: string;
  readonly orderId: string;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
}

/** The market's members are participants: two of one organisation may trade with each other. */
export const toOrder = (order: BookOrder, slot: Interval): Order => ({
  id: `${order.participantId}/${order.orderId}`,
  member: order.participantId,
  interval: slot,
  side: order.side,
  quantityWh: order.quantityWh,
  pricePerMwh: order.pricePerMwh,
});

/** What requireOrders takes for an id: others are not looked for. */
export const isOrderId = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

/** The order as it was placed before. @throws ORDER_CONFLICT */
export function requireSameTerms(
  order: PlacedIntradayOrder,
  known: Omit<PlacedIntradayOrder, 'signature'> | undefined,
): void {
  if (known === undefined || isSameOrder(order, known)) return;
  throw new DomainError(
    'ORDER_CONFLICT',
    `expected order ${order.id} as it was placed, got other terms`,
    'conflict',
    { order: order.id },
  );
}

const TERMS = ['startMs', 'side', 'quantityWh', 'pricePerMwh', 'timeInForce', 'expiresAtMs'] as const;

export const isSameOrder = (
  order: PlacedIntradayOrder,
  known: Omit<PlacedIntradayOrder, 'signature'> | undefined,
): boolean => known !== undefined && TERMS.every((term) => order[term] === known[term]);
