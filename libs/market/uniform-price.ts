import { DomainError } from '#core';
import { allocate, cancelOwnMatches, pair } from './allocation.ts';
import { type Book, type BookSide, intersect, type Intersection } from './book.ts';
import { type ReasonCode } from './certificate.ts';
import { mechanism } from './clearing.ts';
import { requireK } from './clearing-options.ts';
import { gridlabPrice } from './gridlab-price.ts';
import { Matches } from './matches.ts';
import { type ClearingOptions, type Matching } from './mechanism.ts';

/**
 * Uniform-price call auction of one interval (two-sided sealed-bid k-double auction). Not incentive compatible: whoever
 * sets the price gains by shading.
 *
 * Price: low + round(k · (high − low)) inside the efficient interval, nearest unit, halves upwards; both ends are
 * integers and limits, so rounding never leaves anyone's limit. The last accepted offer may lie below that interval, where
 * demand is rationed, and the marginal pair's price on either side of it. For GridLAB-D's rule see gridlabPrice. Own matches are cancelled (see cancelOwnMatches).
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
  takes: ['pricing', 'k', 'tie', 'flatTies', 'priceCapPerMwh', 'ownMatches'],
  traders: 'any',
  ownCrossing: 'refused',
  match: matchAtOnePrice,
});

function matchAtOnePrice(all: Book, options: ClearingOptions): Matching {
  const { tie = 'pro-rata', flatTies = 'most', priceCapPerMwh = null } = options;
  requireOptions({ ...options, tie, flatTies });
  const book = underCap(all, priceCapPerMwh);
  const crossing = intersect(book, flatTies);
  const { fills, ownMatches } = cancelOwnMatches(book, allocate(book, crossing.quantityWh, tie));
  const rules = { marginRule: `${tie}, ${flatTies} of flat ties` };
  const { pricePerMwh, priceRule } = priceOf(book, crossing, options);
  if (crossing.quantityWh === ownMatches.quantityWh) {
    const reason = reasonOf(all, book, ownMatches.quantityWh);
    // Only one rule has a price for a book that trades nothing.
    const price = options.pricing === 'gridlab-d' ? pricePerMwh : null;
    return {
      ...rules,
      priceRule,
      matches: new Matches(),
      pricePerMwh: price,
      ownMatches,
      ...(reason ? { reason } : {}),
    };
  }
  return { ...rules, priceRule, matches: pair(fills, pricePerMwh!), pricePerMwh, ownMatches };
}

/** @throws MARKET_OPTIONS */
function requireOptions({
  pricing = 'k',
  k = 0.5,
  tie,
  flatTies,
  priceCapPerMwh = 0,
}: ClearingOptions): void {
  requireOne('pricing', pricing, ['k', 'last-accepted-offer', 'marginal-pair', 'gridlab-d']);
  requireOne('tie', tie, ['pro-rata', 'time']);
  requireOne('flatTies', flatTies, ['most', 'least']);
  requireK(k);
  if (!Number.isSafeInteger(priceCapPerMwh)) {
    throw new DomainError('MARKET_OPTIONS', `expected a whole price cap per MWh, got ${priceCapPerMwh}`);
  }
}

function requireOne(name: string, value: unknown, known: readonly string[]): void {
  if (known.some((each) => each === value)) return;
  throw new DomainError('MARKET_OPTIONS', `expected ${name} ${known.join(' or ')}, got ${String(value)}`);
}

interface RuledPrice {
  /** Null where nothing crosses. */
  readonly pricePerMwh: number | null;
  readonly priceRule: string;
}

function priceOf(book: Book, crossing: Intersection, options: ClearingOptions): RuledPrice {
  const { pricing = 'k', k = 0.5, priceCapPerMwh = Infinity } = options;
  if (pricing === 'gridlab-d') {
    const { type, pricePerMwh } = gridlabPrice(book, crossing, priceCapPerMwh);
    return { pricePerMwh, priceRule: `GridLAB-D: ${type}` };
  }
  if (pricing === 'last-accepted-offer') {
    const pricePerMwh = book.sells.limitsPerMwh[crossing.lastSell] ?? null;
    return { pricePerMwh, priceRule: 'last accepted offer' };
  }
  const traded = crossing.quantityWh > 0;
  if (pricing === 'marginal-pair') {
    const pricePerMwh = traded ? betweenLast(book, crossing, k, priceCapPerMwh) : null;
    return {
      pricePerMwh,
      priceRule: `k = ${k} between the last ask and bid that trade, nearest unit, halves up`,
    };
  }
  const priceRule = `k = ${k} within the efficient interval, nearest unit, halves up`;
  return { pricePerMwh: traded ? priceWithin(crossing, k, priceCapPerMwh) : null, priceRule };
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

function priceWithin({ lowPerMwh, highPerMwh }: Intersection, k: number, cap: number): number {
  if (lowPerMwh === null || highPerMwh === null) throw new TypeError('a crossing has a price on both sides');
  const [low, high] = [lowPerMwh, highPerMwh].map((price) => Math.min(price, cap));
  return low! + Math.round(k * (high! - low!));
}

/** lemlab's uniform price, the middle of the last matched pair, for k = 0.5: what is left out does not count. */
function betweenLast(
  { buys, sells }: Book,
  { lastBuy, lastSell }: Intersection,
  k: number,
  cap: number,
): number {
  const [ask, bid] = [sells.limitsPerMwh[lastSell]!, Math.min(buys.limitsPerMwh[lastBuy]!, cap)];
  return ask + Math.round(k * (bid - ask));
}

function reasonOf(all: Book, book: Book, ownWh: number): ReasonCode | null {
  if (ownWh > 0) return 'ONLY_OWN_MATCHES';
  return all.sells.orders.length > 0 && book.sells.orders.length === 0 ? 'PRICE_CAP_BELOW_ALL_SELLS' : null;
}
