import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock, DomainError, isoInstant } from '#core';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { MarketSession } from './market.entities.ts';
import { requireDirection } from './order-terms.ts';
import {
  CLEAR_JOB,
  requireCleared,
  requireSession,
  type SessionDraft,
  type SessionState,
  SETTLE_JOB,
} from './session.ts';
import { findSession, holdOwnSession } from './session-lock.ts';

/** Opens sessions and moves them on; the organisation that opened a session runs it. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /** @throws SESSION_DIRECTION and what requireSession throws */
  async open(principal: Principal, draft: SessionDraft): Promise<MarketSession> {
    requireRole(principal, 'market', 'operator');
    const { day, resolutionMinutes } = requireSession(draft);
    const {
      zone,
      retailPerMwh,
      feedInPerMwh,
      currency,
      mechanism,
      product,
      direction,
      powers,
      gateClosesAtMs,
    } = draft;
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager.save(
        manager.create(MarketSession, {
          id: randomUUID(),
          tenantId: principal.organisationId,
          zone,
          startsAt: new Date(day.startMs),
          endsAt: new Date(day.endMs),
          gateClosesAt: gateClosesAtMs === null ? null : new Date(gateClosesAtMs),
          retailPerMwh,
          feedInPerMwh,
          currency,
          mechanism,
          product,
          direction: requireDirection(product, direction),
          resolutionMinutes,
          powers: powers.map(({ participantId, alpha }) => ({ participantId, alpha })),
          state: 'OPEN',
          tradeCount: null,
          tradedWh: null,
          welfareMinor: null,
          savingsMinor: null,
          marketMinor: null,
          missingDeliveries: null,
          clearedSequence: null,
        }),
      ),
    );
  }

  /** Takes no more orders and has the books cleared; again on a closed session it changes nothing. @throws SESSION_NOT_YOURS */
  async close(principal: Principal, sessionId: string): Promise<MarketSession> {
    const session = await this.move(principal, sessionId, (current) =>
      current.state === 'OPEN' ? 'CLOSED' : current.state,
    );
    if (session.state === 'CLOSED') await this.queue.enqueue(CLEAR_JOB, { sessionId }, { key: sessionId });
    return session;
  }

  /**
   * Takes no more delivery statements and has the session settled with those that came.
   * @throws SESSION_NOT_YOURS, SESSION_NOT_CLEARED, DELIVERY_TOO_EARLY before the end of the delivery day.
   */
  async closeDelivery(principal: Principal, sessionId: string): Promise<MarketSession> {
    const session = await this.move(principal, sessionId, ({ state, endsAt }) => {
      requireCleared(state);
      if (this.clock.nowMs() < endsAt.getTime()) {
        throw new DomainError(
          'DELIVERY_TOO_EARLY',
          `expected delivery to end at ${isoInstant(endsAt.getTime())} first`,
          'conflict',
        );
      }
      return state === 'CLEARED' ? 'DELIVERED' : state;
    });
    if (session.state === 'DELIVERED')
      await this.queue.enqueue(SETTLE_JOB, { sessionId }, { key: sessionId });
    return session;
  }

  /** @throws SESSION_UNKNOWN */
  async find(principal: Principal, sessionId: string): Promise<MarketSession> {
    return this.database.asTenant(principal.organisationId, (manager) => findSession(manager, sessionId));
  }

  /** Everybody's sessions, newest first. */
  async list(principal: Principal, page: PageArgs): Promise<Connection<MarketSession>> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(MarketSession, 'session'), page, 'DESC'),
    );
  }

  private async move(
    principal: Principal,
    sessionId: string,
    next: (session: MarketSession) => SessionState,
  ): Promise<MarketSession> {
    requireRole(principal, 'market', 'operator');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const session = await holdOwnSession(manager, principal, sessionId);
      session.state = next(session);
      await manager.update(MarketSession, { id: session.id }, { state: session.state });
      return session;
    });
  }
}
