import { type Book, type Intersection } from './book.ts';

/** How GridLAB-D's auction classes a clearing. */
export type ClearingType =
  'marginal buyer' | 'marginal seller' | 'exact' | 'marginal price' | 'failure' | 'null';

export interface ClassedPrice {
  readonly type: ClearingType;
  readonly pricePerMwh: number;
}

/** Just beside another order's limit, so that a price does not call that order in. */
const OFFSET = 1;

/** The margin of a clearing: the last limits that trade, the first that do not, and whether both last orders are filled. */
interface Margin {
  readonly bid: number;
  readonly ask: number;
  readonly nextBid: number | undefined;
  readonly nextAsk: number | undefined;
}

/**
 * The price of GridLAB-D's auction object, with limits within ±cap (none: no limit is unresponsive). Whoever is filled in
 * part, or waits at the same limit, sets it. Where both curves step at once the price is the middle of the last bid and
 * ask, moved so that no order left out would trade at it. Nothing trades: the middle of the gap, or just beyond the one
 * side there is. Shortage: demand at the cap that is not met makes it the cap, supply at −cap that nobody takes −cap.
 */
export function gridlabPrice(book: Book, crossing: Intersection, cap: number): ClassedPrice {
  const price = classed(book, crossing, cap);
  return { ...price, pricePerMwh: Math.min(cap, Math.max(-cap, price.pricePerMwh)) };
}

function classed({ buys, sells }: Book, crossing: Intersection, cap: number): ClassedPrice {
  const { quantityWh, lastBuy, lastSell } = crossing;
  const [bids, asks] = [buys.limitsPerMwh, sells.limitsPerMwh];
  if (quantityWh === 0) return { type: 'null', pricePerMwh: priceOfNothing(bids[0], asks[0], cap) };
  const unmetWh = offeredAt(buys, cap) - quantityWh;
  const unsoldWh = offeredAt(sells, -cap) - quantityWh;
  if (unmetWh > 0) return { type: 'failure', pricePerMwh: cap };
  if (unsoldWh > 0) return { type: 'failure', pricePerMwh: -cap };
  if (unmetWh === 0 && unsoldWh === 0) return { type: 'marginal price', pricePerMwh: 0 };
  const [bid, ask] = [bids[lastBuy]!, asks[lastSell]!];
  if (offeredUpTo(buys, lastBuy) > quantityWh) return { type: 'marginal buyer', pricePerMwh: bid };
  if (offeredUpTo(sells, lastSell) > quantityWh) return { type: 'marginal seller', pricePerMwh: ask };
  return atStep({ bid, ask, nextBid: bids[lastBuy + 1], nextAsk: asks[lastSell + 1] }, cap);
}

function priceOfNothing(bid: number | undefined, ask: number | undefined, cap: number): number {
  if (bid === undefined) return ask === undefined ? 0 : ask - OFFSET;
  if (ask === undefined || ask === cap) return bid + OFFSET;
  return bid === -cap ? ask - OFFSET : Math.floor((bid + ask) / 2);
}

interface Offers {
  readonly limitsPerMwh: Float64Array;
  readonly quantitiesWh: Float64Array;
}

/** What a side offers at exactly its best possible limit. */
function offeredAt({ limitsPerMwh, quantitiesWh }: Offers, limit: number): number {
  let wh = 0;
  for (let rank = 0; limitsPerMwh[rank] === limit; rank++) wh += quantitiesWh[rank]!;
  return wh;
}

const offeredUpTo = ({ quantitiesWh }: Offers, rank: number): number =>
  quantitiesWh.subarray(0, rank + 1).reduce((sum, wh) => sum + wh, 0);

function atStep(margin: Margin, cap: number): ClassedPrice {
  const { bid, ask, nextBid, nextAsk } = margin;
  if (nextBid === bid) return { type: 'marginal buyer', pricePerMwh: bid };
  if (nextAsk === ask) return { type: 'marginal seller', pricePerMwh: ask };
  if (bid === ask) return { type: 'exact', pricePerMwh: bid };
  const unresponsive = bid === cap || ask === -cap;
  return { type: 'marginal price', pricePerMwh: unresponsive ? besideCaps(margin, cap) : between(margin) };
}

/** One side of the margin takes any price: the other side's next order bounds it. */
function besideCaps(margin: Margin, cap: number): number {
  const { bid, ask, nextBid = bid, nextAsk = ask } = margin;
  if (ask !== -cap) return nextBid > ask ? above(nextBid, margin) : ask;
  if (bid !== cap) return nextAsk < bid ? below(nextAsk, margin) : bid;
  return betweenCaps(nextBid === bid ? null : nextBid, nextAsk === ask ? null : nextAsk, cap);
}

/** Both sides of the margin take any price. */
function betweenCaps(nextBid: number | null, nextAsk: number | null, cap: number): number {
  if (nextBid === null) return nextAsk === null ? 0 : cap;
  return nextAsk === null ? -cap : Math.floor((nextBid + nextAsk) / 2);
}

function between({ bid, ask, nextBid, nextAsk }: Margin): number {
  const middle = (bid + ask) / 2;
  if (nextBid !== undefined && middle < nextBid) return above(nextBid, { nextAsk });
  if (nextAsk !== undefined && middle > nextAsk) return below(nextAsk, { nextBid });
  return Math.floor(middle);
}

/** Just above a bid left out, but not above an ask left out: flat ties that stay out meet at one limit. */
const above = (bid: number, { nextAsk = Infinity }: Pick<Margin, 'nextAsk'>): number =>
  Math.min(bid + OFFSET, nextAsk);

/** Just below an ask left out, but not below a bid left out. */
const below = (ask: number, { nextBid = -Infinity }: Pick<Margin, 'nextBid'>): number =>
  Math.max(ask - OFFSET, nextBid);
