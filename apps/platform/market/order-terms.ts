import { DomainError, isoInstant } from '#core';
import {
  type Direction,
  MECHANISMS,
  type OrderPreferences,
  type OrderTerms,
  type ProductKind,
  type Side,
} from '#market';
import { isUuid } from '../pipeline/uuid.ts';
import { MAX_DELIVERY_WH } from './session.ts';

/** Names of mechanisms by which orders may choose partners. */
export const TAKES_PREFERENCES: readonly string[] = MECHANISMS.filter(({ takes }) =>
  takes.includes('preferences'),
).map(({ name }) => name);

const MAX_TRUSTED = 100;
/**
 * Orders of one participant in one slot where partners are chosen: pairs grow with the square of a book, and a thousand
 * participants that use it all still clear.
 */
const MAX_PREFERRING_ORDERS = 4;

/** What of a session decides which terms its orders may have. */
export interface TermsSession {
  readonly product: ProductKind;
  readonly retailPerMwh: number;
  readonly mechanism: string;
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
 * @throws ORDER_BASELINE, ORDER_PREFERENCES, ORDER_ABOVE_SHORTFALL
 */
export function requireTerms(orders: readonly TermsOrder[], session: TermsSession): void {
  for (const order of orders) {
    requireBaseline(order, session);
    requirePreferences(order, session);
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

function requirePreferences({ id, terms: { preferences } }: TermsOrder, { mechanism }: TermsSession): void {
  if (preferences === undefined) return;
  if (!TAKES_PREFERENCES.includes(mechanism)) {
    throw new DomainError(
      'ORDER_PREFERENCES',
      `expected no preferences in a session of ${mechanism}, got some in order ${id}; ${TAKES_PREFERENCES.join(', ')} takes them`,
      'invalid',
      { order: id, mechanisms: TAKES_PREFERENCES },
    );
  }
  if (arePreferences(preferences)) return;
  throw new DomainError(
    'ORDER_PREFERENCES',
    `expected a neighbourhood of 1–64 letters, digits, _ or - and at most ${MAX_TRUSTED} participants, each once, in order ${id}`,
    'invalid',
    { order: id },
  );
}

function arePreferences({ local, trusted = [] }: OrderPreferences): boolean {
  const areTrusted = trusted.length <= MAX_TRUSTED && trusted.every(isUuid);
  return (
    areTrusted &&
    new Set(trusted).size === trusted.length &&
    (local === undefined || /^[\w-]{1,64}$/.test(local))
  );
}

/**
 * Where partners are chosen, a participant has few orders a slot.
 * @param orders all of one participant in the slots concerned
 * @throws ORDERS_LIMIT
 */
export function requireFewPreferring(
  orders: readonly Pick<TermsOrder, 'startMs'>[],
  { mechanism }: TermsSession,
): void {
  if (!TAKES_PREFERENCES.includes(mechanism)) return;
  const counts = new Map<number, number>();
  for (const { startMs } of orders) counts.set(startMs, (counts.get(startMs) ?? 0) + 1);
  if (Math.max(0, ...counts.values()) <= MAX_PREFERRING_ORDERS) return;
  throw new DomainError(
    'ORDERS_LIMIT',
    `expected at most ${MAX_PREFERRING_ORDERS} orders a slot in a session of ${mechanism}, got more`,
    'limit',
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
