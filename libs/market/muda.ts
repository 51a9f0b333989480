import { DomainError } from '#core';
import { type Fills, fillSide, pair } from './allocation.ts';
import { type Book, type BookSide, intersect } from './book.ts';
import { mechanism } from './clearing.ts';
import { Displacement, type Segment } from './displacement.ts';
import { draw, drawOrder } from './lottery.ts';
import { type Charge, type ClearingOptions, type Matching, type Mechanism } from './mechanism.ts';

type Variant = 'vickrey' | 'lottery';

/**
 * MUDA: the members are split by lot into two halves, and each half trades at the price that would clear the other one,
 * so that nobody moves its own price. Members may have any number of orders. In a half, the side that wants less at that
 * price trades all of it; on the long side either the orders with the most to gain trade and each member pays what it
 * keeps others from gaining (Vickrey), or members are served in drawn order (lottery), which needs no charge.
 *
 * A half's price is the middle of its last bid and last ask where its efficient trade fills both, half units down; the
 * limit of the one that is filled in part otherwise; the middle of the gap where nothing crosses. A half without bids or
 * without asks has no price, and the other half then does not trade.
 * @throws MARKET_OPTIONS
 */
const muda = (variant: Variant): Mechanism =>
  mechanism({
    name: `muda-${variant}`,
    version: 1,
    title: variant === 'vickrey' ? 'MUDA, Vickrey variant' : 'MUDA, lottery variant',
    source: "Segal-Halevi, Hassidim & Aumann, AAAI'18",
    properties: {
      individuallyRational: true,
      incentiveCompatible: true,
      budgetBalance: variant === 'vickrey' ? 'weak' : 'strong',
      efficiency: 'asymptotic',
    },
    solver: 'sort-and-merge',
    takes: ['seed', 'split'],
    traders: 'any',
    charges: variant === 'vickrey',
    ownCrossing: 'refused',
    match: (book, options) => matchHalves(book, options, variant),
  });

export const mudaVickrey = muda('vickrey');
export const mudaLottery = muda('lottery');

function matchHalves(book: Book, { seed = '', split }: ClearingOptions, variant: Variant): Matching {
  const onLeft = leftMembers(book, seed, split);
  const left = halfOf(book, (member) => onLeft[member] === 1);
  const right = halfOf(book, (member) => onLeft[member] === 0);
  const prices = { left: clearingPrice(left), right: clearingPrice(right) };
  const leftTrade = tradeAt(left, prices.right, { seed, variant });
  const rightTrade = tradeAt(right, prices.left, { seed, variant });
  const matches = pair(leftTrade.fills, prices.right ?? 0);
  matches.addAll(pair(rightTrade.fills, prices.left ?? 0));
  return {
    matches,
    pricePerMwh: null,
    prices,
    charges: [...leftTrade.charges, ...rightTrade.charges],
    priceRule: 'each half at the clearing price of the other',
    marginRule: variant === 'vickrey' ? 'best limits first, externality charged' : 'members in drawn order',
  };
}

/** 1 for the members of the left half, by lot or as given. */
function leftMembers({ members }: Book, seed: string, split: ClearingOptions['split']): Uint8Array {
  if (split === undefined) {
    return Uint8Array.from(members, (name) => (draw(seed, 'muda half', name) < 2 ** 52 ? 1 : 0));
  }
  const [left, right] = [new Set(split.left), new Set(split.right)];
  const astray = members.find((name) => left.has(name) === right.has(name));
  if (astray !== undefined) {
    throw new DomainError(
      'MARKET_OPTIONS',
      `expected every member in one half of the split, got ${astray} not so`,
    );
  }
  return Uint8Array.from(members, (name) => (left.has(name) ? 1 : 0));
}

/** A book of some members, in merit order; ranks and members stay those of the whole. */
export interface Half {
  readonly whole: Book;
  readonly buys: Int32Array;
  readonly sells: Int32Array;
}

export function halfOf(whole: Book, keeps: (member: number) => boolean): Half {
  const ranks = ({ members }: BookSide): Int32Array => {
    const kept: number[] = [];
    members.forEach((member, rank) => {
      if (keeps(member)) kept.push(rank);
    });
    return Int32Array.from(kept);
  };
  return { whole, buys: ranks(whole.buys), sells: ranks(whole.sells) };
}

function ranksOf(side: BookSide, ranks: Int32Array): BookSide {
  return {
    orders: Array.from(ranks, (rank) => side.orders[rank]!),
    limitsPerMwh: Float64Array.from(ranks, (rank) => side.limitsPerMwh[rank]!),
    quantitiesWh: Float64Array.from(ranks, (rank) => side.quantitiesWh[rank]!),
    members: Int32Array.from(ranks, (rank) => side.members[rank]!),
  };
}

