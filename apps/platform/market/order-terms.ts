import { DomainError, isoInstant } from '#core';
import type { Direction, OrderTerms, ProductKind, Side } from '#market';
import { MAX_DELIVERY_WH } from './session.ts';

/** What of a session decides which terms its orders may have. */
export interface TermsSession {
  readonly product: ProductKind;
  readonly retailPerMwh: number;
}

/** What of an order its terms are checked with. */
export interface TermsOrder {
  readonly id: string;
  readonly startMs: number;
  readonly side: Side;
  readonly pricePerMwh: number;
  readonly terms: OrderTerms;
}

/**
 * The direction of a session's flexibility, null of any other product.
 * @throws SESSION_DIRECTION unless flexibility has one, and only flexibility
 */
export function requireDirection(product: ProductKind, direction: Direction | null): Direction | null {
  if ((product === 'flexibility') === (direction !== null)) return direction;
  throw new DomainError(
    'SESSION_DIRECTION',
    'expected a direction of a session of flexibility, and of no other',
    'invalid',
    { product },
  );
}

/**
 * Checks what orders say beyond their limits against what the session trades.
 * @throws ORDER_BASELINE, ORDER_ABOVE_SHORTFALL
 */
export function requireTerms(orders: readonly TermsOrder[], session: TermsSession): void {
  for (const order of orders) {
    requireBaseline(order, session);
    // A seller paid more than it is charged for keeping nothing ready would gain by that.
    if (session.product === 'energy' || order.pricePerMwh <= session.retailPerMwh) continue;
    throw new DomainError(
      'ORDER_ABOVE_SHORTFALL',
      `expected at most the price of a shortfall, ${session.retailPerMwh}, in order ${order.id}`,
      'invalid',
      { order: order.id },
    );
  }
}

function requireBaseline({ id, side, terms: { baselineWh } }: TermsOrder, { product }: TermsSession): void {
  const isNeeded = product === 'flexibility' && side === 'sell';
  if (!isNeeded && baselineWh === undefined) return;
  if (isNeeded && Number.isSafeInteger(baselineWh) && Math.abs(baselineWh!) <= MAX_DELIVERY_WH) return;
  throw new DomainError(
    'ORDER_BASELINE',
    `expected a baseline in whole Wh within ±${MAX_DELIVERY_WH} of flexibility on sale and of no other, got another in order ${id}`,
    'invalid',
    { order: id },
  );
}

/** A participant deviates from one baseline a slot. @throws ORDER_BASELINE */
export function requireOneBaseline(orders: readonly TermsOrder[]): void {
  const baselines = new Map<number, number>();
  for (const { id, startMs, terms } of orders) {
    const { baselineWh } = terms;
    if (baselineWh === undefined) continue;
    if ((baselines.get(startMs) ?? baselineWh) !== baselineWh) {
      throw new DomainError(
        'ORDER_BASELINE',
        `expected one baseline of ${isoInstant(startMs)}, got another in order ${id}`,
        'conflict',
        { order: id },
      );
    }
    baselines.set(startMs, baselineWh);
  }
}
