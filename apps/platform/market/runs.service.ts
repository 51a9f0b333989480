import { MarketCarriage } from './feeders.entities.ts';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { MarketCharge } from './lots.entities.ts';
import { MarketClearing, MarketSession, MarketTrade } from './market.entities.ts';
import { newestRun } from './run-store.ts';
import { MarketRun } from './runs.entities.ts';
import { CLEAR_JOB, requireSessionId, type SessionState } from './session.ts';
import { holdOwnSession } from './session-lock.ts';

/** As many attempts as anybody can want to read. */
const SHOWN_RUNS = 100;

/** What the organiser can do about a session's clearing, and what everybody sees of it. */
@Injectable()
export class RunsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /**
   * Has a closed session cleared by another run where the last one failed; it goes on with the first slot not cleared. A
   * run under way is left to itself.
   * @throws ROLE_MISSING, SESSION_UNKNOWN, SESSION_NOT_YOURS, SESSION_NOT_CLOSED
   */
  async start(principal: Principal, sessionId: string): Promise<MarketSession> {
    requireRole(principal, 'market', 'operator');
    const session = await this.database.asTenant(principal.organisationId, async (manager) => {
      const held = await holdOwnSession(manager, principal, sessionId);
      if (held.state !== 'CLOSED') throw notClosed(held.state);
      await this.#another(manager, sessionId);
      return held;
    });
    await this.queue.enqueue(CLEAR_JOB, { sessionId }, { key: sessionId });
    return session;
  }

  /**
   * Ends a session that is not cleared yet: no trade, no settlement. What a run has cleared of it goes. Again it changes
   * nothing.
   * @throws ROLE_MISSING, SESSION_UNKNOWN, SESSION_NOT_YOURS, SESSION_ALREADY_CLEARED
   */
  async cancel(principal: Principal, sessionId: string): Promise<MarketSession> {
    requireRole(principal, 'market', 'operator');
    return this.database.asSystem(async (manager) => {
      const session = await holdOwnSession(manager, principal, sessionId);
      if (session.state === 'CANCELLED') return session;
      if (session.state !== 'OPEN' && session.state !== 'CLOSED') throw alreadyCleared(session.state);
      await manager.update(MarketSession, { id: session.id }, { state: 'CANCELLED' });
      await manager.update(
        MarketRun,
        { sessionId, state: 'RUNNING' },
        { state: 'CANCELLED', finishedAt: new Date(this.clock.nowMs()) },
      );
      await manager.delete(MarketCarriage, { sessionId });
      await manager.delete(MarketTrade, { sessionId });
      await manager.delete(MarketCharge, { sessionId });
      await manager.delete(MarketClearing, { sessionId });
      return Object.assign(session, { state: 'CANCELLED' as const });
    });
  }

  /** Newest first, for every member. */
  async list(principal: Principal, sessionId: string): Promise<MarketRun[]> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager.find(MarketRun, {
        where: { sessionId: requireSessionId(sessionId) },
        order: { attempt: 'DESC' },
        take: SHOWN_RUNS,
      }),
    );
  }

  async #another(manager: EntityManager, sessionId: string): Promise<void> {
    const failed = await newestRun(manager, sessionId);
    if (failed?.state !== 'FAILED') return;
    const { tenantId, slotsDone, slotsTotal, attempt } = failed;
    await manager.insert(MarketRun, {
      tenantId,
      sessionId,
      attempt: attempt + 1,
      state: 'RUNNING',
      slotsDone,
      slotsTotal,
      reason: null,
      startedAt: new Date(this.clock.nowMs()),
      finishedAt: null,
    });
  }
}

const notClosed = (state: SessionState): DomainError =>
  new DomainError(
    'SESSION_NOT_CLOSED',
    `expected a session that waits to be cleared, got one that is ${state}`,
    'conflict',
    { state },
  );

const alreadyCleared = (state: SessionState): DomainError =>
  new DomainError(
    'SESSION_ALREADY_CLEARED',
    `expected a session without trades yet, got one that is ${state}`,
    'conflict',
    { state },
  );
