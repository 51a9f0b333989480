import { Injectable } from '@nestjs/common';
import type { EntityTarget, SelectQueryBuilder } from 'typeorm';
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
import { MarketClearing, MarketSettlement, MarketTrade } from './market.entities.ts';
import { requireSessionId } from './session.ts';
import { NEWEST_SETTLEMENT } from './settlement-facts.ts';

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
    { first }: PageArgs,
    sort: (query: SelectQueryBuilder<T>) => void,
  ): Promise<T[]> {
    return this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(entity, 'row')
        .where('row.session_id = :sessionId', { sessionId: requireSessionId(sessionId) })
        .limit(pageSize(first) + 1);
      sort(query);
      return query.getMany();
    });
  }
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
