import { DomainError, type Interval } from '#core';
import {
  type BookPriceRule,
  type Execution,
  type Matched,
  type OpenOrder,
  type SelfTradeRule,
  type TimeInForce,
  matchIncoming,
} from './match-incoming.ts';
import { MinQueue } from './min-queue.ts';
import { type Order, type Side, requireOrder } from './order.ts';
import { PriceLevels, type Resting } from './price-levels.ts';

export interface OrderBookOptions {
  readonly priceRule?: BookPriceRule;
  readonly selfTrade?: SelfTradeRule;
  /** Most orders that wait at once. */
  readonly maxOpenOrders?: number;
}

/** An order that left the book, or never entered it, with what was left of it. */
export interface Withdrawal {
  readonly order: string;
  readonly member: string;
  readonly leftWh: number;
  readonly reason: 'expired' | 'cancelled' | 'self-trade' | 'unfilled';
}

export interface BookStep {
  readonly executions: readonly Execution[];
  /** In the order in which they left: expired ones, then those cancelled against self-trade. */
  readonly withdrawals: readonly Withdrawal[];
  /** What waits of the order inserted, 0 of none. */
  readonly restingWh: number;
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
   * Trades what the order's limit reaches and lets the rest wait, unless it is not for waiting.
   * @throws what requireOrder does, ORDER_DUPLICATE, ORDER_INTERVAL, BOOK_TIME, BOOK_ORDER_EXPIRED, BOOK_FULL
   */
  insert(order: Order, atMs: number, timeInForce: TimeInForce = 'gtd'): BookStep {
    this.#moveTo(atMs);
    this.#requireInsertable(order, atMs);
    const withdrawals = this.#expired();
    const waiting = this.#waiting(order.side === 'buy' ? 'sell' : 'buy');
    const rules = { priceRule: this.#priceRule, selfTrade: this.#selfTrade };
    const matched = matchIncoming({ order, timeInForce, atMs }, waiting, rules);
    this.#store(matched, withdrawals);
    const { fills, leftWh, withdrawn } = matched;
    const restingWh = withdrawn === null ? leftWh : 0;
    if (restingWh > 0) this.#rest(order, restingWh);
    else this.#orders.set(order.id, undefined);
    if (withdrawn !== null) withdrawals.push(withdrawal(order, leftWh, withdrawn));
    return { executions: fills.map(({ execution }) => execution), withdrawals, restingWh };
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
    return Array.from(this.#waiting(side), ({ order, leftWh }) => ({ order, leftWh }));
  }

  *#waiting(side: Side): Generator<Waiting, void> {
    const levels = this.#sides[side];
    for (let level = levels.best(); level; level = levels.worseThan(level)) {
      for (let waiting = level.first; waiting; waiting = waiting.after) yield waiting;
    }
  }

  #store({ fills, ownCancelled }: Matched<Waiting>, withdrawals: Withdrawal[]): void {
    for (const { resting, execution } of fills) {
      resting.leftWh -= execution.quantityWh;
      if (resting.leftWh === 0) this.#take(resting);
    }
    for (const own of ownCancelled) {
      withdrawals.push(withdrawal(own.order, own.leftWh, 'self-trade'));
      this.#take(own);
    }
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

const withdrawal = ({ id, member }: Order, leftWh: number, reason: Withdrawal['reason']): Withdrawal => ({
  order: id,
  member,
  leftWh,
  reason,
});
