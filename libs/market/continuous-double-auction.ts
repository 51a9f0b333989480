import { DomainError, type Json } from '#core';
import { type Book } from './book.ts';
import { mechanism } from './clearing.ts';
import { Matches } from './matches.ts';
import { type Cancellation, type ClearingOptions, type Matching } from './mechanism.ts';
import { type Order } from './order.ts';
import { type BookStep, OrderBook } from './order-book.ts';

/**
 * Continuous double auction: the orders as they came in time through an order book (see OrderBook). Which orders meet
 * depends on when they come, so that welfare is not the best, and whoever waits for a better price may gain.
 */
export const continuousDoubleAuction = mechanism({
  name: 'continuous-double-auction',
  version: 1,
  title: 'Continuous double auction',
  source: 'Friedman & Rust 1993; rules as Energy Web Origin’s exchange',
  properties: {
    individuallyRational: true,
    incentiveCompatible: false,
    budgetBalance: 'strong',
    efficiency: 'none',
  },
  solver: 'order-book',
  traders: 'any',
  takes: ['priceRule', 'selfTrade', 'cancellations'],
  ownCrossing: 'avoided',
  match: trade,
});

type Event =
  | { readonly atMs: number; readonly order: Order }
  | { readonly atMs: number; readonly cancels: string; readonly member: string };

function trade(book: Book, options: ClearingOptions): Matching {
  const { priceRule = 'maker', selfTrade = 'skip', cancellations = [] } = options;
  const first = book.buys.orders[0] ?? book.sells.orders[0];
  const traded: Traded = { matches: new Matches(), refused: [], withdrawn: [] };
  if (first !== undefined) {
    const orders = new OrderBook(first.interval, { priceRule, selfTrade });
    replay(book, orders, eventsOf(book, cancellations), traded);
  }
  const { matches, refused, withdrawn } = traded;
  return {
    matches,
    pricePerMwh: null,
    priceRule: priceRule === 'ask' ? 'the seller’s limit' : 'the limit of the order that was there first',
    marginRule: `price, then time; own orders: ${selfTrade}`,
    details: { refused, withdrawn },
  };
}

interface Traded {
  readonly matches: Matches;
  readonly refused: Json[];
  readonly withdrawn: Json[];
}

function replay(book: Book, orders: OrderBook, events: readonly Event[], traded: Traded): void {
  const ranks = ranksById(book);
  for (const event of events) {
    const step = attempt(orders, event, traded.refused);
    if (step === undefined) continue;
    for (const { order, leftWh, reason } of step.withdrawals)
      traded.withdrawn.push({ order, leftWh, reason });
    for (const { buyOrder, sellOrder, quantityWh, pricePerMwh } of step.executions) {
      traded.matches.add(ranks.get(buyOrder)!, ranks.get(sellOrder)!, quantityWh, pricePerMwh);
    }
  }
}

function ranksById({ buys, sells }: Book): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const { orders } of [buys, sells]) orders.forEach(({ id }, rank) => ranks.set(id, rank));
  return ranks;
}

/** By time; at one instant cancellations first, then orders by id, so that input order never matters. */
function eventsOf({ buys, sells }: Book, cancellations: readonly Cancellation[]): Event[] {
  const members = new Map<string, string>();
  const insertions: Event[] = [buys, sells].flatMap(({ orders, limitsPerMwh }) =>
    orders.map((order, rank) => {
      members.set(order.id, order.member);
      return { atMs: order.receivedAtMs ?? 0, order: { ...order, pricePerMwh: limitsPerMwh[rank]! } };
    }),
  );
  const withdrawals: Event[] = cancellations.map(({ order, atMs }) => ({
    atMs,
    cancels: order,
    member: members.get(order) ?? '',
  }));
  return [...withdrawals, ...insertions].toSorted((a, b) => a.atMs - b.atMs || inOrder(keyOf(a), keyOf(b)));
}

const keyOf = (event: Event): string => ('order' in event ? `1${event.order.id}` : `0${event.cancels}`);

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A refused operation is stated by its code and leaves the rest as it is. */
function attempt(orders: OrderBook, event: Event, refused: Json[]): BookStep | undefined {
  try {
    return 'order' in event
      ? orders.insert(event.order, event.atMs)
      : orders.cancel(event.cancels, event.member, event.atMs);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'BOOK_TIME') throw error;
    const order = 'order' in event ? event.order.id : event.cancels;
    refused.push({ order, operation: 'order' in event ? 'insert' : 'cancel', code: error.code });
    return undefined;
  }
}
