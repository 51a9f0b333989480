import { DomainError } from '#core';
import { firstOfEach, intern, type Interned } from './interner.ts';
import { type Order, requireInterval, requireOrder, requireTotal } from './order.ts';
import { sortIndices } from './sort-indices.ts';

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
  /** Every member once. */
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
 * worth its fees. One pass over the orders as they came, one sort of integers a side, one permutation.
 * @throws what requireOrder throws; ORDER_DUPLICATE, ORDER_INTERVAL unless the orders form one book of one interval
 */
export function bookOf(orders: readonly Order[], fees: TradeFees = NO_FEES): Book {
  const columns = columnsOf(orders, fees);
  return {
    buys: sideOf(orders, columns, columns.buys),
    sells: sideOf(orders, columns, columns.sells),
    members: columns.members.names,
  };
}

/** A book as it came; indices are those of its orders. */
interface Columns {
  readonly limits: Float64Array;
  /** Ascending: best first. */
  readonly merits: Float64Array;
  readonly times: Float64Array;
  readonly quantities: Float64Array;
  readonly members: Interned;
  readonly buys: Uint32Array;
  readonly sells: Uint32Array;
}

function columnsOf(orders: readonly Order[], fees: TradeFees): Columns {
  const n = orders.length;
  const [limits, merits, times, quantities] = [0, 0, 0, 0].map(() => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array, Float64Array]; // prettier-ignore
  const [buys, sells] = [new Uint32Array(n), new Uint32Array(n)];
  let [bought, sold, totalWh] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const order = orders[i]!;
    requireOrder(order);
    requireInterval(order, orders[0]!);
    const isBuy = order.side === 'buy';
    limits[i] = isBuy ? order.pricePerMwh - fees.buyPerMwh : order.pricePerMwh + fees.sellPerMwh;
    merits[i] = isBuy ? -limits[i]! : limits[i]!;
    times[i] = order.receivedAtMs ?? 0;
    quantities[i] = order.quantityWh;
    totalWh += order.quantityWh;
    if (isBuy) buys[bought++] = i;
    else sells[sold++] = i;
  }
  requireTotal(totalWh);
  requireOnce(orders.map(({ id }) => id));
  const members = intern(orders.map(({ member }) => member));
  return { limits, merits, times, quantities, members, buys: buys.subarray(0, bought), sells: sells.subarray(0, sold) }; // prettier-ignore
}

function requireOnce(ids: readonly string[]): void {
  const twice = firstOfEach(ids).findIndex((first, i) => first < i);
  if (twice === -1) return;
  throw new DomainError('ORDER_DUPLICATE', `expected each order once, got ${ids[twice]!} twice`);
}

function sideOf(orders: readonly Order[], columns: Columns, indices: Uint32Array): BookSide {
  const { merits, times } = columns;
  sortIndices(indices, [merits, times], (a, b) => (orders[a]!.id < orders[b]!.id ? -1 : 1));
  const n = indices.length;
  const ranked = Array.from(indices, (i) => orders[i]!);
  const limitsPerMwh = new Float64Array(n);
  const quantitiesWh = new Float64Array(n);
  const members = new Int32Array(n);
  for (let rank = 0; rank < n; rank++) {
    const i = indices[rank]!;
    limitsPerMwh[rank] = columns.limits[i]!;
    quantitiesWh[rank] = columns.quantities[i]!;
    members[rank] = columns.members.indexOf[i]!;
  }
  return { orders: ranked, limitsPerMwh, quantitiesWh, members };
}

/** @throws ORDER_SELF_CROSSED where a member's bid reaches its own ask: it would pay itself, and move prices for nothing. */
export function requireNoSelfCrossing({ buys, sells, members }: Book, fees: TradeFees = NO_FEES): void {
  const lowestAsk = new Float64Array(members.length).fill(Infinity);
  const { limitsPerMwh: asks } = sells;
  for (let rank = asks.length - 1; rank >= 0; rank--) lowestAsk[sells.members[rank]!] = asks[rank]!;
  const between = fees.buyPerMwh + fees.sellPerMwh;
  const crossed = buys.limitsPerMwh.findIndex(
    (bid, rank) => bid + between >= lowestAsk[buys.members[rank]!]!,
  );
  if (crossed === -1) return;
  const { id } = buys.orders[crossed]!;
  throw new DomainError(
    'ORDER_SELF_CROSSED',
    `expected no member to bid what it asks for or more, got order ${id} against an own offer`,
    'invalid',
    { order: id },
  );
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
 * (zero-surplus trades included; with `least` ties it stops before them), and the interval of prices that support it,
 * [max(last seller in, first buyer out), min(last buyer in, first seller out)].
 */
export function intersect(
  { buys, sells }: Pick<Book, 'buys' | 'sells'>,
  ties: 'most' | 'least' = 'most',
): Intersection {
  let [b, s, boughtWh, soldWh, quantityWh] = [0, 0, 0, 0, 0];
  let [lastBuy, lastSell] = [-1, -1];
  const bids = buys.limitsPerMwh;
  const asks = sells.limitsPerMwh;
  // Limits are integers: a gain is at least one unit.
  const gain = ties === 'most' ? 0 : 1;
  while (b < bids.length && s < asks.length && bids[b]! - asks[s]! >= gain) {
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
