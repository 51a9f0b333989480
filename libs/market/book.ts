import { DomainError } from '#core';
import { type Order, requireBook } from './order.ts';

/** One side of a book in columns, best limit first; rank r is the r-th best order. */
export interface BookSide {
  readonly orders: readonly Order[];
  /** What a price must reach: the order's limit less the fees it carries. Integer minor units per MWh. */
  readonly limitsPerMwh: Float64Array;
  readonly quantitiesWh: Float64Array;
  /** Index into the book's members. */
  readonly members: Int32Array;
}

/** All orders of one interval in merit order; equal limits by time, then by id, so that input order never matters. */
export interface Book {
  readonly buys: BookSide;
  readonly sells: BookSide;
  /** Members in the order of their first order by merit, buyers first. */
  readonly members: readonly string[];
}

/** What every traded MWh costs beside its price, integer minor units per MWh; the market's income, not the other side's. */
export interface TradeFees {
  readonly buyPerMwh: number;
  readonly sellPerMwh: number;
}

export const NO_FEES: TradeFees = { buyPerMwh: 0, sellPerMwh: 0 };

/**
 * A checked book. Fees enter here once: a buyer's limit falls by its fee, a seller's rises, and whatever trades then is
 * worth its fees.
 * @throws what requireBook throws
 */
export function bookOf(orders: readonly Order[], fees: TradeFees = NO_FEES): Book {
  requireBook(orders);
  const buys = orders.filter((order) => order.side === 'buy');
  const sells = orders.filter((order) => order.side === 'sell');
  buys.sort((a, b) => b.pricePerMwh - a.pricePerMwh || byPriority(a, b));
  sells.sort((a, b) => a.pricePerMwh - b.pricePerMwh || byPriority(a, b));
  const indices = new Map<string, number>();
  return {
    buys: columnsOf(buys, -fees.buyPerMwh, indices),
    sells: columnsOf(sells, fees.sellPerMwh, indices),
    members: [...indices.keys()],
  };
}

function byPriority(a: Order, b: Order): number {
  return (a.receivedAtMs ?? 0) - (b.receivedAtMs ?? 0) || (a.id < b.id ? -1 : 1);
}

function columnsOf(orders: readonly Order[], shift: number, indices: Map<string, number>): BookSide {
  const limitsPerMwh = new Float64Array(orders.length);
  const quantitiesWh = new Float64Array(orders.length);
  const members = new Int32Array(orders.length);
  orders.forEach(({ member, pricePerMwh, quantityWh }, rank) => {
    limitsPerMwh[rank] = pricePerMwh + shift;
    quantitiesWh[rank] = quantityWh;
    const index = indices.get(member) ?? indices.size;
    indices.set(member, index);
    members[rank] = index;
  });
  return { orders, limitsPerMwh, quantitiesWh, members };
}

/** @throws ORDER_SELF_CROSSED where a member's bid reaches its own ask: it would pay itself, and move prices for nothing. */
export function requireNoSelfCrossing({ buys, sells, members }: Book): void {
  const lowestAsk = new Float64Array(members.length).fill(Infinity);
  for (let rank = sells.orders.length - 1; rank >= 0; rank--) {
    lowestAsk[sells.members[rank]!] = sells.orders[rank]!.pricePerMwh;
  }
  buys.orders.forEach(({ id, pricePerMwh }, rank) => {
    if (pricePerMwh < lowestAsk[buys.members[rank]!]!) return;
    throw new DomainError(
      'ORDER_SELF_CROSSED',
      `expected no member to bid what it asks for or more, got order ${id} against an own offer`,
      'invalid',
      { order: id },
    );
  });
}

/** Where the stepwise curves cross. Prices in minor units per MWh, without fees. */
export interface Intersection {
  readonly quantityWh: number;
  /** The prices at which nobody's order is filled or left out against its limit; null where a side is missing. */
  readonly lowPerMwh: number | null;
  readonly highPerMwh: number | null;
  /** Ranks of the last orders that trade, in part at least; −1 when nothing crosses. */
  readonly lastBuy: number;
  readonly lastSell: number;
}

/**
 * Walks both curves while the buyer's limit reaches the seller's: the largest quantity any single price can trade
 * (zero-surplus trades included), and the interval of prices that support it,
 * [max(last seller in, first buyer out), min(last buyer in, first seller out)].
 */
export function intersect({ buys, sells }: Pick<Book, 'buys' | 'sells'>): Intersection {
  let [b, s, boughtWh, soldWh, quantityWh] = [0, 0, 0, 0, 0];
  let [lastBuy, lastSell] = [-1, -1];
  const bids = buys.limitsPerMwh;
  const asks = sells.limitsPerMwh;
  while (b < bids.length && s < asks.length && bids[b]! >= asks[s]!) {
    [lastBuy, lastSell] = [b, s];
    const buyEndWh = boughtWh + buys.quantitiesWh[b]!;
    const sellEndWh = soldWh + sells.quantitiesWh[s]!;
    quantityWh = Math.min(buyEndWh, sellEndWh);
    if (buyEndWh === quantityWh) [b, boughtWh] = [b + 1, buyEndWh];
    if (sellEndWh === quantityWh) [s, soldWh] = [s + 1, sellEndWh];
  }
  return {
    quantityWh,
    lowPerMwh: extreme(Math.max, asks[lastSell], bids[b]),
    highPerMwh: extreme(Math.min, bids[lastBuy], asks[s]),
    lastBuy,
    lastSell,
  };
}

function extreme(
  pick: (a: number, b: number) => number,
  a: number | undefined,
  b: number | undefined,
): number | null {
  if (a === undefined) return b ?? null;
  return b === undefined ? a : pick(a, b);
}
