import { type Book } from './book.ts';
import { mechanism } from './clearing.ts';
import { Matches } from './matches.ts';
import { type Matching } from './mechanism.ts';
import { pairsOf } from './traders.ts';

/**
 * McAfee's double auction for unit traders: b_1 ≥ b_2 ≥ …, s_1 ≤ s_2 ≤ …, k = max{i : b_i ≥ s_i}. If buyer and seller
 * k + 1 exist and p0 = (b_{k+1} + s_{k+1}) / 2 lies within s_k and b_k, all k trade at p0; else k − 1 trade, buyers pay
 * b_k and sellers receive s_k.
 *
 * A half unit is rounded down after the comparison: the price then still lies within s_k and b_k, which are integers, is
 * one for both sides, and depends on the excluded pair alone.
 * @throws UNIT_TRADERS_REQUIRED
 */
export const mcAfee = mechanism({
  name: 'mcafee',
  version: 1,
  title: 'McAfee double auction',
  source: 'McAfee 1992',
  properties: {
    individuallyRational: true,
    incentiveCompatible: true,
    budgetBalance: 'weak',
    efficiency: 'best-but-least-trade',
  },
  solver: 'sort',
  takes: [],
  traders: 'unit',
  ownCrossing: 'refused',
  match,
});

function match(book: Book): Matching {
  const unitWh = book.buys.quantitiesWh[0] ?? 0;
  const [bids, asks] = [book.buys.limitsPerMwh, book.sells.limitsPerMwh];
  const k = pairsOf(book, (bid, ask) => bid >= ask);
  const p0 = middlePrice(bids.subarray(Math.max(k - 1, 0)), asks.subarray(Math.max(k - 1, 0)), k);
  const rules = { marginRule: 'time, then id' };
  if (p0 !== null) {
    return {
      ...rules,
      matches: pairs(k, unitWh, p0, p0),
      pricePerMwh: p0,
      priceRule: 'p0 = (b(k+1) + s(k+1)) / 2, halves down',
    };
  }
  const [buy, sell] = [bids[k - 1] ?? null, asks[k - 1] ?? null];
  return {
    ...rules,
    matches: pairs(k - 1, unitWh, buy ?? 0, sell ?? 0),
    pricePerMwh: k > 1 && buy === sell ? buy : null,
    prices: k > 1 ? { buy, sell } : {},
    priceRule: 'buyers pay b(k), sellers receive s(k), k − 1 trade',
  };
}

/** p0 where it serves all k: `bids` and `asks` begin with the k-th. */
function middlePrice(bids: Float64Array, asks: Float64Array, k: number): number | null {
  const [lastBid, nextBid] = bids;
  const [lastAsk, nextAsk] = asks;
  if (k === 0 || nextBid === undefined || nextAsk === undefined) return null;
  const twice = nextBid + nextAsk;
  return 2 * lastAsk! <= twice && twice <= 2 * lastBid! ? Math.floor(twice / 2) : null;
}

function pairs(count: number, unitWh: number, buyPrice: number, sellPrice: number): Matches {
  const matches = new Matches();
  for (let i = 0; i < count; i++) matches.add(i, i, unitWh, buyPrice, sellPrice);
  return matches;
}
