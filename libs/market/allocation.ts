import { apportion } from '#core';
import { type MeritOrder, type TieRule } from './merit-order.ts';
import { type Order } from './order.ts';

/** Filled Wh of each order, in the order of the side it belongs to. */
export interface Fills {
  readonly buyWh: readonly number[];
  readonly sellWh: readonly number[];
}

/** Fills both sides up to `quantityWh`: better prices in full, the marginal price by the tie rule. */
export function allocate(book: MeritOrder, quantityWh: number, tie: TieRule): Fills {
  return { buyWh: fillSide(book.buys, quantityWh, tie), sellWh: fillSide(book.sells, quantityWh, tie) };
}

function fillSide(orders: readonly Order[], quantityWh: number, tie: TieRule): number[] {
  const fills: number[] = [];
  let filledWh = 0;
  while (filledWh < quantityWh) {
    const samePrice = orders.slice(fills.length, endOfPrice(orders, fills.length));
    const offeredWh = samePrice.map((order) => order.quantityWh);
    for (const wh of shareMargin(offeredWh, quantityWh - filledWh, tie)) {
      fills.push(wh);
      filledWh += wh;
    }
  }
  return [...fills, ...orders.slice(fills.length).map(() => 0)];
}

function endOfPrice(orders: readonly Order[], from: number): number {
  let to = from + 1;
  while (to < orders.length && orders[to]!.pricePerMwh === orders[from]!.pricePerMwh) to++;
  return to;
}

function shareMargin(offeredWh: readonly number[], availableWh: number, tie: TieRule): number[] {
  const totalWh = offeredWh.reduce((a, b) => a + b, 0);
  if (totalWh <= availableWh) return [...offeredWh];
  if (tie === 'pro-rata') return apportion(BigInt(availableWh), offeredWh.map(BigInt)).map(Number);
  let leftWh = availableWh;
  return offeredWh.map((wh) => {
    const filledWh = Math.min(wh, leftWh);
    leftWh -= filledWh;
    return filledWh;
  });
}

/**
 * Cancels what a member would trade with itself. At one price such a trade moves no money and no energy between
 * members, so cancelling it changes nobody's payment; it only keeps volumes honest. Worst-priced fills go first.
 */
export function cancelOwnMatches(book: MeritOrder, fills: Fills): { fills: Fills; selfMatchedWh: number } {
  const sold = filledByMember(book.sells, fills.sellWh);
  const own = new Map<string, number>();
  let selfMatchedWh = 0;
  for (const [member, boughtWh] of filledByMember(book.buys, fills.buyWh)) {
    const ownWh = Math.min(boughtWh, sold.get(member) ?? 0);
    if (ownWh === 0) continue;
    own.set(member, ownWh);
    selfMatchedWh += ownWh;
  }
  if (selfMatchedWh === 0) return { fills, selfMatchedWh };
  const netFills = {
    buyWh: cancelWorstFirst(book.buys, fills.buyWh, own),
    sellWh: cancelWorstFirst(book.sells, fills.sellWh, own),
  };
  return { fills: netFills, selfMatchedWh };
}

function filledByMember(orders: readonly Order[], fillsWh: readonly number[]): Map<string, number> {
  const filled = new Map<string, number>();
  orders.forEach(({ member }, i) => filled.set(member, (filled.get(member) ?? 0) + fillsWh[i]!));
  return filled;
}

function cancelWorstFirst(
  orders: readonly Order[],
  fillsWh: readonly number[],
  own: Map<string, number>,
): number[] {
  const left = new Map(own);
  const net = [...fillsWh];
  for (let i = orders.length - 1; i >= 0; i--) {
    const member = orders[i]!.member;
    const cancelledWh = Math.min(net[i]!, left.get(member) ?? 0);
    if (cancelledWh === 0) continue;
    net[i] = net[i]! - cancelledWh;
    left.set(member, left.get(member)! - cancelledWh);
  }
  return net;
}
