import { type Book } from './book.ts';
import { type Pair, canTrade } from './bilateral.ts';
import { type Preference } from './mechanism.ts';
import { type Order } from './order.ts';

/** How much one order wants another by each preference; compared in their order, the first that differs decides. */
export type Regard = readonly number[];

/** What `order` sees in `other`: a shared zone, green energy for who wants it, trust and relation in its own words. */
export function regardOf(order: Order, other: Order, preferences: readonly Preference[]): Regard {
  return preferences.map((preference) => SEEN[preference](order, other));
}

const SEEN: Readonly<Record<Preference, (order: Order, other: Order) => number>> = {
  local: ({ attributes: a }, { attributes: b }) => Number(a?.zone !== undefined && a.zone === b?.zone),
  green: ({ attributes: a }, { attributes: b }) => Number(a?.green === true && b?.green === true),
  trusted: ({ attributes }, { member }) => Number(attributes?.trusts?.includes(member) === true),
  relational: ({ attributes }, { member }) => {
    const relations = attributes?.relations ?? {};
    return Object.hasOwn(relations, member) ? relations[member]! : 0;
  },
};

/** Greater regard first. */
export function byRegard(a: Regard, b: Regard): number {
  const differs = a.findIndex((value, i) => value !== b[i]);
  return differs === -1 ? 0 : b[differs]! - a[differs]!;
}

/**
 * All pairs that can trade: tiers of equal regard, what both see in each other added up, greatest first; within a tier in
 * merit order, so that each tier is the same auction on what the tiers before it left.
 */
export function* pairsByTier(book: Book, preferences: readonly Preference[]): Generator<Pair> {
  const tiers = new Map<string, { readonly regard: Regard; readonly pairs: Pair[] }>();
  for (const pair of pairsByMerit(book)) {
    const [buy, sell] = [book.buys.orders[pair[0]]!, book.sells.orders[pair[1]]!];
    const seen = regardOf(sell, buy, preferences);
    const regard = regardOf(buy, sell, preferences).map((value, i) => value + seen[i]!);
    const key = regard.join();
    const tier = tiers.get(key) ?? { regard, pairs: [] };
    tiers.set(key, tier);
    tier.pairs.push(pair);
  }
  for (const { pairs } of [...tiers.values()].toSorted((a, b) => byRegard(a.regard, b.regard))) yield* pairs;
}

/** All pairs that can trade, the dearest bid first, with the cheapest ask first. */
export function* pairsByMerit(book: Book): Generator<Pair> {
  const { buys, sells } = book;
  for (let buy = 0; buy < buys.orders.length; buy++) {
    for (let sell = 0; sell < sells.orders.length; sell++) {
      if (buys.limitsPerMwh[buy]! < sells.limitsPerMwh[sell]!) break;
      if (canTrade(book, [buy, sell])) yield [buy, sell];
    }
  }
}
