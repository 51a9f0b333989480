import { DomainError, type Interval } from '#core';
import { MinQueue } from './min-queue.ts';
import { type Order, type Side, requireOrder } from './order.ts';
import { PriceLevels, type Resting } from './price-levels.ts';

/** Whose limit is the price: that of the order that was there first, or always the seller's. */
export type BookPriceRule = 'maker' | 'ask';

/**
 * What happens where a member would trade with itself: its resting orders are passed over and stay, they are cancelled,
 * or what is left of the incoming order is.
 */
export type SelfTradeRule = 'skip' | 'cancel-resting' | 'cancel-incoming';

export interface OrderBookOptions {
  readonly priceRule?: BookPriceRule;
  readonly selfTrade?: SelfTradeRule;
  /** Most orders that wait at once. */
  readonly maxOpenOrders?: number;
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

/** An order that left the book, or never entered it, with what was left of it. */
export interface Withdrawal {
  readonly order: string;
  readonly member: string;
  readonly leftWh: number;
  readonly reason: 'expired' | 'cancelled' | 'self-trade';
}

export interface BookStep {
  readonly executions: readonly Execution[];
  /** In the order in which they left: expired ones, then those cancelled against self-trade. */
  readonly withdrawals: readonly Withdrawal[];
  /** What waits of the order inserted, 0 of none. */
  readonly restingWh: number;
}

/** An order that waits, with what is left of it. */
export interface OpenOrder {
  readonly order: Order;
  readonly leftWh: number;
}

const MAX_OPEN_ORDERS = 1_000_000;

const PRICE_RULES: readonly BookPriceRule[] = ['maker', 'ask'];
const SELF_TRADE_RULES: readonly SelfTradeRule[] = ['skip', 'cancel-resting', 'cancel-incoming'];

type Waiting = Resting<Order>;

/**
 * Continuous double auction of one interval: an order trades at once with the best-priced, then longest-waiting orders of
 * the other side that its limit reaches, and waits with the rest (price–time priority; Friedman & Rust 1993; price rules
 * as Energy Web Origin's exchange). Time only moves forward. An operation that is refused does nothing but let time pass:
 * orders that expired by then are reported by the next operation that is not refused.
 */
export class OrderBook {
  readonly #sides = { buy: new PriceLevels<Order>('higher'), sell: new PriceLevels<Order>('lower') };
  readonly #priceRule: BookPriceRule;
  readonly #selfTrade: SelfTradeRule;
  readonly #maxOpenOrders: number;
  /** Every id ever inserted; undefined once nothing of the order waits. */
  readonly #orders = new Map<string, Waiting | undefined>();
  readonly #expiries = new MinQueue<Waiting>();
  #unreported: Withdrawal[] = [];
  #open = 0;
  #nowMs = -Infinity;

  /** @throws BOOK_OPTIONS */
  constructor(
    readonly interval: Interval,
    { priceRule = 'maker', selfTrade = 'skip', maxOpenOrders = MAX_OPEN_ORDERS }: OrderBookOptions = {},
  ) {
    const knows = PRICE_RULES.includes(priceRule) && SELF_TRADE_RULES.includes(selfTrade);
    if (!knows || !(maxOpenOrders >= 1 && maxOpenOrders <= MAX_OPEN_ORDERS)) {
      const got = `${priceRule}, ${selfTrade} and ${maxOpenOrders}`;
      throw new DomainError(
        'BOOK_OPTIONS',
        `expected a price rule, a self-trade rule and a limit, got ${got}`,
      );
    }
    this.#priceRule = priceRule;
    this.#selfTrade = selfTrade;
    this.#maxOpenOrders = maxOpenOrders;
  }

  /**
   * Trades what the order's limit reaches and lets the rest wait.
   * @throws what requireOrder does, ORDER_DUPLICATE, ORDER_INTERVAL, BOOK_TIME, BOOK_ORDER_EXPIRED, BOOK_FULL
   */
  insert(order: Order, atMs: number): BookStep {
    this.#moveTo(atMs);
    this.#requireInsertable(order, atMs);
    const withdrawals = this.#expired();
    const executions: Execution[] = [];
    const { leftWh, withdrawn } = this.#match(order, executions, withdrawals);
    const restingWh = withdrawn ? 0 : leftWh;
    if (restingWh > 0) this.#rest(order, restingWh);
    else this.#orders.set(order.id, undefined);
    if (withdrawn) withdrawals.push(withdrawal(order, leftWh, 'self-trade'));
    return { executions, withdrawals, restingWh };
  }

  /** Withdraws what waits of an order. @throws BOOK_TIME, BOOK_ORDER_UNKNOWN, BOOK_ORDER_DONE, BOOK_ORDER_FOREIGN */
  cancel(id: string, member: string, atMs: number): BookStep {
    this.#moveTo(atMs);
    const waiting = this.#requireCancellable(id, member);
    const withdrawals = this.#expired();
    withdrawals.push(withdrawal(waiting.order, waiting.leftWh, 'cancelled'));
    this.#take(waiting);
    return { executions: [], withdrawals, restingWh: 0 };
  }

