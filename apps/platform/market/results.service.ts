import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityTarget, SelectQueryBuilder } from 'typeorm';
import { DomainError } from '#core';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  isCursorInstant,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import { MarketCarriage } from './feeders.entities.ts';
import {
  MarketClearing,
  MarketOrder,
  MarketSession,
  MarketSettlement,
  MarketTrade,
} from './market.entities.ts';
import { requireSessionId } from './session.ts';
import { NEWEST_SETTLEMENT } from './settlement-facts.ts';

/** An order of an auction, and what became of it. */
export interface FollowedAuctionOrder extends MarketOrder {
  /** Null until the session is cleared. */
  readonly tradedWh: number | null;
}

/** What came of a session. Who sees which row is decided by row-level security, not here. */
@Injectable()
export class ResultsService {
  constructor(private readonly database: Database) {}

  /** One a slot of a cleared session, for every member, in order of time. */
  async clearings(
    principal: Principal,
    sessionId: string,
    page: PageArgs,
  ): Promise<Connection<MarketClearing>> {
    const [startsAt] = decodeCursor(page.after, 1) ?? [];
    const rows = await this.#page(principal, MarketClearing, sessionId, page, (query) => {
      query.orderBy('row.starts_at');
      if (startsAt !== undefined)
        query.andWhere('row.starts_at > :startsAt', { startsAt: requireInstant(startsAt) });
    });
    return connectionOf(rows, page.first, (row) => [row.startsAt.toISOString()]);
  }

  /** The trades the asking organisation is a party of, in order of time. */
  async trades(principal: Principal, sessionId: string, page: PageArgs): Promise<Connection<MarketTrade>> {
    const [startsAt, id] = decodeCursor(page.after, 2) ?? [];
    const rows = await this.#page(principal, MarketTrade, sessionId, page, (query) => {
      query.orderBy('row.starts_at').addOrderBy('row.id');
      if (startsAt !== undefined && id !== undefined) {
        const after = { startsAt: requireInstant(startsAt), id: requireUuid(id) };
        query.andWhere('(row.starts_at, row.id) > (:startsAt, :id)', after);
      }
    });
    return connectionOf(rows, page.first, (row) => [row.startsAt.toISOString(), row.id]);
  }

  /** The asking organisation's orders of the auction, in order of their slots. */
  async orders(
    principal: Principal,
    sessionId: string,
    page: PageArgs,
  ): Promise<Connection<FollowedAuctionOrder>> {
    const [startsAt, participantId, orderId] = decodeCursor(page.after, 3) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, async (manager) => {
      const query = pageQuery(manager, MarketOrder, sessionId, page)
        .orderBy('row.starts_at')
        .addOrderBy('row.participant_id')
        .addOrderBy('row.order_id');
      if (startsAt !== undefined && orderId !== undefined) {
        const after = {
          startsAt: requireInstant(startsAt),
          participantId: requireUuid(participantId!),
          orderId,
        };
        query.andWhere(
          '(row.starts_at, row.participant_id, row.order_id) > (:startsAt, :participantId, :orderId)',
          after,
        );
      }
      return followed(manager, sessionId, await query.getMany());
    });
    return connectionOf(rows, page.first, (row) => [
      row.startsAt.toISOString(),
      row.participantId,
      row.orderId,
    ]);
  }

  /** What became on the feeder of the trades the asking organisation is a party of, its own sides, in order of time. */
  async carriages(
    principal: Principal,
    sessionId: string,
    page: PageArgs,
  ): Promise<Connection<MarketCarriage>> {
    const [startsAt, place, side] = decodeCursor(page.after, 3) ?? [];
    const rows = await this.#page(principal, MarketCarriage, sessionId, page, (query) => {
      query.orderBy('row.starts_at').addOrderBy('row.place').addOrderBy('row.side');
      if (startsAt !== undefined && side !== undefined) {
        const after = { startsAt: requireInstant(startsAt), place: requirePlace(place!), side };
        query.andWhere('(row.starts_at, row.place, row.side) > (:startsAt, :place, :side)', after);
      }
    });
    return connectionOf(rows, page.first, (row) => [row.startsAt.toISOString(), String(row.place), row.side]);
  }

  /** The settlements of the asking organisation's participants: the newest of each, or every version. */
  async settlements(
    principal: Principal,
    sessionId: string,
    history: boolean,
    page: PageArgs,
  ): Promise<Connection<MarketSettlement>> {
    const [id, version] = decodeCursor(page.after, 2) ?? [];
    const rows = await this.#page(principal, MarketSettlement, sessionId, page, (query) => {
      query.orderBy('row.participant_id').addOrderBy('row.version');
      if (!history) query.andWhere(NEWEST_SETTLEMENT);
      if (id !== undefined && version !== undefined) {
        const after = { id: requireUuid(id), version: requireVersion(version) };
        query.andWhere('(row.participant_id, row.version) > (:id, :version)', after);
      }
    });
    return connectionOf(rows, page.first, (row) => [row.participantId, String(row.version)]);
  }

  async #page<T extends object>(
    principal: Principal,
    entity: EntityTarget<T>,
    sessionId: string,
    page: PageArgs,
    sort: (query: SelectQueryBuilder<T>) => void,
  ): Promise<T[]> {
    return this.database.asTenant(principal.organisationId, (manager) => {
      const query = pageQuery(manager, entity, sessionId, page);
      sort(query);
      return query.getMany();
    });
  }
}

const pageQuery = <T extends object>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  sessionId: string,
  { first }: PageArgs,
): SelectQueryBuilder<T> =>
  manager
    .createQueryBuilder(entity, 'row')
    .where('row.session_id = :sessionId', { sessionId: requireSessionId(sessionId) })
    .limit(pageSize(first) + 1);

/** With the energy of their trades: own ones, as both are. */
async function followed(
  manager: EntityManager,
  sessionId: string,
  orders: readonly MarketOrder[],
): Promise<FollowedAuctionOrder[]> {
  const { tradedWh: cleared } = (await manager.findOneBy(MarketSession, { id: sessionId })) ?? {};
  if (cleared === null || cleared === undefined || orders.length === 0)
    return orders.map((order) => Object.assign(order, { tradedWh: null }));
  const trades = await manager
    .createQueryBuilder(MarketTrade, 'trade')
    .where(`trade.session_id = :sessionId AND trade.venue = 'auction'`, { sessionId })
    .andWhere('(trade.buy_order_id IN (:...ids) OR trade.sell_order_id IN (:...ids))', {
      ids: orders.map(({ orderId }) => orderId),
    })
    .getMany();
  const traded = new Map<string, number>();
  for (const trade of trades)
    for (const key of [
      `${trade.buyerParticipantId} ${trade.buyOrderId}`,
      `${trade.sellerParticipantId} ${trade.sellOrderId}`,
    ])
      traded.set(key, (traded.get(key) ?? 0) + trade.quantityWh);
  return orders.map((order) =>
    Object.assign(order, { tradedWh: traded.get(`${order.participantId} ${order.orderId}`) ?? 0 }),
  );
}

/** @throws CURSOR_MALFORMED */
function requirePlace(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw malformed();
  return Number(text);
}

/** @throws CURSOR_MALFORMED */
export function requireInstant(text: string): Date {
  if (!isCursorInstant(text)) throw malformed();
  return new Date(text);
}

function requireVersion(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw malformed();
  return Number(text);
}

const malformed = (): DomainError =>
  new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
