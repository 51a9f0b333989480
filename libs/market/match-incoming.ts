import { type Order, type Side } from './order.ts';

/** Whose limit is the price: that of the order that was there first, or always the seller's. */
export type BookPriceRule = 'maker' | 'ask';

/**
 * What happens where a member would trade with itself: its resting orders are passed over and stay, they are cancelled,
 * or what is left of the incoming order is.
 */
export type SelfTradeRule = 'skip' | 'cancel-resting' | 'cancel-incoming';

/**
 * What happens to what does not trade at once: it waits till its expiry (good till date), it is withdrawn (immediate or
 * cancel), or, unless all of the order trades at once, nothing of it does (fill or kill).
 */
export type TimeInForce = 'gtd' | 'ioc' | 'fok';

/** An order that waits, with what is left of it. */
export interface OpenOrder {
  readonly order: Order;
  readonly leftWh: number;
}

/** One trade between an incoming order (the taker) and a resting one (the maker). */
export interface Execution {
  readonly buyOrder: string;
  readonly sellOrder: string;
  readonly buyer: string;
  readonly seller: string;
  readonly maker: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly atMs: number;
}

export interface IncomingOrder {
  readonly order: Order;
  readonly timeInForce: TimeInForce;
  readonly atMs: number;
}

export interface MatchingRules {
  readonly priceRule: BookPriceRule;
  readonly selfTrade: SelfTradeRule;
}

export interface Fill<T extends OpenOrder> {
  readonly resting: T;
  readonly execution: Execution;
}

/** What an incoming order comes to; nothing has been changed yet. */
export interface Matched<T extends OpenOrder> {
  readonly fills: readonly Fill<T>[];
  /** Own orders to be cancelled against self-trade, in the order in which they were met. */
  readonly ownCancelled: readonly T[];
  /** What did not trade. */
  readonly leftWh: number;
  /** Why that does not wait; null where it does, or where nothing is left. */
  readonly withdrawn: 'self-trade' | 'unfilled' | null;
}

/**
 * Matches an order that comes in with those that wait (price–time priority), for a book in memory and for one in a
 * database alike.
 * @param waiting orders of the other side, best price first, at one price the longest waiting first; read no further than
 *   the order's limit reaches, and only until it is filled
 */
export function matchIncoming<T extends OpenOrder>(
  incoming: IncomingOrder,
  waiting: Iterable<T>,
  { priceRule, selfTrade }: MatchingRules,
): Matched<T> {
  const { order, timeInForce } = incoming;
  const fills: Fill<T>[] = [];
  const ownCancelled: T[] = [];
  let leftWh = order.quantityWh;
  let stopped = false;
  for (const resting of waiting) {
    if (!reaches(order, resting.order.pricePerMwh)) break;
    if (resting.order.member !== order.member) {
      const execution = executionOf(incoming, resting, Math.min(leftWh, resting.leftWh), priceRule);
      fills.push({ resting, execution });
      leftWh -= execution.quantityWh;
      if (leftWh === 0) break;
    } else if (selfTrade === 'cancel-incoming') {
      stopped = true;
      break;
    } else if (selfTrade === 'cancel-resting') ownCancelled.push(resting);
  }
  const withdrawn = reasonOf(leftWh, stopped, timeInForce);
  if (timeInForce === 'fok' && leftWh > 0)
    return { fills: [], ownCancelled: [], leftWh: order.quantityWh, withdrawn };
  return { fills, ownCancelled, leftWh, withdrawn };
}

function reasonOf(
  leftWh: number,
  stopped: boolean,
  timeInForce: TimeInForce,
): Matched<OpenOrder>['withdrawn'] {
  if (leftWh === 0) return null;
  if (stopped) return 'self-trade';
  return timeInForce === 'gtd' ? null : 'unfilled';
}

const reaches = (order: Order, pricePerMwh: number): boolean =>
  order.side === 'buy' ? order.pricePerMwh >= pricePerMwh : order.pricePerMwh <= pricePerMwh;

function executionOf(
  { order: taker, atMs }: IncomingOrder,
  { order: maker }: OpenOrder,
  quantityWh: number,
  priceRule: BookPriceRule,
): Execution {
  const [buy, sell] = taker.side === 'buy' ? [taker, maker] : [maker, taker];
  return {
    buyOrder: buy.id,
    sellOrder: sell.id,
    buyer: buy.member,
    seller: sell.member,
    maker: maker.side,
    quantityWh,
    pricePerMwh: priceRule === 'ask' ? sell.pricePerMwh : maker.pricePerMwh,
    atMs,
  };
}
