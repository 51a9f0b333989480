import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { MarketOrder } from './market.entities.ts';

/**
 * Keeps the welfare of a session an exact integer of minor units whatever its members send: 400 000 orders of the largest
 * quantity, a whole price range apart, are worth 8 · 10^15, below 2^53.
 */
export const MAX_ORDERS_PER_SESSION = 400_000;

/**
 * Holds a session's book until the transaction ends: of those who add to it at the same time, each counts what the others
 * have added. Members see their own orders only, so this comes before the transaction is narrowed to one.
 * @throws SESSION_ORDERS_LIMIT unless `more` orders fit
 */
export async function requireSessionRoom(
  manager: EntityManager,
  sessionId: string,
  more: number,
  most: number = MAX_ORDERS_PER_SESSION,
): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`market book ${sessionId}`]);
  if ((await manager.countBy(MarketOrder, { sessionId })) + more <= most) return;
  throw new DomainError(
    'SESSION_ORDERS_LIMIT',
    `expected at most ${most} orders in a session, got more`,
    'limit',
    { limit: most },
  );
}
