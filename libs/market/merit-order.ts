import { type Order } from './order.ts';

/** How orders at the margin share what is left for them. */
export type TieRule = 'pro-rata' | 'time';

/** Both sides of a book, best price first; equal prices by time, then by id, so that input order never matters. */
export interface MeritOrder {
  readonly buys: readonly Order[];
  readonly sells: readonly Order[];
}

/** Where the stepwise curves cross. Prices in minor units per MWh. */
export interface Intersection {
  readonly quantityWh: number;
  /** The prices at which nobody's order is filled or left out against its limit; null where a side is missing. */
  readonly lowPerMwh: number | null;
  readonly highPerMwh: number | null;
}

export function meritOrder(orders: readonly Order[]): MeritOrder {
  const buys = orders.filter((order) => order.side === 'buy');
  const sells = orders.filter((order) => order.side === 'sell');
  buys.sort((a, b) => b.pricePerMwh - a.pricePerMwh || byPriority(a, b));
  sells.sort((a, b) => a.pricePerMwh - b.pricePerMwh || byPriority(a, b));
  return { buys, sells };
}

function byPriority(a: Order, b: Order): number {
  return (a.receivedAtMs ?? 0) - (b.receivedAtMs ?? 0) || (a.id < b.id ? -1 : 1);
}

/**
 * Walks both curves while the buyer's limit reaches the seller's: the largest quantity any single price can trade
 * (zero-surplus trades included), and the interval of prices that support it,
 * [max(last seller in, first buyer out), min(last buyer in, first seller out)].
 */
export function intersect({ buys, sells }: MeritOrder): Intersection {
  let [b, s, boughtWh, soldWh, quantityWh] = [0, 0, 0, 0, 0];
  let lastBuy: Order | undefined;
  let lastSell: Order | undefined;
  while (crosses(buys[b], sells[s])) {
    [lastBuy, lastSell] = [buys[b]!, sells[s]!];
    const buyEndWh = boughtWh + lastBuy.quantityWh;
    const sellEndWh = soldWh + lastSell.quantityWh;
    quantityWh = Math.min(buyEndWh, sellEndWh);
    if (buyEndWh === quantityWh) [b, boughtWh] = [b + 1, buyEndWh];
    if (sellEndWh === quantityWh) [s, soldWh] = [s + 1, sellEndWh];
  }
  return {
    quantityWh,
    lowPerMwh: extreme(Math.max, lastSell, buys[b]),
    highPerMwh: extreme(Math.min, lastBuy, sells[s]),
  };
}

const crosses = (buy: Order | undefined, sell: Order | undefined): boolean =>
  buy !== undefined && sell !== undefined && buy.pricePerMwh >= sell.pricePerMwh;

function extreme(pick: (...prices: number[]) => number, ...orders: (Order | undefined)[]): number | null {
  const prices = orders.flatMap((order) => (order ? [order.pricePerMwh] : []));
  return prices.length === 0 ? null : pick(...prices);
}
