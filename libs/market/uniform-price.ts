import { DomainError } from '#core';
import { allocate, cancelOwnMatches, pair } from './allocation.ts';
import { type Book, type BookSide, intersect, type Intersection } from './book.ts';
import { type ReasonCode } from './certificate.ts';
import { mechanism } from './clearing.ts';
import { Matches } from './matches.ts';
import { type ClearingOptions, type Matching, type TieRule } from './mechanism.ts';

/**
 * Uniform-price call auction of one interval (two-sided sealed-bid k-double auction). Not incentive compatible: whoever
 * sets the price gains by shading.
 *
 * Price: low + round(k · (high − low)) inside the efficient interval, nearest unit, halves upwards; both ends are
 * integers and limits, so rounding never leaves anyone's limit. Own matches are cancelled (see cancelOwnMatches).
 */
export const uniformPrice = mechanism({
  name: 'uniform-price',
  version: 1,
  title: 'Uniform-price call auction',
  source: 'Wilson 1985; Rustichini, Satterthwaite & Williams 1994',
  properties: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficiency: 'best',
  },
  solver: 'sort-and-merge',
  takes: ['k', 'tie', 'priceCapPerMwh', 'ownMatches'],
  traders: 'any',
  ownCrossing: 'refused',
  match: matchAtOnePrice,
});

function matchAtOnePrice(all: Book, options: ClearingOptions): Matching {
  const { k = 0.5, tie = 'pro-rata', priceCapPerMwh = null } = options;
  requireOptions(k, tie, priceCapPerMwh);
  const book = underCap(all, priceCapPerMwh);
  const crossing = intersect(book);
  const gross = allocate(book, crossing.quantityWh, tie);
  const { fills, ownMatches } = cancelOwnMatches(book, gross);
  const rules = {
    priceRule: `k = ${k} within the efficient interval, nearest unit, halves up`,
    marginRule: tie,
  };
  if (crossing.quantityWh === ownMatches.quantityWh) {
    const reason = reasonOf(all, book, ownMatches.quantityWh);
    return { ...rules, matches: new Matches(), pricePerMwh: null, ownMatches, ...(reason ? { reason } : {}) };
  }
  const pricePerMwh = priceWithin(crossing, k, priceCapPerMwh);
  return { ...rules, matches: pair(fills, pricePerMwh), pricePerMwh, ownMatches };
}

/** @throws MARKET_OPTIONS */
function requireOptions(k: number, tie: TieRule, priceCapPerMwh: number | null): void {
  if (!(k >= 0 && k <= 1)) throw new DomainError('MARKET_OPTIONS', `expected k within 0 and 1, got ${k}`);
  if (tie !== 'pro-rata' && tie !== 'time') {
    throw new DomainError('MARKET_OPTIONS', `expected tie pro-rata or time, got ${String(tie)}`);
  }
  if (priceCapPerMwh !== null && !Number.isSafeInteger(priceCapPerMwh)) {
    throw new DomainError('MARKET_OPTIONS', `expected a whole price cap per MWh, got ${priceCapPerMwh}`);
  }
}

/** Sellers that no price under the cap would pay stay out; ranks stay what they are. */
function underCap(book: Book, cap: number | null): Book {
  if (cap === null) return book;
  const beyond = book.sells.limitsPerMwh.findIndex((limit) => limit > cap);
  return beyond === -1 ? book : { ...book, sells: firstOf(book.sells, beyond) };
}

function firstOf(side: BookSide, count: number): BookSide {
  return {
    orders: side.orders.slice(0, count),
    limitsPerMwh: side.limitsPerMwh.subarray(0, count),
    quantitiesWh: side.quantitiesWh.subarray(0, count),
    members: side.members.subarray(0, count),
  };
}

function priceWithin({ lowPerMwh, highPerMwh }: Intersection, k: number, cap: number | null): number {
  if (lowPerMwh === null || highPerMwh === null) throw new TypeError('a crossing has a price on both sides');
  const [low, high] = [lowPerMwh, highPerMwh].map((price) => Math.min(price, cap ?? price));
  return low! + Math.round(k * (high! - low!));
}

function reasonOf(all: Book, book: Book, ownWh: number): ReasonCode | null {
  if (ownWh > 0) return 'ONLY_OWN_MATCHES';
  return all.sells.orders.length > 0 && book.sells.orders.length === 0 ? 'PRICE_CAP_BELOW_ALL_SELLS' : null;
}
