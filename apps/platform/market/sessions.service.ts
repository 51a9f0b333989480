import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock, DomainError, isoInstant } from '#core';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { requireCorrectionDays } from './corrections.ts';
import { MarketOwnLot } from './lots.entities.ts';
import { MarketSession } from './market.entities.ts';
import { revealMinutesOf } from './mechanism-terms.ts';
import { requireDirection } from './order-terms.ts';
import { phaseOf, requireBidding } from './phases.ts';
import { CLEAR_JOB, requireCleared, requireSession, type SessionDraft, SETTLE_JOB } from './session.ts';
import { requireSessionFeeder } from './session-feeder.ts';
import { findSession, holdOwnSession } from './session-lock.ts';
import { drawMarketLot } from './session-lots.ts';

/** Opens sessions and moves them on; the organisation that opened a session runs it. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /** @throws SESSION_DIRECTION, SESSION_FEEDER, FEEDER_UNKNOWN, and what requireSession and requireCorrectionDays throw */
  async open(principal: Principal, draft: SessionDraft): Promise<MarketSession> {
    requireRole(principal, 'market', 'operator');
    const terms = requireSession(draft);
    requireCorrectionDays(draft.correctionDays);
    const [id, tenantId] = [randomUUID(), principal.organisationId];
    const lot = revealMinutesOf(draft) === null ? null : drawMarketLot(id);
    return this.database.asTenant(tenantId, async (manager) => {
      if (draft.feederId !== null) await requireSessionFeeder(manager, draft, draft.feederId);
      const row = { ...newSession(draft, terms), id, tenantId, lotCommitment: lot?.commitment ?? null };
      const session = await manager.save(manager.create(MarketSession, row));
      if (lot) await manager.insert(MarketOwnLot, { tenantId, sessionId: id, nonce: lot.nonce });
      return session;
    });
  }

  /**
   * Ends commitments and takes orders from now on; again, or in a session without lots, it changes nothing.
   * @throws SESSION_NOT_YOURS, GATE_CLOSED
   */
  openBids(principal: Principal, sessionId: string): Promise<MarketSession> {
    const nowMs = this.clock.nowMs();
    return this.move(principal, sessionId, (session) => {
      if (phaseOf(session, nowMs) === 'COMMIT') return { bidsOpenAt: new Date(nowMs) };
      requireBidding(session, nowMs);
      return {};
    });
  }

  /** Takes no more orders and has the books cleared; again on a closed session it changes nothing. @throws SESSION_NOT_YOURS */
  async close(principal: Principal, sessionId: string): Promise<MarketSession> {
    const nowMs = this.clock.nowMs();
    const session = await this.move(principal, sessionId, ({ state, gateClosesAt }) =>
      state === 'OPEN'
        ? { state: 'CLOSED', closedAt: new Date(Math.min(nowMs, gateClosesAt?.getTime() ?? nowMs)) }
        : {},
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
      return state === 'CLEARED' ? { state: 'DELIVERED' } : {};
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
    next: (session: MarketSession) => Partial<MarketSession>,
  ): Promise<MarketSession> {
    requireRole(principal, 'market', 'operator');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const session = await holdOwnSession(manager, principal, sessionId);
      const change = next(session);
      if (Object.keys(change).length > 0) await manager.update(MarketSession, { id: session.id }, change);
      return Object.assign(session, change);
    });
  }
}

const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

function newSession(
  draft: SessionDraft,
  { day, resolutionMinutes }: ReturnType<typeof requireSession>,
): Omit<MarketSession, 'id' | 'tenantId' | 'lotCommitment' | 'createdAt'> {
  const { zone, retailPerMwh, feedInPerMwh, currency, mechanism, product, deficitCapMinor, unitWh } = draft;
  return {
    zone,
    startsAt: new Date(day.startMs),
    endsAt: new Date(day.endMs),
    gateClosesAt: instant(draft.gateClosesAtMs),
    retailPerMwh,
    feedInPerMwh,
    currency,
    mechanism,
    product,
    direction: requireDirection(product, draft.direction),
    resolutionMinutes,
    bidsOpenAt: instant(draft.bidsOpenAtMs),
    revealMinutes: revealMinutesOf(draft),
    closedAt: null,
    deficitCapMinor,
    unitWh,
    feederId: draft.feederId,
    powers: draft.powers.map(({ participantId, alpha }) => ({ participantId, alpha })),
    intradayLeadMinutes: draft.intradayLeadMinutes,
    correctionDays: draft.correctionDays,
    state: 'OPEN',
    tradeCount: null,
    tradedWh: null,
    welfareMinor: null,
    savingsMinor: null,
    marketMinor: null,
    missingDeliveries: null,
    clearedSequence: null,
    settledAt: null,
    settlementVersion: null,
  };
}
