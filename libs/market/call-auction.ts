import { DomainError, type Interval } from '#core';
import { type Fills, allocate, cancelOwnMatches } from './allocation.ts';
import { type Certificate, type ReasonCode, certify } from './certificate.ts';
import { type Intersection, type MeritOrder, type TieRule, intersect, meritOrder } from './merit-order.ts';
import { type Order, requireBook } from './order.ts';

export interface CallAuctionOptions {
  /** Where in the efficient interval the price lies: 0 the buyers' end, 1 the sellers', default 0.5. */
  readonly k?: number;
  /** Default pro-rata: largest remainder over the orders at the marginal price. */
  readonly tie?: TieRule;
  /** No clearing price above it: sell orders above it stay out, buyers above it keep their rank. */
  readonly priceCapPerMwh?: number;
}

/** One seller's energy for one buyer in one interval, at the book's one price. */
export interface Trade {
  readonly buyOrder: string;
  readonly sellOrder: string;
  readonly buyer: string;
  readonly seller: string;
  readonly interval: Interval;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
}

export interface CallAuctionResult {
  readonly trades: readonly Trade[];
  /** Σ trades, Wh. */
  readonly quantityWh: number;
  /** Null when nothing clears; the certificate says why. */
  readonly pricePerMwh: number | null;
  readonly certificate: Certificate;
}

/**
 * Uniform-price call auction of one interval (two-sided sealed-bid k-double auction, Wilson 1985; Rustichini,
 * Satterthwaite & Williams 1994). Individually rational, strongly budget balanced, efficient on reported limits,
 * not incentive compatible. The same set of orders gives the same result in any input order and on any machine.
 *
 * Price: low + round(k · (high − low)) inside the efficient interval, nearest unit, halves upwards; both ends are
 * integers and limits, so rounding never leaves anyone's limit. Own matches are cancelled (see cancelOwnMatches).
 * @throws AUCTION_OPTIONS, and what requireBook throws.
 */
export function callAuction(orders: readonly Order[], options: CallAuctionOptions = {}): CallAuctionResult {
  const { k = 0.5, tie = 'pro-rata', priceCapPerMwh = null } = options;
  requireOptions(k, tie, priceCapPerMwh);
  requireBook(orders);
  const all = meritOrder(orders);
  const book = underCap(all, priceCapPerMwh);
  const crossing = capped(intersect(book), priceCapPerMwh);
  const gross = allocate(book, crossing.quantityWh, tie);
  const { fills, selfMatchedWh } = cancelOwnMatches(book, gross);
  const quantityWh = crossing.quantityWh - selfMatchedWh;
  const pricePerMwh = quantityWh === 0 ? null : priceWithin(crossing, k);
  const certificate = certify({
    all,
    book,
    gross,
    fills,
    crossing,
    rules: { k, tie, priceCapPerMwh },
    outcome: { quantityWh, pricePerMwh, selfMatchedWh, reason: reasonOf(all, book, crossing, quantityWh) },
  });
  const trades = pricePerMwh === null ? [] : pair(book, fills, pricePerMwh);
  return { trades, quantityWh, pricePerMwh, certificate };
}

function requireOptions(k: number, tie: TieRule, priceCapPerMwh: number | null): void {
  if (!(k >= 0 && k <= 1)) throw new DomainError('AUCTION_OPTIONS', `expected k within 0 and 1, got ${k}`);
  if (tie !== 'pro-rata' && tie !== 'time') {
    throw new DomainError('AUCTION_OPTIONS', `expected tie pro-rata or time, got ${String(tie)}`);
  }
  if (priceCapPerMwh !== null && !Number.isSafeInteger(priceCapPerMwh)) {
    throw new DomainError('AUCTION_OPTIONS', `expected a whole price cap per MWh, got ${priceCapPerMwh}`);
  }
}

function underCap(book: MeritOrder, cap: number | null): MeritOrder {
  return cap === null
    ? book
    : { buys: book.buys, sells: book.sells.filter((order) => order.pricePerMwh <= cap) };
}

function capped(crossing: Intersection, cap: number | null): Intersection {
  if (cap === null) return crossing;
  const clip = (price: number | null): number | null => (price === null ? null : Math.min(price, cap));
  return { ...crossing, lowPerMwh: clip(crossing.lowPerMwh), highPerMwh: clip(crossing.highPerMwh) };
}

function priceWithin({ lowPerMwh, highPerMwh }: Intersection, k: number): number {
  if (lowPerMwh === null || highPerMwh === null) throw new TypeError('a crossing has a price on both sides');
  return lowPerMwh + Math.round(k * (highPerMwh - lowPerMwh));
}

function reasonOf(
  all: MeritOrder,
  book: MeritOrder,
  crossing: Intersection,
  quantityWh: number,
): ReasonCode | null {
  if (quantityWh > 0) return null;
  if (all.buys.length === 0) return all.sells.length === 0 ? 'NO_ORDERS' : 'NO_BUY_ORDERS';
  if (all.sells.length === 0) return 'NO_SELL_ORDERS';
  if (book.sells.length === 0) return 'PRICE_CAP_BELOW_ALL_SELLS';
  return crossing.quantityWh === 0 ? 'PRICES_DO_NOT_CROSS' : 'ONLY_OWN_MATCHES';
}

/** Any pairing is right at one price; walking both sides in merit order needs the fewest trades, at most one an order. */
function pair({ buys, sells }: MeritOrder, fills: Fills, pricePerMwh: number): Trade[] {
  const trades: Trade[] = [];
  const sellLeftWh = [...fills.sellWh];
  let s = 0;
  buys.forEach((buy, b) => {
    let leftWh = fills.buyWh[b]!;
    while (leftWh > 0) {
      while (sellLeftWh[s] === 0) s++;
      const sell = sells[s]!;
      const quantityWh = Math.min(leftWh, sellLeftWh[s]!);
      leftWh -= quantityWh;
      sellLeftWh[s] = sellLeftWh[s]! - quantityWh;
      const { member: buyer, interval, id: buyOrder } = buy;
      trades.push({
        buyOrder,
        sellOrder: sell.id,
        buyer,
        seller: sell.member,
        interval,
        quantityWh,
        pricePerMwh,
      });
    }
  });
  return trades;
}
