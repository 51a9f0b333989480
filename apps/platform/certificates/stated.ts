import { type EntityManager, In } from 'typeorm';
import type { Interval } from '#core';
import type { Delivery } from '#market';
import { MarketDelivery, MarketSession } from '../market/market.entities.ts';
import { holdSession } from '../market/session-lock.ts';
import { slotAt } from '../market/session-slots.ts';
import { newestStatements } from '../market/settlement-facts.ts';

/** What a participant's meter said of one slot, by one session. */
export interface Stated {
  readonly session: MarketSession;
  readonly statement: Delivery;
}

/**
 * What settled sessions of energy have a participant's statement of, for exactly a slot. Holds those sessions, so that no
 * correction is settled meanwhile; always in one order, so that nobody waits for each other.
 */
export async function holdStatements(
  manager: EntityManager,
  participantId: string,
  slot: Interval,
): Promise<Stated[]> {
  const startsAt = new Date(slot.startMs);
  const deliveries = await manager.findBy(MarketDelivery, { participantId, startsAt });
  const sessions = await manager.findBy(MarketSession, {
    id: In(deliveries.map(({ sessionId }) => sessionId)),
    state: 'SETTLED',
    product: 'energy',
  });
  const stated: Stated[] = [];
  for (const { id } of sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const session = await holdSession(manager, id, 'shared');
    if (slotAt(session, slot.startMs).endMs !== slot.endMs) continue;
    const statement = (await newestStatements(manager, session)).find(
      ({ member, interval: during }) => member === participantId && during.startMs === slot.startMs,
    );
    if (statement !== undefined) stated.push({ session, statement });
  }
  return stated;
}
