import { type Book } from './book.ts';
import { Matches } from './matches.ts';

/** What a buyer pays and a seller receives, by their ranks. */
export type PairPrices = (buy: number, sell: number) => readonly [buyPrice: number, sellPrice: number];

/** One price a pair: ask + round(k · (bid − ask)), nearest unit, halves upwards; never beyond either limit. */
export function bilateralPrice({ buys, sells }: Book, k: number): PairPrices {
  return (buy, sell) => {
    const ask = sells.limitsPerMwh[sell]!;
    const price = ask + Math.round(k * (buys.limitsPerMwh[buy]! - ask));
    return [price, price];
  };
}

/** A buy and a sell order that meet, by rank. */
export type Pair = readonly [buy: number, sell: number];

/** Whether two orders can trade: different members, limits that reach each other. */
export const canTrade = ({ buys, sells }: Book, [buy, sell]: Pair): boolean =>
  buys.members[buy] !== sells.members[sell] && buys.limitsPerMwh[buy]! >= sells.limitsPerMwh[sell]!;

/** Orders meet in the order given; those that can trade do, as much as both have left (Blouin & Serrano 2001). */
export function meet(book: Book, pairs: Iterable<Pair>, prices: PairPrices): Matches {
  const matches = new Matches();
  const buyWh = book.buys.quantitiesWh.slice();
  const sellWh = book.sells.quantitiesWh.slice();
  for (const pair of pairs) {
    const [buy, sell] = pair;
    const quantityWh = Math.min(buyWh[buy]!, sellWh[sell]!);
    if (quantityWh === 0 || !canTrade(book, pair)) continue;
    matches.add(buy, sell, quantityWh, ...prices(buy, sell));
    buyWh[buy]! -= quantityWh;
    sellWh[sell]! -= quantityWh;
  }
  return matches;
}
