import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, Not, type SelectQueryBuilder } from 'typeorm';
import { Database } from '#persistence';
import { requireInteger, requireUuid } from '../pipeline/cursor-keys.ts';
import { decodeCursor, encodeCursor } from '../pipeline/connection.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import type { Principal } from '../pipeline/principal.ts';
import { MarketSession, MarketTrade } from './market.entities.ts';
import { requireInstant } from './results.service.ts';
import { newestRun } from './run-store.ts';
import type { MarketRun } from './runs.entities.ts';
import { requireSessionId } from './session.ts';
import { findSession } from './session-lock.ts';

/** News reach a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 100;
/** Behind every trade of a session. */
const END_OF_SESSION = ['9999-12-31T00:00:00.000Z', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

export interface SessionChange {
  readonly cursor: string;
  readonly session: MarketSession;
  readonly run: MarketRun | null;
}

export interface TradeFound {
  readonly cursor: string;
  readonly node: MarketTrade;
}

const cursorOf = ({ cursor }: { readonly cursor: string }): string => cursor;

/** News of the market as they come; every look is a tenant's own transaction, so row-level security is the check. */
@Injectable()
export class NewsService {
  constructor(private readonly database: Database) {}

  /** A session as it is, and again whenever its state or its clearing has moved on. @throws SESSION_UNKNOWN, CURSOR_MALFORMED */
  async followSession(
    principal: Principal,
    sessionId: string,
    after: string | null,
  ): Promise<AsyncIterableIterator<SessionChange>> {
    decodeCursor(after, 1);
    const look = (known: string): Promise<SessionChange[]> =>
      this.#inTenant(principal, async (manager) => {
        const change = await changeOf(manager, sessionId);
        return change.cursor === known ? [] : [change];
      });
    // An unknown session is refused before the stream begins.
    await this.#inTenant(principal, (manager) => findSession(manager, sessionId));
    return followCursor({ read: look, cursorOf }, after ?? '', POLL_MS);
  }

  /**
   * The organisation's trades, of one session or all, after a cursor or from now on, each once its session is cleared.
   * @throws SESSION_UNKNOWN, CURSOR_MALFORMED
   */
  async followTrades(
    principal: Principal,
    sessionId: string | null,
    after: string | null,
  ): Promise<AsyncIterableIterator<TradeFound>> {
    const only = sessionId === null ? null : requireSessionId(sessionId);
    placeOf(after);
    const read = (cursor: string): Promise<TradeFound[]> =>
      this.#inTenant(principal, (manager) => tradesAfter(manager, only, cursor));
    const start = after ?? (await this.#inTenant(principal, endOfTrades));
    return followCursor({ read, cursorOf }, start, POLL_MS);
  }

  #inTenant<T>({ organisationId }: Principal, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.asTenant(organisationId, work);
  }
}

async function changeOf(manager: EntityManager, sessionId: string): Promise<SessionChange> {
  const session = await findSession(manager, sessionId);
  const run = await newestRun(manager, session.id);
  const seen = [session.state, run?.attempt, run?.state, run?.slotsDone].join(' ');
  return { cursor: encodeCursor([seen]), session, run };
}

interface Place {
  readonly sequence: string;
  readonly startsAt: Date;
  readonly id: string;
}

/** @throws CURSOR_MALFORMED */
function placeOf(cursor: string | null): Place | undefined {
  const [sequence, startsAt, id] = decodeCursor(cursor, 3) ?? [];
  if (sequence === undefined || startsAt === undefined || id === undefined) return undefined;
  return { sequence: requireInteger(sequence), startsAt: requireInstant(startsAt), id: requireUuid(id) };
}

async function endOfTrades(manager: EntityManager): Promise<string> {
  const [newest] = await manager.find(MarketSession, {
    where: { clearedSequence: Not(IsNull()) },
    order: { clearedSequence: 'DESC' },
    take: 1,
  });
  return encodeCursor([String(newest?.clearedSequence ?? 0), ...END_OF_SESSION]);
}

async function tradesAfter(
  manager: EntityManager,
  sessionId: string | null,
  after: string,
): Promise<TradeFound[]> {
  const query = manager
    .createQueryBuilder(MarketTrade, 'trade')
    .innerJoin(MarketSession, 'session', 'session.id = trade.session_id')
    .addSelect('session.cleared_sequence', 'sequence')
    .where(
      // Order books go on after the clearing, by which a cursor counts.
      "trade.venue = 'auction' AND (session.cleared_sequence, trade.starts_at, trade.id) > (:sequence, :startsAt, :id)",
      placeOf(after),
    );
  if (sessionId !== null) query.andWhere('trade.session_id = :sessionId', { sessionId });
  return withCursors(query);
}

async function withCursors(query: SelectQueryBuilder<MarketTrade>): Promise<TradeFound[]> {
  const { entities, raw } = await query
    .orderBy('session.cleared_sequence')
    .addOrderBy('trade.starts_at')
    .addOrderBy('trade.id')
    .limit(FOLLOW_PAGE)
    .getRawAndEntities<{ sequence: string }>();
  return entities.map((node, n) => ({
    cursor: encodeCursor([raw[n]!.sequence, node.startsAt.toISOString(), node.id]),
    node,
  }));
}
