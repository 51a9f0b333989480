import { type Interval, isoInstant } from '#core';
import { type Book, type BookSide, bookOf, intersect, type TradeFees } from './book.ts';
import { type BlockOrder } from './block.ts';
import { type BlockResult } from './block-certificate.ts';
import { type ReasonCode } from './certificate.ts';
import { type ClearingResult, type Trade } from './mechanism.ts';
import { type Order } from './order.ts';

/**
 * What a price is: the limit of a bid, of an ask, of both or something between two of them; each trade's own; what the price
 * rule makes where neither is there; or none, because nothing trades.
 */
export type PriceSetter = 'bid' | 'ask' | 'both' | 'each-trade' | 'rule' | 'none';

export interface PriceInterval {
  readonly lowPerMwh: number | null;
  readonly highPerMwh: number | null;
}

/** Why a slot's price is what it is. Limits are less fees; prices in minor units per MWh. */
export interface SlotReport {
  readonly interval: Interval;
  readonly quantityWh: number;
  readonly pricePerMwh: number | null;
  readonly setBy: PriceSetter;
  /** Why nothing trades. */
  readonly reason: ReasonCode | null;
  readonly efficientPriceInterval: PriceInterval;
  /**
   * The duals of the balance: what the best welfare would gain by a Wh that somebody gave away, and lose by a Wh that somebody
   * took. Null where no order could take or give it. Of blocks with what is accepted of them as it is.
   */
  readonly oneMoreWh: { readonly supplyPerMwh: number | null; readonly demandPerMwh: number | null };
  /** Least bid that trades less dearest ask that does; below zero where the mechanism trades beyond the crossing. */
  readonly lastTradePerMwh: number | null;
  /** In millionths of a minor unit; of blocks the whole session's, null here. */
  readonly welfareExact: bigint | null;
  readonly bestWelfareExact: bigint | null;
  /** Bids at the price or above that are not filled, asks at it or below; null without a price. */
  readonly unservedDemandWh: number | null;
  readonly unusedSupplyWh: number | null;
}

/** @throws what bookOf throws @param result of clearing `orders`, all of one interval, with these fees */
export function slotReport(
  interval: Interval,
  orders: readonly Order[],
  { trades, pricePerMwh, certificate }: ClearingResult,
  fees?: TradeFees,
): SlotReport {
  const book = bookOf(orders, fees);
  const { lowPerMwh, highPerMwh } = intersect(book);
  return {
    ...explained(interval, book, trades, pricePerMwh, { lowPerMwh, highPerMwh }),
    reason: certificate.reason,
    welfareExact: certificate.welfareExact,
    bestWelfareExact: certificate.bestWelfareExact,
  };
}

/** One report an interval, by time, of orders that were cleared together. @throws what bookOf throws */
export function blockReports(orders: readonly BlockOrder[], result: BlockResult): SlotReport[] {
  const byStart = new Map(orders.map(({ interval }) => [interval.startMs, interval]));
  const intervals = [...byStart.values()].toSorted((a, b) => a.startMs - b.startMs);
  return intervals.map((interval) => {
    const within = (each: { readonly interval: Interval }) => each.interval.startMs === interval.startMs;
    const trades = result.trades.filter(within);
    const start = isoInstant(interval.startMs);
    const support = result.supports[start] ?? { lowPerMwh: null, highPerMwh: null };
    const book = bookOf(orders.filter(within));
    return {
      ...explained(interval, book, trades, result.prices[start] ?? null, support),
      reason: trades.length > 0 ? null : (result.certificate.reason ?? 'EXCLUDED_BY_RULE'),
      welfareExact: null,
      bestWelfareExact: null,
    };
  });
}

function explained(
  interval: Interval,
  book: Book,
  trades: readonly Trade[],
  pricePerMwh: number | null,
  efficientPriceInterval: PriceInterval,
): Omit<SlotReport, 'reason' | 'welfareExact' | 'bestWelfareExact'> {
  const filled = filledWh(trades);
  const quantityWh = trades.reduce((sum, trade) => sum + trade.quantityWh, 0);
  const left = (side: BookSide, reaches: (limit: number) => boolean): number | null =>
    pricePerMwh === null ? null : leftWh(side, filled, reaches);
  return {
    interval,
    quantityWh,
    pricePerMwh,
    setBy: setterOf(book, quantityWh, pricePerMwh, efficientPriceInterval),
    efficientPriceInterval,
    oneMoreWh: {
      supplyPerMwh: efficientPriceInterval.lowPerMwh,
      demandPerMwh: efficientPriceInterval.highPerMwh,
    },
    lastTradePerMwh: lastTrade(book, filled),
    unservedDemandWh: left(book.buys, (limit) => limit >= pricePerMwh!),
    unusedSupplyWh: left(book.sells, (limit) => limit <= pricePerMwh!),
  };
}

function filledWh(trades: readonly Trade[]): ReadonlyMap<string, number> {
  const filled = new Map<string, number>();
  for (const { buyOrder, sellOrder, quantityWh } of trades) {
    for (const id of [buyOrder, sellOrder]) filled.set(id, (filled.get(id) ?? 0) + quantityWh);
  }
  return filled;
}

function leftWh(
  { orders, limitsPerMwh }: BookSide,
  filled: ReadonlyMap<string, number>,
  reaches: (limit: number) => boolean,
): number {
  return orders.reduce(
    (sum, { id, quantityWh }, rank) =>
      reaches(limitsPerMwh[rank]!) ? sum + quantityWh - (filled.get(id) ?? 0) : sum,
    0,
  );
}

function lastTrade({ buys, sells }: Book, filled: ReadonlyMap<string, number>): number | null {
  if (filled.size === 0) return null;
  const limits = ({ orders, limitsPerMwh }: BookSide): Float64Array =>
    limitsPerMwh.filter((_, rank) => filled.has(orders[rank]!.id));
  return limits(buys).at(-1)! - limits(sells).at(-1)!;
}

function setterOf(
  { buys, sells }: Book,
  quantityWh: number,
  price: number | null,
  { lowPerMwh, highPerMwh }: PriceInterval,
): PriceSetter {
  if (price === null) return quantityWh > 0 ? 'each-trade' : 'none';
  const bid = buys.limitsPerMwh.includes(price);
  const ask = sells.limitsPerMwh.includes(price);
  if (bid !== ask) return bid ? 'bid' : 'ask';
  if (bid) return 'both';
  return lowPerMwh !== null && highPerMwh !== null && lowPerMwh < price && price < highPerMwh
    ? 'both'
    : 'rule';
}
