import { clearsBlocks, requireOwnBlocks } from './block-terms.ts';
import type { MarketSession } from './market.entities.ts';
import { requireTradersOrders } from './mechanism-terms.ts';
import { requireFewPreferring, requireOneBaseline } from './order-terms.ts';
import { type PlacedOrder, requireUncrossed } from './session.ts';

/**
 * What must hold of a participant's orders together, whoever places them.
 * @param ofSlots all of its orders in the slots concerned
 * @param ofSession all of its orders
 * @throws what requireUncrossed, requireOneBaseline, requireTradersOrders, requireFewPreferring and requireOwnBlocks throw
 */
export function requireTogether(
  session: MarketSession,
  ofSlots: readonly PlacedOrder[],
  ofSession: readonly PlacedOrder[],
): void {
  requireUncrossed(ofSlots);
  requireOneBaseline(ofSlots);
  requireTradersOrders(session, ofSlots);
  requireFewPreferring(ofSlots, session);
  if (clearsBlocks(session)) requireOwnBlocks(ofSession, session);
}
