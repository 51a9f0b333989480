import { DomainError, type Interval } from '#core';

export type Side = 'buy' | 'sell';

/** What bilateral matching may prefer by. */
export interface OrderAttributes {
  /** Where it is; two orders of one zone are local to each other. */
  readonly zone?: string;
  /** Of a sell order: its energy is green; of a buy order: it wants green energy. */
  readonly green?: boolean;
  /** Members it trusts. */
  readonly trusts?: readonly string[];
  /** How much it wants to trade with members, absent ones 0. */
  readonly relations?: Readonly<Record<string, number>>;
}

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
  /** First instant at which it no longer waits in an order book; absent waits on. */
  readonly expiresAtMs?: number;
  /** What it is and wants, for bilateral matching. */
  readonly attributes?: OrderAttributes;
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

/** @throws ORDER_INTERVAL unless the order is for the same interval as the first of its book */
export function requireInterval({ id, interval }: Order, first: Order): void {
  const of = first.interval;
  if (interval === of || (interval.startMs === of.startMs && interval.endMs === of.endMs)) return;
  throw new DomainError('ORDER_INTERVAL', `expected orders of one interval, got another in order ${id}`);
}

/** @throws ORDER_QUANTITY beyond what is exact in sum */
export function requireTotal(totalWh: number): void {
  if (Number.isSafeInteger(totalWh)) return;
  throw new DomainError('ORDER_QUANTITY', `expected at most 2^53 Wh in one book, got ${totalWh}`, 'limit');
}
