import { apportion } from '#core';
import { type Book, type BookSide } from './book.ts';
import { ExactSum } from './exact-sum.ts';
import { Matches } from './matches.ts';
import { type TieRule } from './mechanism.ts';

/** Filled Wh of each order, by rank. */
export interface Fills {
  readonly buyWh: Float64Array;
  readonly sellWh: Float64Array;
}

/** Fills both sides up to `quantityWh`: better limits in full, the marginal limit by the tie rule. */
export function allocate({ buys, sells }: Book, quantityWh: number, tie: TieRule): Fills {
  return { buyWh: fillSide(buys, quantityWh, tie), sellWh: fillSide(sells, quantityWh, tie) };
}

/** Fills one side from its best limit on. @returns Wh by rank, in sum `quantityWh`, which the side must offer */
export function fillSide(
  { limitsPerMwh, quantitiesWh }: BookSide,
  quantityWh: number,
  tie: TieRule,
): Float64Array {
  const fills = new Float64Array(quantitiesWh.length);
  let leftWh = quantityWh;
  let from = 0;
  while (leftWh > 0) {
    let [to, offeredWh] = [from, 0];
    while (to < limitsPerMwh.length && limitsPerMwh[to] === limitsPerMwh[from])
      offeredWh += quantitiesWh[to++]!;
    if (offeredWh <= leftWh) for (let rank = from; rank < to; rank++) fills[rank] = quantitiesWh[rank]!;
    else fills.set(shareMargin(quantitiesWh.subarray(from, to), leftWh, tie), from);
    leftWh -= Math.min(leftWh, offeredWh);
    from = to;
  }
  return fills;
}

function shareMargin(offeredWh: Float64Array, availableWh: number, tie: TieRule): Float64Array {
  if (tie === 'pro-rata') {
    return Float64Array.from(apportion(BigInt(availableWh), Array.from(offeredWh, BigInt)), Number);
  }
  let leftWh = availableWh;
  return offeredWh.map((wh) => {
    const filledWh = Math.min(wh, leftWh);
    leftWh -= filledWh;
    return filledWh;
  });
}

/** Any pairing is right at one price a side; walking both sides in merit order needs the fewest trades, at most one an order. */
export function pair(fills: Fills, buyPrice: number, sellPrice = buyPrice): Matches {
  const matches = new Matches();
  const { buyWh, sellWh } = fills;
  let [sell, sellLeftWh] = [-1, 0];
  for (let buy = 0; buy < buyWh.length; buy++) {
    let leftWh = buyWh[buy]!;
    while (leftWh > 0) {
      while (sellLeftWh === 0) sellLeftWh = sellWh[++sell]!;
      const quantityWh = Math.min(leftWh, sellLeftWh);
      leftWh -= quantityWh;
      sellLeftWh -= quantityWh;
      matches.add(buy, sell, quantityWh, buyPrice, sellPrice);
    }
  }
  return matches;
}

/** What was cancelled between a member and itself. */
export interface OwnMatches {
  readonly quantityWh: number;
  readonly welfareExact: bigint;
}

/**
 * Cancels what a member would trade with itself. At one price such a trade moves no money and no energy between
 * members, so cancelling it changes nobody's payment; it only keeps volumes honest. Worst-priced fills go first.
 */
export function cancelOwnMatches(book: Book, fills: Fills): { fills: Fills; ownMatches: OwnMatches } {
  const bought = filledByMember(book, book.buys, fills.buyWh);
  const own = filledByMember(book, book.sells, fills.sellWh).map((soldWh, i) => Math.min(soldWh, bought[i]!));
  const quantityWh = own.reduce((sum, wh) => sum + wh, 0);
  if (quantityWh === 0) return { fills, ownMatches: { quantityWh, welfareExact: 0n } };
  const buys = cancelWorstFirst(book.buys, fills.buyWh, own);
  const sells = cancelWorstFirst(book.sells, fills.sellWh, own);
  return {
    fills: { buyWh: buys.fillsWh, sellWh: sells.fillsWh },
    ownMatches: { quantityWh, welfareExact: buys.cancelledExact - sells.cancelledExact },
  };
}

export function filledByMember({ members }: Book, side: BookSide, fillsWh: Float64Array): Float64Array {
  const filled = new Float64Array(members.length);
  fillsWh.forEach((wh, rank) => {
    filled[side.members[rank]!]! += wh;
  });
  return filled;
}

function cancelWorstFirst(side: BookSide, fillsWh: Float64Array, own: Float64Array) {
  const left = own.slice();
  const net = fillsWh.slice();
  const cancelled = new ExactSum();
  for (let rank = net.length - 1; rank >= 0; rank--) {
    const member = side.members[rank]!;
    const cancelledWh = Math.min(net[rank]!, left[member]!);
    if (cancelledWh === 0) continue;
    net[rank]! -= cancelledWh;
    left[member]! -= cancelledWh;
    cancelled.add(cancelledWh, side.limitsPerMwh[rank]!);
  }
  return { fillsWh: net, cancelledExact: cancelled.exact };
}
