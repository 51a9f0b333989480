import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { MAX_BLOCK_ORDERS, MAX_INDIVISIBLE } from '#market';
import { clearsBlocks } from './block-terms.ts';
import { MarketOrder, type MarketSession } from './market.entities.ts';
import { TAKES_PREFERENCES } from './order-terms.ts';
import type { PlacedOrder } from './session.ts';

/**
 * Keeps the welfare of a session an exact integer of minor units whatever its members send: 400 000 orders of the largest
 * quantity, a whole price range apart, are worth 8 · 10^15, below 2^53.
 */
export const MAX_ORDERS_PER_SESSION = 400_000;

/** Bilateral trading looks at every pair of a bid and an ask of a slot, of which these have 4 000 000 at most. */
const MAX_PREFERRING_SLOT_ORDERS = 4_000;

/**
 * Holds a session's book until the transaction ends: of those who add to it at the same time, each counts what the others
 * have added. Members see their own orders only, so this comes before the transaction is narrowed to one. A book that its
 * mechanism would refuse for its size never comes about.
 * @throws SESSION_ORDERS_LIMIT unless the orders fit
 */
export async function requireSessionRoom(
  manager: EntityManager,
  session: Pick<MarketSession, 'id' | 'mechanism'>,
  orders: readonly Pick<PlacedOrder, 'startMs' | 'terms'>[],
  most = MAX_ORDERS_PER_SESSION,
): Promise<void> {
  const { id: sessionId, mechanism } = session;
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`market book ${sessionId}`]);
  const stored = await manager.countBy(MarketOrder, { sessionId });
  requireRoom(stored + orders.length, clearsBlocks(session) ? MAX_BLOCK_ORDERS : most);
  if (clearsBlocks(session)) {
    const whole = orders.filter(({ terms }) => terms.minAcceptance !== undefined).length;
    requireRoom((await indivisibleUnits(manager, sessionId)) + whole, MAX_INDIVISIBLE);
  }
  if (!TAKES_PREFERENCES.includes(mechanism)) return;
  for (const startMs of new Set(orders.map((order) => order.startMs))) {
    const waiting = await manager.countBy(MarketOrder, { sessionId, startsAt: new Date(startMs) });
    const more = orders.filter((order) => order.startMs === startMs).length;
    requireRoom(waiting + more, MAX_PREFERRING_SLOT_ORDERS);
  }
}

/** Blocks and single orders of a least acceptance; an order of a block counts with its block. */
async function indivisibleUnits(manager: EntityManager, sessionId: string): Promise<number> {
  const [row] = await manager.query<{ units: number }[]>(
    `SELECT count(DISTINCT (participant_id, coalesce('block ' || (terms ->> 'block'), order_id)))::int AS units
      FROM market_order WHERE session_id = $1 AND terms ->> 'minAcceptance' IS NOT NULL`,
    [sessionId],
  );
  return row!.units;
}

function requireRoom(count: number, most: number): void {
  if (count <= most) return;
  throw new DomainError(
    'SESSION_ORDERS_LIMIT',
    `expected at most ${most} orders of their kind in a session or slot, got more`,
    'limit',
    { limit: most },
  );
}
