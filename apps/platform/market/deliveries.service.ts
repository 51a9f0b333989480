import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Clock, DomainError, isoInstant, requireSignature } from '#core';
import { DELIVERY_CONTEXT, deliveryStatement, requireDelivery } from '#market';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { MarketDelivery, type MarketSession, MarketTrade } from './market.entities.ts';
import type { Submitted } from './orders.service.ts';
import {
  MAX_DELIVERY_WH,
  MAX_STATEMENTS_PER_REQUEST,
  requireCleared,
  requireCount,
  requireEnded,
  requireUnique,
  SETTLE_JOB,
  type SessionState,
} from './session.ts';
import { slotAt } from './session-slots.ts';
import { holdSession, signerIn } from './session-lock.ts';

export interface StatedDelivery {
  readonly startMs: number;
  readonly netImportWh: number;
  readonly netExportWh: number;
  readonly signature: string;
}

/** Takes signed delivery statements: of slots the participant traded in, after they have ended, and of no others. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /**
   * Stores a batch whole or not at all, and has the session settled when it was the last one outstanding. The same
   * statement again changes nothing, also after settlement.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, STATEMENT_PRODUCT, DELIVERIES_COUNT, DELIVERY_DUPLICATE, HOUR_NOT_IN_SESSION,
   *   DELIVERY_ENERGY, DELIVERY_TOO_EARLY, SIGNATURE_INVALID, SESSION_NOT_CLEARED, DELIVERY_CLOSED,
   *   DELIVERY_NOT_TRADED, DELIVERY_CONFLICT.
   */
  async submit(
    principal: Principal,
    sessionId: string,
    stated: readonly StatedDelivery[],
  ): Promise<Submitted> {
    const { session, signingKey } = await signerIn(this.database, principal, sessionId);
    const nowMs = this.clock.nowMs();
    requireStatements(stated, session, nowMs);
    for (const statement of stated) {
      const value = statementOf(principal, session, statement);
      await requireSignature(signingKey, DELIVERY_CONTEXT, value, statement.signature);
    }
    const submitted = await this.database.asTenant(principal.organisationId, async (manager) => {
      const { state } = await holdSession(manager, session.id, 'shared');
      const stored = await storedDeliveries(manager, principal, session.id, stated);
      for (const statement of stated) requireNoConflict(statement, stored.get(statement.startMs));
      const fresh = stated.filter(({ startMs }) => !stored.has(startMs));
      if (fresh.length > 0) {
        requireDeliverable(state);
        await requireTraded(manager, principal, session, fresh);
        await manager.insert(
          MarketDelivery,
          fresh.map((statement) => toRow(principal, session.id, statement, nowMs)),
        );
      }
      return { accepted: fresh.length, unchanged: stored.size };
    });
    if (submitted.accepted > 0)
      await this.queue.enqueue(SETTLE_JOB, { sessionId: session.id }, { key: session.id });
    return submitted;
  }
}

export function requireStatements(
  stated: readonly StatedDelivery[],
  session: MarketSession,
  nowMs: number,
): void {
  if (session.product === 'storageCapacity' || session.product === 'reserve') {
    throw new DomainError(
      'STATEMENT_PRODUCT',
      `expected what was kept available of a session of ${session.product}, got delivery statements`,
      'invalid',
      { product: session.product },
    );
  }
  requireCount('DELIVERIES_COUNT', stated.length, MAX_STATEMENTS_PER_REQUEST);
  requireUnique(
    'DELIVERY_DUPLICATE',
    stated.map(({ startMs }) => startMs),
  );
  for (const { startMs, netImportWh, netExportWh } of stated) {
    const slot = slotAt(session, startMs);
    requireDelivery({ interval: slot, netImportWh, netExportWh });
    if (Math.max(netImportWh, netExportWh) > MAX_DELIVERY_WH) {
      throw new DomainError(
        'DELIVERY_ENERGY',
        `expected at most ${MAX_DELIVERY_WH} Wh a slot, got more`,
        'limit',
      );
    }
    requireEnded(slot, nowMs);
  }
}

function statementOf(principal: Principal, session: MarketSession, statement: StatedDelivery) {
  const { startMs, netImportWh, netExportWh } = statement;
  return deliveryStatement({
    session: session.id,
    participant: principal.id,
    interval: slotAt(session, startMs),
    netImportWh,
    netExportWh,
  });
}

async function storedDeliveries(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  stated: readonly StatedDelivery[],
): Promise<Map<number, MarketDelivery>> {
  const rows = await manager.findBy(MarketDelivery, {
    tenantId: principal.organisationId,
    sessionId,
    participantId: principal.id,
    startsAt: In(stated.map(({ startMs }) => new Date(startMs))),
  });
  return new Map(rows.map((row) => [row.startsAt.getTime(), row]));
}

function requireNoConflict(
  { startMs, netImportWh, netExportWh }: StatedDelivery,
  row: MarketDelivery | undefined,
): void {
  if (row === undefined || (row.netImportWh === netImportWh && row.netExportWh === netExportWh)) return;
  throw new DomainError(
    'DELIVERY_CONFLICT',
    `expected the delivery stated before for ${isoInstant(startMs)}, got another`,
    'conflict',
  );
}

/** @throws SESSION_NOT_CLEARED, DELIVERY_CLOSED */
export function requireDeliverable(state: SessionState): void {
  requireCleared(state);
  if (state !== 'CLEARED') {
    throw new DomainError(
      'DELIVERY_CLOSED',
      'expected statements before delivery was closed, got them after',
      'conflict',
      { state },
    );
  }
}

/** Of energy both parties state, of capacity those that sold. @throws DELIVERY_NOT_TRADED */
export async function requireTraded(
  manager: EntityManager,
  principal: Principal,
  { id: sessionId, product }: MarketSession,
  stated: readonly Pick<StatedDelivery, 'startMs'>[],
): Promise<void> {
  const sold = { sellerParticipantId: principal.id };
  const own = product === 'energy' ? [sold, { buyerParticipantId: principal.id }] : [sold];
  const trades = await manager.find(MarketTrade, {
    select: { startsAt: true },
    where: own.map((party) => ({ sessionId, ...party })),
  });
  const traded = new Set(trades.map(({ startsAt }) => startsAt.getTime()));
  const untraded = stated.find(({ startMs }) => !traded.has(startMs));
  if (untraded === undefined) return;
  const hour = isoInstant(untraded.startMs);
  throw new DomainError(
    'DELIVERY_NOT_TRADED',
    `expected statements of traded slots only, got ${hour}`,
    'invalid',
    { hour },
  );
}

function toRow(
  principal: Principal,
  sessionId: string,
  statement: StatedDelivery,
  nowMs: number,
): MarketDelivery {
  const { startMs, netImportWh, netExportWh, signature } = statement;
  const key = {
    tenantId: principal.organisationId,
    sessionId,
    participantId: principal.id,
    startsAt: new Date(startMs),
  };
  return { ...key, netImportWh, netExportWh, signature, receivedAt: new Date(nowMs) };
}