function clearingPrice({ whole, ...half }: Half): number | null {
  const buys = ranksOf(whole.buys, half.buys);
  const sells = ranksOf(whole.sells, half.sells);
  if (buys.orders.length === 0 || sells.orders.length === 0) return null;
  const { quantityWh, lastBuy, lastSell } = intersect({ buys, sells });
  const [bid, ask] = [buys.limitsPerMwh[Math.max(lastBuy, 0)]!, sells.limitsPerMwh[Math.max(lastSell, 0)]!];
  if (totalOf(buys, lastBuy + 1) > quantityWh) return bid;
  if (totalOf(sells, lastSell + 1) > quantityWh) return ask;
  return Math.floor((bid + ask) / 2);
}

const totalOf = ({ quantitiesWh }: Pick<BookSide, 'quantitiesWh'>, count: number): number =>
  quantitiesWh.subarray(0, count).reduce((sum, wh) => sum + wh, 0);

interface HalfTrade {
  readonly fills: Fills;
  readonly charges: readonly Charge[];
}

/** One half at a price from outside. */
export function tradeAt(
  { whole, ...half }: Half,
  pricePerMwh: number | null,
  { seed, variant }: { readonly seed: string; readonly variant: Variant },
): HalfTrade {
  const fills = { buyWh: new Float64Array(whole.buys.orders.length), sellWh: new Float64Array(whole.sells.orders.length) }; // prettier-ignore
  if (pricePerMwh === null) return { fills, charges: [] };
  const wanted = half.buys.filter((rank) => whole.buys.limitsPerMwh[rank]! >= pricePerMwh);
  const offered = half.sells.filter((rank) => whole.sells.limitsPerMwh[rank]! <= pricePerMwh);
  const [buys, sells] = [ranksOf(whole.buys, wanted), ranksOf(whole.sells, offered)];
  const demandWh = totalOf(buys, wanted.length);
  const supplyWh = totalOf(sells, offered.length);
  const quantityWh = Math.min(demandWh, supplyWh);
  const long = demandWh > supplyWh ? buys : sells;
  const longWh =
    variant === 'vickrey' ? fillSide(long, quantityWh, 'time') : drawSide(whole, long, quantityWh, seed);
  const filled = demandWh > supplyWh ? { buys: longWh, sells: sells.quantitiesWh } : { buys: buys.quantitiesWh, sells: longWh }; // prettier-ignore
  wanted.forEach((rank, i) => (fills.buyWh[rank] = filled.buys[i]!));
  offered.forEach((rank, i) => (fills.sellWh[rank] = filled.sells[i]!));
  const charges = variant === 'vickrey' ? externalities(whole, long, longWh, pricePerMwh) : [];
  return { fills, charges };
}

/** Members in drawn order, each with all its orders at once, until nothing is left. */
function drawSide({ members }: Book, side: BookSide, quantityWh: number, seed: string): Float64Array {
  const ranks = new Map<number, number[]>();
  side.members.forEach((member, rank) => {
    const own = ranks.get(member);
    if (own) own.push(rank);
    else ranks.set(member, [rank]);
  });
  const fills = new Float64Array(side.orders.length);
  let leftWh = quantityWh;
  for (const [, own] of drawOrder(seed, 'muda order', [...ranks], ([member]) => members[member]!)) {
    for (const rank of own) {
      fills[rank] = Math.min(leftWh, side.quantitiesWh[rank]!);
      leftWh -= fills[rank];
    }
  }
  return fills;
}

/** What each trading member of the long side keeps the others of it from gaining at the price. */
function externalities({ members }: Book, side: BookSide, fillsWh: Float64Array, price: number): Charge[] {
  const waiting: Segment[] = [];
  const tradedWh = new Map<number, number>();
  side.members.forEach((member, rank) => {
    const gainPerMwh = Math.abs(side.limitsPerMwh[rank]! - price);
    const wh = side.quantitiesWh[rank]! - fillsWh[rank]!;
    if (wh > 0) waiting.push({ member, wh, pricePerMwh: gainPerMwh });
    if (fillsWh[rank]! > 0) tradedWh.set(member, (tradedWh.get(member) ?? 0) + fillsWh[rank]!);
  });
  const others = new Displacement(waiting);
  return [...tradedWh].flatMap(([member, wh]) => {
    const amountExact = others.worth(member, wh);
    return amountExact === 0n
      ? []
      : [{ member: members[member]!, kind: 'externality' as const, amountExact }];
  });
}