  /** Lets time pass: what expires by `atMs` leaves. @throws BOOK_TIME */
  advance(atMs: number): BookStep {
    this.#moveTo(atMs);
    return { executions: [], withdrawals: this.#expired(), restingWh: 0 };
  }

  /** The orders of one side that wait, best first. */
  open(side: Side): OpenOrder[] {
    const orders: OpenOrder[] = [];
    const levels = this.#sides[side];
    for (let level = levels.best(); level; level = levels.worseThan(level)) {
      for (let waiting = level.first; waiting; waiting = waiting.after) {
        orders.push({ order: waiting.order, leftWh: waiting.leftWh });
      }
    }
    return orders;
  }

  #match(
    order: Order,
    executions: Execution[],
    withdrawals: Withdrawal[],
  ): { leftWh: number; withdrawn: boolean } {
    const levels = this.#sides[order.side === 'buy' ? 'sell' : 'buy'];
    let leftWh = order.quantityWh;
    let level = levels.best();
    while (level && leftWh > 0 && reaches(order, level.pricePerMwh)) {
      // What is worse is asked for first: a level that empties is gone.
      const next = levels.worseThan(level);
      for (let waiting = level.first; waiting && leftWh > 0; waiting = waiting.after) {
        if (waiting.order.member !== order.member) {
          leftWh -= this.#execute(order, waiting, leftWh, executions);
        } else if (this.#selfTrade === 'cancel-incoming') {
          return { leftWh, withdrawn: true };
        } else if (this.#selfTrade === 'cancel-resting') {
          withdrawals.push(withdrawal(waiting.order, waiting.leftWh, 'self-trade'));
          this.#take(waiting);
        }
      }
      level = next;
    }
    return { leftWh, withdrawn: false };
  }

  #execute(taker: Order, resting: Waiting, leftWh: number, executions: Execution[]): number {
    const maker = resting.order;
    const quantityWh = Math.min(leftWh, resting.leftWh);
    const [buy, sell] = taker.side === 'buy' ? [taker, maker] : [maker, taker];
    executions.push({
      buyOrder: buy.id,
      sellOrder: sell.id,
      buyer: buy.member,
      seller: sell.member,
      maker: maker.side,
      quantityWh,
      pricePerMwh: this.#priceRule === 'ask' ? sell.pricePerMwh : maker.pricePerMwh,
      atMs: this.#nowMs,
    });
    resting.leftWh -= quantityWh;
    if (resting.leftWh === 0) this.#take(resting);
    return quantityWh;
  }

  #rest(order: Order, leftWh: number): void {
    const waiting = this.#sides[order.side].append(order, order.pricePerMwh, leftWh);
    this.#orders.set(order.id, waiting);
    if (order.expiresAtMs !== undefined) this.#expiries.add(order.expiresAtMs, waiting);
    this.#open++;
  }

  #take(waiting: Waiting): void {
    this.#sides[waiting.order.side].remove(waiting);
    this.#orders.set(waiting.order.id, undefined);
    this.#open--;
  }

  #moveTo(atMs: number): void {
    if (!(atMs >= this.#nowMs && Number.isFinite(atMs))) {
      throw new DomainError('BOOK_TIME', `expected a time from ${this.#nowMs} on, got ${atMs}`);
    }
    this.#nowMs = atMs;
    for (let due = this.#expiries.first(); due && due.key <= atMs; due = this.#expiries.first()) {
      this.#expiries.take();
      const waiting = due.item;
      // What ended otherwise stays in the queue until its time.
      if (this.#orders.get(waiting.order.id) !== waiting) continue;
      this.#unreported.push(withdrawal(waiting.order, waiting.leftWh, 'expired'));
      this.#take(waiting);
    }
  }

  #expired(): Withdrawal[] {
    const expired = this.#unreported;
    this.#unreported = [];
    return expired;
  }

  #requireInsertable(order: Order, atMs: number): void {
    requireOrder(order);
    const { id, interval, expiresAtMs } = order;
    if (this.#orders.has(id)) {
      throw new DomainError('ORDER_DUPLICATE', `expected each order once, got ${id} twice`, 'conflict');
    }
    if (interval.startMs !== this.interval.startMs || interval.endMs !== this.interval.endMs) {
      throw new DomainError('ORDER_INTERVAL', `expected the book's interval, got another in order ${id}`);
    }
    if (expiresAtMs !== undefined && !(expiresAtMs > atMs)) {
      throw new DomainError('BOOK_ORDER_EXPIRED', `expected an expiry after ${atMs}, got ${expiresAtMs}`);
    }
    if (this.#open >= this.#maxOpenOrders) {
      throw new DomainError('BOOK_FULL', `expected at most ${this.#maxOpenOrders} open orders`, 'limit');
    }
  }

  #requireCancellable(id: string, member: string): Waiting {
    const waiting = this.#orders.get(id);
    if (waiting === undefined) {
      throw this.#orders.has(id)
        ? new DomainError('BOOK_ORDER_DONE', `expected an open order, got ${id}, which is not`, 'conflict')
        : new DomainError('BOOK_ORDER_UNKNOWN', `expected an order of this book, got ${id}`, 'not-found');
    }
    if (waiting.order.member !== member) {
      throw new DomainError('BOOK_ORDER_FOREIGN', `expected an order of ${member}, got ${id}`, 'forbidden');
    }
    return waiting;
  }
}

const reaches = (order: Order, pricePerMwh: number): boolean =>
  order.side === 'buy' ? order.pricePerMwh >= pricePerMwh : order.pricePerMwh <= pricePerMwh;

const withdrawal = ({ id, member }: Order, leftWh: number, reason: Withdrawal['reason']): Withdrawal => ({
  order: id,
  member,
  leftWh,
  reason,
});
