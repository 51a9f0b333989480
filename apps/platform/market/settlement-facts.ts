import type { EntityManager } from 'typeorm';
import { type Delivery, newestDeliveries, type Trade } from '#market';
import { MarketDelivery, type MarketSession, MarketSettlement, MarketTrade } from './market.entities.ts';
import { slotAt } from './session-slots.ts';
import { MarketDeliveryCorrection } from './settlement.entities.ts';

/** The newest statement of every traded slot of a session that has one. */
export async function newestStatements(manager: EntityManager, session: MarketSession): Promise<Delivery[]> {
  const sessionId = session.id;
  const first = await manager.findBy(MarketDelivery, { sessionId });
  const corrections = await manager.findBy(MarketDeliveryCorrection, { sessionId });
  return newestDeliveries(
    first.map((row) => toDelivery(session, row)),
    corrections.map((row) => ({ ...toDelivery(session, row), version: row.version, reason: row.reason })),
  );
}

/** The settlement that stands of every participant of a session: none before the first. */
export function newestSettlements(manager: EntityManager, sessionId: string): Promise<MarketSettlement[]> {
  return manager
    .createQueryBuilder(MarketSettlement, 'row')
    .where('row.sessionId = :sessionId', { sessionId })
    .andWhere(NEWEST_SETTLEMENT)
    .getMany();
}

/** Of an alias `row`: no later version of the participant's settlement is there. */
export const NEWEST_SETTLEMENT = `NOT EXISTS (SELECT FROM market_settlement later
  WHERE later.tenant_id = row.tenant_id AND later.session_id = row.session_id
    AND later.participant_id = row.participant_id AND later.version > row.version)`;

export const toTrade = (session: MarketSession, trade: MarketTrade): Trade => ({
  buyOrder: trade.buyOrderId,
  sellOrder: trade.sellOrderId,
  buyer: trade.buyerParticipantId,
  seller: trade.sellerParticipantId,
  interval: slotAt(session, trade.startsAt.getTime()),
  quantityWh: trade.quantityWh,
  buyPricePerMwh: trade.buyPricePerMwh,
  sellPricePerMwh: trade.sellPricePerMwh,
});

type Stated = Pick<MarketDelivery, 'participantId' | 'startsAt' | 'netImportWh' | 'netExportWh'>;

function toDelivery(session: MarketSession, { participantId, startsAt, ...energy }: Stated): Delivery {
  const { netImportWh, netExportWh } = energy;
  const interval = slotAt(session, startsAt.getTime());
  return { member: participantId, interval, netImportWh, netExportWh };
}
