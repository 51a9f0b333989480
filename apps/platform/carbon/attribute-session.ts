import { type EntityManager, In } from 'typeorm';
import { HOUR_MS, type Interval } from '#core';
import { insertRows } from '#persistence';
import { MarketDelivery, MarketSession, MarketTrade } from '../market/market.entities.ts';
import { dayOf, slotAt } from '../market/session-slots.ts';
import { accountHours, type AccountHour, type Given, givenWithin, type MeteredHour } from './accounting.ts';
import { CarbonAccountRow } from './carbon.entities.ts';

/**
 * Attributes a settled session's traded energy, once: the first call stores the slots, later ones return them. Call it in
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
  const given = await givenElsewhere(manager, session.id, dayOf(session));
  return deliveries.map(({ participantId, startsAt, netImportWh, netExportWh }) => {
    const slot = slotAt(session, startsAt.getTime());
    return {
      participantId,
      startMs: slot.startMs,
      netImportWh,
      netExportWh: isHourly(slot) ? netExportWh : 0,
      givenElsewhereWh: givenWithin(slot, participantId, given),
    };
  });
}

/** Energy is matched within an hour or less: over a whole day, an export at noon would cover an import at night. */
const isHourly = ({ startMs, endMs }: Interval): boolean => endMs - startMs <= HOUR_MS;

/** Two sessions may cover one instant: an export attributed in the first is not there for the second. */
async function givenElsewhere(manager: EntityManager, sessionId: string, day: Interval): Promise<Given[]> {
  const rows = await manager
    .createQueryBuilder(CarbonAccountRow, 'account')
    .where('account.sessionId <> :sessionId AND account.givenWh > 0', { sessionId })
    // Hours of another zone's day may begin before this one and reach into it.
    .andWhere('account.startsAt > :start AND account.startsAt < :end', {
      start: new Date(day.startMs - HOUR_MS),
      end: new Date(day.endMs),
    })
    .getMany();
  const sessions = await manager.findBy(MarketSession, { id: In(rows.map((row) => row.sessionId)) });
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return rows.map(({ participantId, startsAt, givenWh, sessionId: id }) => ({
    participantId,
    slot: slotAt(byId.get(id)!, startsAt.getTime()),
    givenWh,
  }));
}
