import { DomainError } from '#core';
import { type Pair, type PairPrices } from './bilateral.ts';
import { type Book, type BookSide } from './book.ts';
import { Matches } from './matches.ts';
import { type Preference } from './mechanism.ts';
import { byRegard, pairsByMerit, regardOf } from './preference.ts';

/** What a seller keeps of one buyer's proposals; its place in the seller's ranking, 0 the buyer it likes best. */
interface Kept {
  readonly buy: number;
  readonly place: number;
  readonly wh: number;
}

/** Cascades of turned-down Wh can be long where preferences are contrived to be. */
const STEPS_A_PAIR = 100;

/**
 * Stable bilateral matching with quantities (Gale & Shapley 1962; stable allocation, Baïou & Balinski 2002): buyers propose
 * what they lack to the seller they like best of those that have not turned them down, sellers keep what they like best up
 * to their quantity. No two orders then would both rather trade another Wh with each other; of all such matchings buyers
 * like this one best. An order likes by preferences, then by the other's limit, time and id.
 * @throws MATCHING_TOO_LONG
 */
export function matchStably(book: Book, preferences: readonly Preference[], prices: PairPrices): Matches {
  const pairs = [...pairsByMerit(book)];
  const sellersOf = likedBy(book.buys, book.sells, pairs, preferences);
  const reversed = pairs.map(([buy, sell]): Pair => [sell, buy]);
  const placeOf = likedBy(book.sells, book.buys, reversed, preferences).map(
    (buys) => new Map(buys.map((buy, place) => [buy, place])),
  );
  const kept: Kept[][] = placeOf.map(() => []);
  const lackWh = book.buys.quantitiesWh.slice();
  const next = new Int32Array(lackWh.length);
  const proposing = [...lackWh.keys()].toReversed();
  let steps = STEPS_A_PAIR * (pairs.length + 1);
  for (let buy = proposing.pop(); buy !== undefined; buy = proposing.pop()) {
    for (let sell = sellersOf[buy]![next[buy]!]; sell !== undefined; sell = sellersOf[buy]![next[buy]!]) {
      if (lackWh[buy] === 0) break;
      if (steps-- === 0) throw tooLong(pairs.length);
      const proposal = { buy, place: placeOf[sell]!.get(buy)!, wh: lackWh[buy]! };
      lackWh[buy] = 0;
      const { keeps, turnsDown } = choose([...kept[sell]!, proposal], book.sells.quantitiesWh[sell]!);
      kept[sell] = keeps;
      for (const { buy: turned, wh } of turnsDown) {
        lackWh[turned]! += wh;
        // The seller is full of buyers that it likes better: nothing more to gain there.
        if (sellersOf[turned]![next[turned]!] === sell) next[turned]!++;
        if (turned !== buy) proposing.push(turned);
      }
    }
  }
  return matchesOf(kept, prices);
}

const tooLong = (pairs: number): DomainError =>
  new DomainError(
    'MATCHING_TOO_LONG',
    `expected a matching of ${pairs} pairs within ${STEPS_A_PAIR} proposals a pair, got none`,
    'limit',
    { pairs },
  );

/** For each order of a side the ranks of those it can trade with, the one it likes best first; `pairs` in their merit order. */
function likedBy(
  side: BookSide,
  others: BookSide,
  pairs: readonly Pair[],
  preferences: readonly Preference[],
): number[][] {
  const lists: number[][] = side.orders.map(() => []);
  for (const [own, other] of pairs) lists[own]!.push(other);
  return lists.map((list, own) =>
    list
      .map((rank) => ({ rank, regard: regardOf(side.orders[own]!, others.orders[rank]!, preferences) }))
      .toSorted((a, b) => byRegard(a.regard, b.regard) || a.rank - b.rank)
      .map(({ rank }) => rank),
  );
}

/** The best-liked proposals up to a capacity, and the rest; proposals of one buyer are one. */
function choose(proposals: readonly Kept[], capacityWh: number): { keeps: Kept[]; turnsDown: Kept[] } {
  const keeps: Kept[] = [];
  const turnsDown: Kept[] = [];
  let leftWh = capacityWh;
  for (const proposal of merged(proposals)) {
    const wh = Math.min(leftWh, proposal.wh);
    leftWh -= wh;
    if (wh > 0) keeps.push({ ...proposal, wh });
    if (wh < proposal.wh) turnsDown.push({ ...proposal, wh: proposal.wh - wh });
  }
  return { keeps, turnsDown };
}

function merged(proposals: readonly Kept[]): Kept[] {
  const byPlace = new Map<number, Kept>();
  for (const each of proposals) {
    byPlace.set(each.place, { ...each, wh: each.wh + (byPlace.get(each.place)?.wh ?? 0) });
  }
  return [...byPlace.values()].toSorted((a, b) => a.place - b.place);
}

function matchesOf(kept: readonly (readonly Kept[])[], prices: PairPrices): Matches {
  const matches = new Matches();
  const all = kept.flatMap((list, sell) => list.map(({ buy, wh }) => ({ buy, sell, wh })));
  for (const { buy, sell, wh } of all.toSorted((a, b) => a.buy - b.buy || a.sell - b.sell)) {
    matches.add(buy, sell, wh, ...prices(buy, sell));
  }
  return matches;
}
