import { DomainError } from '#core';
import { type BlockOrder, blockOrders, type OrderTerms, requireBlocks } from '#market';
import type { PlacedOrder, SessionDraft } from './session.ts';
import { slotAt, type Slotted } from './session-slots.ts';

/** The integer program is one for all: a hundred participants that each take all of theirs still clear. */
const MAX_INDIVISIBLE_UNITS = 5;
/** Three a slot of quarters of an hour, as nodes bid. */
const MAX_BLOCK_SESSION_ORDERS = 300;

/**
 * Bounds of an order, far beyond what a member of a community has reason to say: the integer program must tell the smallest
 * order from the largest.
 */
const MAX_BLOCK_ORDER_WH = 100_000_000;
const MAX_RETAIL_MULTIPLE = 2;

/** Whether a session's slots are cleared together, as blocks need it. */
export const clearsBlocks = ({ mechanism }: { readonly mechanism: string }): boolean =>
  mechanism === blockOrders.name;

/** What of an order's terms blocks are made of. */
export const blockTermsOf = ({ block, minAcceptance, linkedTo }: OrderTerms) => ({
  ...(block !== undefined && { block }),
  ...(minAcceptance !== undefined && { minAcceptance }),
  ...(linkedTo !== undefined && { linkedTo }),
});

type BlockSession = Pick<SessionDraft, 'mechanism' | 'retailPerMwh' | 'feedInPerMwh'>;

/**
 * @throws ORDER_BLOCK for the terms of blocks where the mechanism takes none, or names that are none; ORDER_QUANTITY,
 * ORDER_PRICE for orders beyond what blocks are cleared with
 */
export function requireBlockTerms(
  orders: readonly Pick<PlacedOrder, 'id' | 'quantityWh' | 'pricePerMwh' | 'terms'>[],
  session: BlockSession,
): void {
  if (clearsBlocks(session)) for (const order of orders) requireBlockSize(order, session);
  for (const { id, terms } of orders) {
    const { block, linkedTo } = terms;
    if (Object.keys(blockTermsOf(terms)).length === 0) continue;
    if (!clearsBlocks(session)) {
      throw new DomainError(
        'ORDER_BLOCK',
        `expected no block, least acceptance or link in a session of ${session.mechanism}, got one in order ${id}; ${blockOrders.name} takes them`,
        'invalid',
        { order: id, mechanisms: [blockOrders.name] },
      );
    }
    if ([block, linkedTo].every((name) => name === undefined || /^[\w-]{1,64}$/.test(name))) continue;
    throw new DomainError(
      'ORDER_BLOCK',
      `expected names of 1–64 letters, digits, _ or - in order ${id}`,
      'invalid',
      { order: id },
    );
  }
}

function requireBlockSize(
  { id, quantityWh, pricePerMwh }: Pick<PlacedOrder, 'id' | 'quantityWh' | 'pricePerMwh'>,
  { retailPerMwh, feedInPerMwh }: BlockSession,
): void {
  const most = MAX_RETAIL_MULTIPLE * Math.max(Math.abs(retailPerMwh), Math.abs(feedInPerMwh), 1);
  if (quantityWh > MAX_BLOCK_ORDER_WH) {
    throw new DomainError(
      'ORDER_QUANTITY',
      `expected at most ${MAX_BLOCK_ORDER_WH} Wh in a session of ${blockOrders.name}, got more in order ${id}`,
      'limit',
    );
  }
  if (Math.abs(pricePerMwh) > most) {
    throw new DomainError(
      'ORDER_PRICE',
      `expected a price within ±${most} in a session of ${blockOrders.name}, got another in order ${id}`,
      'limit',
    );
  }
}

/**
 * Blocks and links hold among a participant's own orders, so that none can make the book of all impossible to clear.
 * @param orders all of one participant in the session
 * @throws ORDERS_LIMIT, and the codes of blocks: BLOCK_ACCEPTANCE, BLOCK_DISAGREES, BLOCK_LINK_UNKNOWN, BLOCK_LINK_CYCLE
 */
export function requireOwnBlocks(
  orders: readonly PlacedOrder[],
  session: Slotted & { readonly mechanism: string },
): void {
  const own = orders.map(({ id, startMs, side, quantityWh, pricePerMwh, terms }): BlockOrder => ({
    id,
    member: '',
    interval: slotAt(session, startMs),
    side,
    quantityWh,
    pricePerMwh,
    ...blockTermsOf(terms),
  }));
  const { indivisible } = requireBlocks(own);
  if (own.length <= MAX_BLOCK_SESSION_ORDERS && indivisible <= MAX_INDIVISIBLE_UNITS) return;
  throw new DomainError(
    'ORDERS_LIMIT',
    `expected at most ${MAX_BLOCK_SESSION_ORDERS} orders and ${MAX_INDIVISIBLE_UNITS} of a least acceptance in a session of ${blockOrders.name}, got more`,
    'limit',
  );
}
