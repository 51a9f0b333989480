import { type EntityManager, In } from 'typeorm';
import { type Attribution, attributeTrades } from '#carbon';
import { HOUR_MS, type Interval } from '#core';
import { insertRows } from '#persistence';
import { ownIssuedDuring } from '../certificates/issued-exports.ts';
import { MarketSession, MarketTrade } from '../market/market.entities.ts';
import { dayOf, slotAt } from '../market/session-slots.ts';
import { newestStatements } from '../market/settlement-facts.ts';
import {
  accountHours,
  type AccountedTrade,
  type AccountHour,
  exportsOf,
  type Given,
  givenWithin,
  type MeteredHour,
} from './accounting.ts';
import { CarbonAccountRow } from './carbon.entities.ts';

/**
 * Attributes a session's traded energy by a version of its settlement: stores what differs from the version before and
 * returns all slots. Call it in the transaction that settles, so that a session known as settled is known as attributed.
 */
export async function attributeSession(
  manager: EntityManager,
  session: MarketSession,
  version: number,
): Promise<readonly AccountHour[]> {
  await holdAttributes(manager);
  const stored = new Map((await newestAccounts(manager, session.id)).map((hour) => [keyOf(hour), hour]));
  const trades = await accountedTrades(manager, session.id);
  const hours = accountHours(trades, await meteredHours(manager, session));
  const changed = hours.filter((hour) => !isSame(hour, stored.get(keyOf(hour))));
  const rows = changed.map(({ startMs, ...hour }) => ({
    ...hour,
    version,
    sessionId: session.id,
    startsAt: new Date(startMs),
  }));
  await insertRows(manager, CarbonAccountRow, rows);
  return hours;
}

/** Sessions may share exports: one after the other, each sees what the one before gave away. Until the transaction ends. */
export const holdAttributes = (manager: EntityManager): Promise<unknown> =>
  manager.query("SELECT pg_advisory_xact_lock(hashtext('carbon_account'))");

/** Trade by trade what attributeSession says in sums, by the newest statements. */
export async function attributedTrades(
  manager: EntityManager,
  session: MarketSession,
): Promise<readonly Attribution<AccountedTrade>[]> {
  const trades = await accountedTrades(manager, session.id);
  return attributeTrades(trades, exportsOf(await meteredHours(manager, session))).attributions;
}

async function accountedTrades(manager: EntityManager, sessionId: string): Promise<AccountedTrade[]> {
  const trades = await manager.findBy(MarketTrade, { sessionId });
  return trades.map((trade) => ({
    id: trade.id,
    intervalStartMs: trade.startsAt.getTime(),
    quantityWh: trade.quantityWh,
    sellerId: trade.sellerParticipantId,
    sellerTenantId: trade.sellerTenantId,
    buyerId: trade.buyerParticipantId,
    buyerTenantId: trade.buyerTenantId,
  }));
}

/**
 * The slots of a session's first settlement, attributed here where that was settled before there were carbon accounts.
 * Totals told to the community rest on these: the difference of two versions would be one member's correction.
 */
export async function firstAccounts(
  manager: EntityManager,
  session: MarketSession,
): Promise<readonly AccountHour[]> {
  const rows = await manager.findBy(CarbonAccountRow, { sessionId: session.id, version: 1 });
  return rows.length > 0 ? rows.map(toHour) : attributeSession(manager, session, 1);
}

/** Of an alias `account`: no later version of the hour is there. */
export const NEWEST_ACCOUNT = `NOT EXISTS (SELECT FROM carbon_account later
  WHERE later.tenant_id = account.tenant_id AND later.session_id = account.session_id AND later.starts_at = account.starts_at
    AND later.participant_id = account.participant_id AND later.version > account.version)`;

async function newestAccounts(manager: EntityManager, sessionId: string): Promise<AccountHour[]> {
  const rows = await manager
    .createQueryBuilder(CarbonAccountRow, 'account')
    .where('account.sessionId = :sessionId', { sessionId })
    .andWhere(NEWEST_ACCOUNT)
    .getMany();
  return rows.map(toHour);
}

const toHour = ({ startsAt, version: _version, sessionId: _session, ...row }: CarbonAccountRow): AccountHour => ({ ...row, startMs: startsAt.getTime() }); // prettier-ignore

const keyOf = ({ startMs, participantId }: Pick<AccountHour, 'startMs' | 'participantId'>): string =>
  `${startMs} ${participantId}`;

const isSame = (hour: AccountHour, stored: AccountHour | undefined): boolean =>
  stored !== undefined &&
  hour.receivedWh === stored.receivedWh &&
  hour.givenWh === stored.givenWh &&
  hour.consumedWh === stored.consumedWh &&
  hour.coveredWh === stored.coveredWh;

async function meteredHours(manager: EntityManager, session: MarketSession): Promise<MeteredHour[]> {
  const deliveries = await newestStatements(manager, session);
  const day = dayOf(session);
  const given = [...(await givenDuring(manager, day, session.id)), ...(await ownIssuedDuring(manager, day))];
  return deliveries.map(({ member: participantId, interval: slot, netImportWh, netExportWh }) => ({
    participantId,
    startMs: slot.startMs,
    netImportWh,
    netExportWh: isHourly(slot) ? netExportWh : 0,
    givenElsewhereWh: givenWithin(slot, participantId, given),
  }));
}

/** Energy is matched within an hour or less: over a whole day, an export at noon would cover an import at night. */
export const isHourly = ({ startMs, endMs }: Interval): boolean => endMs - startMs <= HOUR_MS;

/**
 * Attributes that sessions, but for one, have given away. Two sessions may cover one instant: an export attributed in the
 * first is not there for the second.
 */
export async function givenDuring(
  manager: EntityManager,
  day: Interval,
  exceptId: string | null,
): Promise<Given[]> {
  const rows = await manager
    .createQueryBuilder(CarbonAccountRow, 'account')
    .where('account.givenWh > 0 AND account.sessionId IS DISTINCT FROM CAST(:exceptId AS uuid)', { exceptId })
    // Hours of another zone's day may begin before this one and reach into it.
    .andWhere('account.startsAt > :start AND account.startsAt < :end', {
      start: new Date(day.startMs - HOUR_MS),
      end: new Date(day.endMs),
    })
    .andWhere(NEWEST_ACCOUNT)
    .getMany();
  const sessions = await manager.findBy(MarketSession, { id: In(rows.map((row) => row.sessionId)) });
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return rows.map(({ participantId, startsAt, givenWh, sessionId: id }) => ({
    participantId,
    slot: slotAt(byId.get(id)!, startsAt.getTime()),
    givenWh,
  }));
}
