import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, type Interval } from '#core';
import { Database } from '#persistence';
import { intradayGateMs, isIntradayOpen } from '../market/intraday-gate.ts';
import type { MarketSession } from '../market/market.entities.ts';
import { slotAt } from '../market/session-slots.ts';
import { findSession } from '../market/session-lock.ts';
import { decodeCursor, encodeCursor } from '../pipeline/connection.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { requireSequence } from './book-cursor.ts';
import { IntradayBook } from './intraday.entities.ts';
import { type BookLevel, bookLevels, changedBooks } from './order-books.ts';

/** A change reaches a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 25;
const MAX_DEPTH = 50;

/** What everybody may know of an order book: prices and sums, nobody's orders. */
export interface PublicBook {
  readonly startsAt: Date;
  readonly gateClosesAt: Date;
  readonly open: boolean;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  readonly lastPricePerMwh: number | null;
  readonly lastTradedAt: Date | null;
  readonly tradedWh: number;
}

export interface ChangedBook {
  readonly cursor: string;
  readonly book: PublicBook;
}

/** Shows order books to the community. */
@Injectable()
export class IntradayBooksService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws SESSION_UNKNOWN, INTRADAY_NOT_OFFERED, HOUR_NOT_IN_SESSION, BOOK_DEPTH */
  async book(principal: Principal, sessionId: string, startMs: number, depth: number): Promise<PublicBook> {
    requireDepth(depth);
    const { session, slot, known } = await this.database.asTenant(
      principal.organisationId,
      async (manager) => {
        const found = await findSession(manager, sessionId);
        const of = slotAt(found, startMs);
        const startsAt = new Date(startMs);
        return {
          session: found,
          slot: of,
          known: await manager.findOneBy(IntradayBook, { sessionId: found.id, startsAt }),
        };
      },
    );
    // Its members' orders are summed by the system: each of them sees its own only.
    return this.database.asSystem((manager) => this.#public(manager, session, { slot, known, depth }));
  }

  /**
   * Books as they change, each as it is then: of several changes between two looks only the last is seen.
   * @throws SESSION_UNKNOWN, INTRADAY_NOT_OFFERED, BOOK_DEPTH, CURSOR_MALFORMED
   */
  async follow(
    principal: Principal,
    sessionId: string,
    { after, depth }: { readonly after: string | null; readonly depth: number },
  ): Promise<AsyncIterableIterator<ChangedBook>> {
    requireDepth(depth);
    const [start] = decodeCursor(after, 1) ?? [];
    const { id, newest } = await this.database.asTenant(principal.organisationId, async (manager) => {
      const session = await findSession(manager, sessionId);
      // Refused now where the session has no books, not at the first change.
      intradayGateMs(session, session.startsAt.getTime());
      return {
        id: session.id,
        newest: await manager.maximum(IntradayBook, 'version', { sessionId: session.id }),
      };
    });
    const from = start === undefined ? String(newest ?? 0) : requireSequence(start);
    return followCursor(
      { read: (version) => this.#changes(id, Number(version), depth), cursorOf },
      from,
      POLL_MS,
    );
  }

  async #changes(sessionId: string, after: number, depth: number): Promise<ChangedBook[]> {
    return this.database.asSystem(async (manager) => {
      const session = await findSession(manager, sessionId);
      const changes: ChangedBook[] = [];
      for (const known of await changedBooks(manager, sessionId, after, FOLLOW_PAGE)) {
        const slot = slotAt(session, known.startsAt.getTime());
        const book = await this.#public(manager, session, { slot, known, depth });
        changes.push({ cursor: encodeCursor([String(known.version)]), book });
      }
      return changes;
    });
  }

  async #public(
    manager: EntityManager,
    session: MarketSession,
    {
      slot,
      known,
      depth,
    }: { readonly slot: Interval; readonly known: IntradayBook | null; readonly depth: number },
  ): Promise<PublicBook> {
    const nowMs = this.clock.nowMs();
    const gateMs = intradayGateMs(session, slot.startMs);
    const key = { sessionId: session.id, slot };
    const open = isIntradayOpen(session, slot.startMs, nowMs);
    return {
      startsAt: new Date(slot.startMs),
      gateClosesAt: new Date(gateMs),
      open,
      bids: open ? await bookLevels(manager, key, 'buy', { depth, nowMs }) : [],
      asks: open ? await bookLevels(manager, key, 'sell', { depth, nowMs }) : [],
      lastPricePerMwh: known?.lastPricePerMwh ?? null,
      lastTradedAt: known?.lastTradedAt ?? null,
      tradedWh: known?.tradedWh ?? 0,
    };
  }
}

const cursorOf = ({ cursor }: ChangedBook): string => decodeCursor(cursor, 1)![0]!;

/** @throws BOOK_DEPTH */
function requireDepth(depth: number): void {
  if (Number.isInteger(depth) && depth >= 1 && depth <= MAX_DEPTH) return;
  throw new DomainError('BOOK_DEPTH', `expected 1–${MAX_DEPTH} levels a side, got ${depth}`, 'limit');
}
