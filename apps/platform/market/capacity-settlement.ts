import type { EntityManager } from 'typeorm';
import { type Availability, deviationFrom, settleCapacity, type Settlement, type Trade } from '#market';
import { MarketAvailability, MarketDelivery, MarketOrder, type MarketSession } from './market.entities.ts';
import { slotAt } from './session-slots.ts';

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
  const baselines = new Map(asks.map((ask) => [placeOf(ask), ask.terms.baselineWh!]));
  const rows = await manager.findBy(MarketDelivery, { sessionId: session.id });
  return rows.map((row) => ({
    member: row.participantId,
    interval: slotAt(session, row.startsAt.getTime()),
    availableWh: deviationFrom(baselines.get(placeOf(row))!, row, session.direction!),
  }));
}

const placeOf = ({ participantId, startsAt }: Pick<MarketOrder, 'participantId' | 'startsAt'>): string =>
  `${startsAt.getTime()} ${participantId}`;
