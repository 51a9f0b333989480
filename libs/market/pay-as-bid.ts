import { allocateApart, pairApart } from './apart.ts';
import { bilateralPrice, type PairPrices } from './bilateral.ts';
import { type Book, intersect } from './book.ts';
import { mechanism } from './clearing.ts';
import { requireK, requireTie } from './clearing-options.ts';
import { type ClearingOptions, type Matching } from './mechanism.ts';

/**
 * Pay-as-bid: matched in merit order, the dearest bid with the cheapest ask of another member, each match at a price of
 * its own: the bid (k = 1, default), the ask (k = 0) or between.
 */
export const payAsBid = mechanism({
  name: 'pay-as-bid',
  version: 1,
  title: 'Pay-as-bid',
  source: 'discriminatory auction; matching without self-trade as in gsy-framework',
  properties: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficiency: 'best',
  },
  solver: 'sort-and-merge',
  traders: 'any',
  takes: ['k', 'tie'],
  ownCrossing: 'avoided',
  match(book, options) {
    const { k = 1 } = options;
    requireK(k);
    return matchApart(book, options, bilateralPrice(book, k), `k = ${k} between ask and bid of each match`);
  },
});

/** Pay-as-bid on both sides: buyers pay their bids, sellers receive their asks, what lies between stays with the market. */
export const payAsLimit = mechanism({
  name: 'pay-as-limit',
  version: 1,
  title: 'Pay-as-bid on both sides',
  source: 'discriminatory auction',
  properties: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'weak',
    efficiency: 'best',
  },
  solver: 'sort-and-merge',
  traders: 'any',
  takes: ['tie'],
  ownCrossing: 'avoided',
  match(book, options) {
    const own: PairPrices = (buy, sell) => [book.buys.limitsPerMwh[buy]!, book.sells.limitsPerMwh[sell]!];
    return matchApart(book, options, own, 'each its own limit');
  },
});

function matchApart(
  book: Book,
  { tie = 'pro-rata' }: ClearingOptions,
  prices: PairPrices,
  priceRule: string,
): Matching {
  requireTie(tie);
  const matches = pairApart(book, allocateApart(book, tie), prices);
  return {
    matches,
    pricePerMwh: null,
    priceRule,
    marginRule: tie,
    ...(matches.count === 0 && intersect(book).quantityWh > 0 ? { reason: 'ONLY_OWN_MATCHES' } : {}),
  };
}
