import { DomainError } from '#core';
import { type Pair, bilateralPrice, meet } from './bilateral.ts';
import { type Book } from './book.ts';
import { mechanism } from './clearing.ts';
import { requireK } from './clearing-options.ts';
import { drawOrder } from './lottery.ts';
import { type ClearingOptions, type Matching, type Preference } from './mechanism.ts';
import { type Order } from './order.ts';
import { pairsByTier } from './preference.ts';
import { matchStably } from './stable-matching.ts';

/**
 * Bilateral trading: pairs meet, and trade as much as both have left at a price between their limits,
 * ask + k (bid − ask), if those reach each other. Who meets whom first: an order that is given, one drawn at random, tiers of
 * preference (as lemlab's prioritised clearings), or a stable matching.
 */
export const p2pBilateral = mechanism({
  name: 'p2p-bilateral',
  version: 1,
  title: 'Bilateral trading',
  source: 'Blouin & Serrano 2001; Gale & Shapley 1962; Baïou & Balinski 2002',
  properties: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficiency: 'none',
  },
  solver: 'bilateral-meetings',
  traders: 'any',
  takes: ['matching', 'given', 'preferences', 'seed', 'k'],
  bounded: true,
  ownCrossing: 'avoided',
  match: trade,
});

/** Pairs that may meet at once. */
const MAX_PAIRS = 4_000_000;
const MAX_MEETINGS = 100_000_000;
const PREFERENCES: readonly Preference[] = ['local', 'green', 'trusted', 'relational'];

function trade(book: Book, options: ClearingOptions): Matching {
  const { k = 0.5, preferences = [] } = options;
  const matching = options.matching ?? usualMatching(options);
  requireK(k);
  requirePreferences(preferences);
  requireAttributes([...book.buys.orders, ...book.sells.orders]);
  requirePairs(book, matching === 'random' || matching === 'given' ? MAX_MEETINGS : MAX_PAIRS);
  const prices = bilateralPrice(book, k);
  const matches =
    matching === 'stable'
      ? matchStably(book, preferences, prices)
      : meet(book, meetings(book, matching, options), prices);
  return {
    matches,
    pricePerMwh: null,
    priceRule: `k = ${k} between ask and bid of each pair, nearest unit, halves up`,
    marginRule: matching === 'preferences' ? `tiers: ${preferences.join(', ') || 'merit order'}` : matching,
  };
}

function usualMatching({ given, preferences }: ClearingOptions): NonNullable<ClearingOptions['matching']> {
  if (given !== undefined) return 'given';
  return preferences === undefined ? 'random' : 'preferences';
}

function meetings(
  book: Book,
  matching: Exclude<ClearingOptions['matching'], 'stable' | undefined>,
  { given = [], preferences = [], seed = '' }: ClearingOptions,
): Iterable<Pair> {
  switch (matching) {
    case 'given':
      return pairsGiven(book, given);
    case 'random':
      return pairsDrawn(book, seed);
    case 'preferences':
      return pairsByTier(book, preferences);
    default:
      throw new DomainError('MARKET_OPTIONS', `expected a way to match, got ${String(matching)}`);
  }
}

function pairsGiven({ buys, sells }: Book, given: NonNullable<ClearingOptions['given']>): Pair[] {
  const buyRanks = new Map(buys.orders.map(({ id }, rank) => [id, rank]));
  const sellRanks = new Map(sells.orders.map(({ id }, rank) => [id, rank]));
  return given.map(([buyId, sellId]): Pair => {
    const [buy, sell] = [buyRanks.get(buyId), sellRanks.get(sellId)];
    if (buy !== undefined && sell !== undefined) return [buy, sell];
    throw new DomainError('MATCHING_ORDER', `expected a buy and a sell order, got ${buyId} and ${sellId}`);
  });
}

/**
 * Rounds in which everybody meets one other, until each buy order has met each sell order once: both sides in the order of
 * their draws, one moved on by a place a round. So each pair is as likely as any other to meet in any round.
 */
function* pairsDrawn({ buys, sells }: Book, seed: string): Generator<Pair> {
  const drawn = ({ orders }: Book['buys'], purpose: string): number[] =>
    drawOrder(seed, purpose, [...orders.keys()], (rank) => orders[rank]!.id);
  const [buyers, sellers] = [drawn(buys, 'p2p-buyers'), drawn(sells, 'p2p-sellers')];
  const rounds = Math.max(buyers.length, sellers.length);
  for (let round = 0; round < rounds; round++) {
    for (const [i, buy] of buyers.entries()) {
      const sell = sellers[(i + round) % rounds];
      if (sell !== undefined) yield [buy, sell];
    }
  }
}

function requirePairs({ buys, sells }: Book, limit: number): void {
  const pairs = buys.orders.length * sells.orders.length;
  if (pairs <= limit) return;
  throw new DomainError('MATCHING_TOO_LARGE', `expected at most ${limit} pairs, got ${pairs}`, 'limit', {
    pairs,
  });
}

function requirePreferences(preferences: readonly Preference[]): void {
  const other = preferences.find((each, i) => !PREFERENCES.includes(each) || preferences.indexOf(each) !== i);
  if (other === undefined) return;
  throw new DomainError(
    'MARKET_OPTIONS',
    `expected preferences of ${PREFERENCES.join(', ')}, each once, got ${other}`,
  );
}

/** @throws ORDER_ATTRIBUTES for a relation that is no number */
function requireAttributes(orders: readonly Order[]): void {
  for (const { id, attributes } of orders) {
    const relation = Object.values(attributes?.relations ?? {}).find((weight) => !Number.isFinite(weight));
    if (relation === undefined) continue;
    throw new DomainError('ORDER_ATTRIBUTES', `expected finite relations in order ${id}, got ${relation}`);
  }
}
