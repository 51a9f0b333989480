import { DomainError, type Interval } from '#core';

export type Side = 'buy' | 'sell';

/** A limit order for one delivery interval: buy at most, or sell at least, at `pricePerMwh`; may be filled in part. */
export interface Order {
  readonly id: string;
  /** Whose position it changes; the unit of individual rationality and of settlement. */
  readonly member: string;
  readonly interval: Interval;
  readonly side: Side;
  /** Integer Wh, 1 … MAX_ORDER_WH. */
  readonly quantityWh: number;
  /** Limit in integer minor units per MWh; negative prices are prices. At most MAX_PRICE_PER_MWH in magnitude. */
  readonly pricePerMwh: number;
  /** Rank for time priority, earlier is better (receipt time or sequence number); absent counts as 0. */
  readonly receivedAtMs?: number;
}

/** One PWh an order: with it the book's total stays an exact integer up to nine such orders, and is checked beyond. */
export const MAX_ORDER_WH = 1_000_000_000_000_000;
export const MAX_PRICE_PER_MWH = 1_000_000_000_000;

/** @throws ORDER_QUANTITY, ORDER_PRICE, ORDER_SIDE for an order that no mechanism could execute exactly. */
export function requireOrder(order: Order): void {
  const { id, quantityWh, pricePerMwh, side } = order;
  if (side !== 'buy' && side !== 'sell') {
    throw new DomainError('ORDER_SIDE', `expected side buy or sell in order ${id}, got ${String(side)}`);
  }
  if (!Number.isSafeInteger(quantityWh) || quantityWh < 1 || quantityWh > MAX_ORDER_WH) {
    throw new DomainError(
      'ORDER_QUANTITY',
      `expected 1 to ${MAX_ORDER_WH} whole Wh in order ${id}, got ${quantityWh}`,
    );
  }
  if (!Number.isSafeInteger(pricePerMwh) || Math.abs(pricePerMwh) > MAX_PRICE_PER_MWH) {
    throw new DomainError(
      'ORDER_PRICE',
      `expected whole minor units per MWh within ±${MAX_PRICE_PER_MWH} in order ${id}, got ${pricePerMwh}`,
    );
  }
}

/** @throws what requireOrder does, and ORDER_DUPLICATE, ORDER_INTERVAL unless the orders form one book of one interval. */
export function requireBook(orders: readonly Order[]): void {
  const ids = new Set<string>();
  const first = orders[0]?.interval;
  let totalWh = 0;
  for (const order of orders) {
    requireOrder(order);
    if (ids.has(order.id))
      throw new DomainError('ORDER_DUPLICATE', `expected each order once, got ${order.id} twice`);
    ids.add(order.id);
    if (order.interval.startMs !== first?.startMs || order.interval.endMs !== first.endMs) {
      throw new DomainError(
        'ORDER_INTERVAL',
        `expected orders of one interval, got another in order ${order.id}`,
      );
    }
    totalWh += order.quantityWh;
  }
  if (!Number.isSafeInteger(totalWh)) {
    throw new DomainError('ORDER_QUANTITY', `expected at most 2^53 Wh in one book, got ${totalWh}`, 'limit');
  }
}
