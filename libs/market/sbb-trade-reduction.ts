import { DomainError } from '#core';
import { type Book, type BookSide } from './book.ts';
import { mechanism } from './clearing.ts';
import { drawOrder } from './lottery.ts';
import { Matches } from './matches.ts';
import { type Matching } from './mechanism.ts';
import { type Side } from './order.ts';
import { pairsOf } from './traders.ts';

/**
 * Strongly budget-balanced trade reduction for unit traders: one price, set by the competitor that the trade excludes.
 * With k pairs that gain and buyers first in the order: if seller k + 1 would serve buyer k, all k trade at its limit;
 * else buyer k leaves, its bid is the price, and a lottery picks which k − 1 of the k sellers trade. With sellers first
 * the two sides change roles. Whoever is drawn depends on the seed and on names, never on bids.
 * @throws UNIT_TRADERS_REQUIRED, MARKET_OPTIONS
 */
export const sbbTradeReduction = mechanism({
  name: 'sbb-trade-reduction',
  version: 1,
  title: 'Strongly budget-balanced trade reduction',
  source: 'Segal-Halevi, Hassidim & Aumann 2016; Gonen & Segal-Halevi 2020',
  properties: {
    individuallyRational: true,
    incentiveCompatible: true,
    budgetBalance: 'strong',
    efficiency: 'best-but-one-trade',
  },
  solver: 'sort',
  takes: ['seed', 'categoryOrder'],
  traders: 'unit',
  ownCrossing: 'refused',
  match(book, { seed = '', categoryOrder = ['buy', 'sell'] }) {
    requireCategoryOrder(categoryOrder);
    const unitWh = book.buys.quantitiesWh[0] ?? 0;
    const k = pairsOf(book, (bid, ask) => bid > ask);
    const rules = {
      priceRule: `limit of the excluded competitor, ${categoryOrder.join(' before ')}`,
      marginRule: 'lottery by seed',
    };
    if (k === 0) return { ...rules, matches: new Matches(), pricePerMwh: null };
    return { ...rules, ...reduce(book, { k, unitWh, seed, first: categoryOrder[0]! }) };
  },
});

/** @throws MARKET_OPTIONS unless both sides are there once */
function requireCategoryOrder(order: readonly Side[]): void {
  if (order.length === 2 && order.includes('buy') && order.includes('sell')) return;
  throw new DomainError('MARKET_OPTIONS', `expected buy and sell in some order, got ${order.join(', ')}`);
}

interface Reduction {
  readonly k: number;
  readonly unitWh: number;
  readonly seed: string;
  readonly first: Side;
}

function reduce(
  book: Book,
  { k, unitWh, seed, first }: Reduction,
): Pick<Matching, 'matches' | 'pricePerMwh'> {
  const [leading, other] = first === 'buy' ? [book.buys, book.sells] : [book.sells, book.buys];
  const pivot = leading.limitsPerMwh[k - 1]!;
  const competitor = other.limitsPerMwh[k];
  const serves = competitor !== undefined && (first === 'buy' ? competitor <= pivot : competitor >= pivot);
  const pricePerMwh = serves ? competitor : pivot;
  const best = [...Array(serves ? k : k - 1).keys()];
  const drawn = serves ? best : drawnOf(other, k, seed);
  const matches = new Matches();
  best.forEach((rank, i) => {
    const [buy, sell] = first === 'buy' ? [rank, drawn[i]!] : [drawn[i]!, rank];
    matches.add(buy, sell, unitWh, pricePerMwh);
  });
  return { matches, pricePerMwh: best.length === 0 ? null : pricePerMwh };
}

/** All but one of the best k, by lottery; in merit order again. */
function drawnOf({ orders }: BookSide, k: number, seed: string): number[] {
  const ranks = [...Array(k).keys()];
  return drawOrder(seed, 'trade-reduction', ranks, (rank) => orders[rank]!.member)
    .slice(0, k - 1)
    .toSorted((a, b) => a - b);
}
