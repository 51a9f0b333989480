import { allocate } from './allocation.ts';
import { type Book, type BookSide, intersect } from './book.ts';
import { mechanism } from './clearing.ts';
import { Displacement, mergeSegments, type Segment } from './displacement.ts';
import { Matches } from './matches.ts';
import { type Matching } from './mechanism.ts';

/**
 * Vickrey–Clarke–Groves: the efficient allocation, and each member pays what its taking part costs the others, the
 * Clarke pivot. For q Wh bought that is the worth of the q dearest among the others' bids left out and the asks that
 * trade; for q Wh sold, of the q cheapest among the others' asks left out and the bids that trade. For unit traders:
 * buyers pay max(s_k, b_{k+1}), sellers receive min(b_k, s_{k+1}). Buyers pay no more than any efficient price and
 * sellers receive no less, so the market pays in.
 *
 * A member's exact pivot is spread over its energy at two neighbouring whole prices, so that it is met to the unit.
 */
export const vcg = mechanism({
  name: 'vcg',
  version: 1,
  title: 'Vickrey–Clarke–Groves',
  source: 'Vickrey 1961; Clarke 1971; Groves 1973',
  properties: {
    individuallyRational: true,
    incentiveCompatible: true,
    budgetBalance: 'deficit',
    efficiency: 'best',
  },
  solver: 'sort-and-merge',
  takes: ['tie'],
  traders: 'any',
  ownCrossing: 'refused',
  match(book, { tie = 'pro-rata' }) {
    const fills = allocate(book, intersect(book).quantityWh, tie);
    const insteadOfBuyers = mergeSegments(
      leftOut(book.buys, fills.buyWh),
      traded(book.sells, fills.sellWh),
      dearer,
    );
    const insteadOfSellers = mergeSegments(
      leftOut(book.sells, fills.sellWh),
      traded(book.buys, fills.buyWh),
      cheaper,
    );
    const pays = pivots(book, book.buys, fills.buyWh, new Displacement(insteadOfBuyers));
    const receives = pivots(book, book.sells, fills.sellWh, new Displacement(insteadOfSellers));
    return matchingOf(pays, receives, tie);
  },
});

const dearer = (a: Segment, b: Segment): boolean => a.pricePerMwh > b.pricePerMwh;
const cheaper = (a: Segment, b: Segment): boolean => a.pricePerMwh < b.pricePerMwh;

/** What an order does not trade, from the margin outwards. */
function leftOut(side: BookSide, fillsWh: Float64Array): Segment[] {
  const segments: Segment[] = [];
  side.quantitiesWh.forEach((offeredWh, rank) => {
    const wh = offeredWh - fillsWh[rank]!;
    if (wh > 0) segments.push({ member: side.members[rank]!, wh, pricePerMwh: side.limitsPerMwh[rank]! });
  });
  return segments;
}

/** What trades, from the margin inwards. */
function traded(side: BookSide, fillsWh: Float64Array): Segment[] {
  const segments: Segment[] = [];
  for (let rank = fillsWh.length - 1; rank >= 0; rank--) {
    const wh = fillsWh[rank]!;
    if (wh > 0) segments.push({ member: side.members[rank]!, wh, pricePerMwh: side.limitsPerMwh[rank]! });
  }
  return segments;
}

/** A part of an order at one price. */
interface Piece {
  readonly rank: number;
  readonly wh: number;
  readonly pricePerMwh: number;
}

/** Every order's traded energy at its member's pivot: the first Wh of a member at the higher of two whole prices. */
function pivots({ members }: Book, side: BookSide, fillsWh: Float64Array, others: Displacement): Piece[] {
  const totalsWh = new Float64Array(members.length);
  fillsWh.forEach((wh, rank) => {
    totalsWh[side.members[rank]!]! += wh;
  });
  const prices = new Float64Array(members.length);
  const higherWh = totalsWh.map((wh, member) => {
    if (wh === 0) return 0;
    const [price, restWh] = divideDown(others.worth(member, wh), BigInt(wh));
    prices[member] = price;
    return restWh;
  });
  const pieces: Piece[] = [];
  fillsWh.forEach((wh, rank) => {
    const member = side.members[rank]!;
    const above = Math.min(wh, higherWh[member]!);
    higherWh[member]! -= above;
    if (above > 0) pieces.push({ rank, wh: above, pricePerMwh: prices[member]! + 1 });
    if (wh > above) pieces.push({ rank, wh: wh - above, pricePerMwh: prices[member]! });
  });
  return pieces;
}

/** n = quotient · d + rest, 0 ≤ rest < d. */
function divideDown(n: bigint, d: bigint): [quotient: number, rest: number] {
  const rest = ((n % d) + d) % d;
  return [Number((n - rest) / d), Number(rest)];
}

function matchingOf(pays: readonly Piece[], receives: readonly Piece[], tie: string): Matching {
  const matches = new Matches();
  let [sell, soldWh] = [0, 0];
  for (const buy of pays) {
    for (let leftWh = buy.wh; leftWh > 0;) {
      const from = receives[sell]!;
      const wh = Math.min(leftWh, from.wh - soldWh);
      matches.add(buy.rank, from.rank, wh, buy.pricePerMwh, from.pricePerMwh);
      leftWh -= wh;
      soldWh += wh;
      if (soldWh === from.wh) [sell, soldWh] = [sell + 1, 0];
    }
  }
  return {
    matches,
    pricePerMwh: null,
    prices: { buy: common(pays), sell: common(receives) },
    priceRule: 'Clarke pivots',
    marginRule: tie,
  };
}

/** The price that all pieces share, if they do. */
const common = (pieces: readonly Piece[]): number | null => {
  const price = pieces[0]?.pricePerMwh ?? null;
  return pieces.every((piece) => piece.pricePerMwh === price) ? price : null;
};
