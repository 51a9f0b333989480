import type { EntityManager } from 'typeorm';
import { type Interval, interval } from '#core';
import { insertRows } from '#persistence';
import { MarketDelivery, type MarketSession, MarketTrade } from '../market/market.entities.ts';
import { accountHours, type AccountHour, type MeteredHour } from './accounting.ts';
import { CarbonAccountRow } from './carbon.entities.ts';

/**
 * Attributes a settled session's traded energy, once: the first call stores the hours, later ones return them. Call it in
 * the transaction that settles, so that a session known as settled is known as attributed.
 */
export async function attributeSession(
  manager: EntityManager,
  session: MarketSession,
): Promise<readonly AccountHour[]> {
  // Sessions may share exports: one after the other, each sees what the one before gave away.
  await manager.query("SELECT pg_advisory_xact_lock(hashtext('carbon_account'))");
  const stored = await manager.findBy(CarbonAccountRow, { sessionId: session.id });
  if (stored.length > 0)
    return stored.map(({ startsAt, ...row }) => ({ ...row, startMs: startsAt.getTime() }));
  const trades = await manager.findBy(MarketTrade, { sessionId: session.id });
  const hours = accountHours(
    trades.map((trade) => ({
      id: trade.id,
      intervalStartMs: trade.startsAt.getTime(),
      quantityWh: trade.quantityWh,
      sellerId: trade.sellerParticipantId,
      sellerTenantId: trade.sellerTenantId,
      buyerId: trade.buyerParticipantId,
      buyerTenantId: trade.buyerTenantId,
    })),
    await meteredHours(manager, session),
  );
  const rows = hours.map(({ startMs, ...hour }) => ({
    ...hour,
    sessionId: session.id,
    startsAt: new Date(startMs),
  }));
  await insertRows(manager, CarbonAccountRow, rows);
  return hours;
}

async function meteredHours(manager: EntityManager, session: MarketSession): Promise<MeteredHour[]> {
  const deliveries = await manager.findBy(MarketDelivery, { sessionId: session.id });
  const day = interval(session.startsAt.getTime(), session.endsAt.getTime());
  const givenWh = await givenElsewhere(manager, session.id, day);
  return deliveries.map(({ participantId, startsAt, netImportWh, netExportWh }) => {
    const startMs = startsAt.getTime();
    const givenElsewhereWh = givenWh.get(`${startMs} ${participantId}`) ?? 0;
    return { participantId, startMs, netImportWh, netExportWh, givenElsewhereWh };
  });
}

/** Two sessions may cover one hour: an export attributed in the first is not there for the second. */
async function givenElsewhere(
  manager: EntityManager,
  sessionId: string,
  day: Interval,
): Promise<Map<string, number>> {
  const rows = await manager
    .createQueryBuilder(CarbonAccountRow, 'account')
    .where('account.sessionId <> :sessionId AND account.startsAt >= :start AND account.startsAt < :end', {
      sessionId,
      start: new Date(day.startMs),
      end: new Date(day.endMs),
    })
    .getMany();
  const givenWh = new Map<string, number>();
  for (const { startsAt, participantId, givenWh: wh } of rows) {
    const key = `${startsAt.getTime()} ${participantId}`;
    givenWh.set(key, (givenWh.get(key) ?? 0) + wh);
  }
  return givenWh;
}
