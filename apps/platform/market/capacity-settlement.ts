import type { EntityManager } from 'typeorm';
import {
  type Availability,
  deviationFrom,
  type MemberInterval,
  settleCapacity,
  type Settlement,
  type Trade,
} from '#market';
import { MarketAvailability, MarketOrder, type MarketSession } from './market.entities.ts';
import { slotAt } from './session-slots.ts';
import { newestStatements } from './settlement-facts.ts';

/** Settles a session of flexibility, storage or reserve on what its sellers signed. */
export async function settleCapacitySession(
  manager: EntityManager,
  session: MarketSession,
  trades: readonly Trade[],
): Promise<Settlement> {
  const stated =
    session.product === 'flexibility'
      ? await deviations(manager, session)
      : await availabilities(manager, session);
  return settleCapacity(trades, stated, session.retailPerMwh);
}

async function availabilities(manager: EntityManager, session: MarketSession): Promise<Availability[]> {
  const rows = await manager.findBy(MarketAvailability, { sessionId: session.id });
  return rows.map(({ participantId, startsAt, availableWh }) => ({
    member: participantId,
    interval: slotAt(session, startsAt.getTime()),
    availableWh,
  }));
}

/** The metered deviations from the baselines signed with the sellers' orders: one a seller and slot. */
async function deviations(manager: EntityManager, session: MarketSession): Promise<Availability[]> {
  const asks = await manager.findBy(MarketOrder, { sessionId: session.id, side: 'sell' });
  const baselines = new Map(
    asks.map(({ participantId: member, startsAt, terms }) => [
      keyOf({ member, interval: slotAt(session, startsAt.getTime()) }),
      terms.baselineWh!,
    ]),
  );
  const deliveries = await newestStatements(manager, session);
  return deliveries.map((delivery) => ({
    member: delivery.member,
    interval: delivery.interval,
    availableWh: deviationFrom(baselines.get(keyOf(delivery))!, delivery, session.direction!),
  }));
}

const keyOf = ({ member, interval }: MemberInterval): string => `${interval.startMs} ${member}`;
