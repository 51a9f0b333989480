import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Clock, DomainError, isoInstant, requireSignature } from '#core';
import { AVAILABILITY_CONTEXT, availabilityStatement, requireAvailability } from '#market';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { requireDeliverable, requireTraded } from './deliveries.service.ts';
import { MarketAvailability, type MarketSession } from './market.entities.ts';
import type { Submitted } from './orders.service.ts';
import {
  MAX_DELIVERY_WH,
  MAX_STATEMENTS_PER_REQUEST,
  requireCount,
  requireEnded,
  requireUnique,
  SETTLE_JOB,
} from './session.ts';
import { slotAt } from './session-slots.ts';
import { holdSession, signerIn } from './session-lock.ts';

export interface StatedAvailability {
  readonly startMs: number;
  readonly availableWh: number;
  readonly signature: string;
}

/** Takes signed statements of what sellers of storage or reserve kept ready: of slots they sold in, after their end. */
@Injectable()
export class AvailabilityService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /**
   * Stores a batch whole or not at all, and has the session settled when it was the last one outstanding. The same
   * statement again changes nothing, also after settlement.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, STATEMENT_PRODUCT, AVAILABILITIES_COUNT, AVAILABILITY_DUPLICATE,
   *   HOUR_NOT_IN_SESSION, AVAILABILITY_ENERGY, DELIVERY_TOO_EARLY, SIGNATURE_INVALID, SESSION_NOT_CLEARED, DELIVERY_CLOSED,
   *   DELIVERY_NOT_TRADED, AVAILABILITY_CONFLICT.
   */
  async submit(
    principal: Principal,
    sessionId: string,
    stated: readonly StatedAvailability[],
  ): Promise<Submitted> {
    const { session, signingKey } = await signerIn(this.database, principal, sessionId);
    const nowMs = this.clock.nowMs();
    requireStatements(stated, session, nowMs);
    for (const { startMs, availableWh, signature } of stated) {
      const interval = slotAt(session, startMs);
      const statement = { session: session.id, participant: principal.id, interval, availableWh };
      await requireSignature(signingKey, AVAILABILITY_CONTEXT, availabilityStatement(statement), signature);
    }
    const submitted = await this.database.asTenant(principal.organisationId, async (manager) => {
      const { state } = await holdSession(manager, session.id, 'shared');
      const stored = await storedStatements(manager, principal, session.id, stated);
      for (const statement of stated) requireNoConflict(statement, stored.get(statement.startMs));
      const fresh = stated.filter(({ startMs }) => !stored.has(startMs));
      if (fresh.length > 0) {
        requireDeliverable(state);
        await requireTraded(manager, principal, session, fresh);
        await manager.insert(
          MarketAvailability,
          fresh.map(({ startMs, availableWh, signature }) => ({
            ...keyOf(principal, session.id),
            startsAt: new Date(startMs),
            availableWh,
            signature,
            receivedAt: new Date(nowMs),
          })),
        );
      }
      return { accepted: fresh.length, unchanged: stored.size };
    });
    if (submitted.accepted > 0)
      await this.queue.enqueue(SETTLE_JOB, { sessionId: session.id }, { key: session.id });
    return submitted;
  }
}

function requireStatements(
  stated: readonly StatedAvailability[],
  session: MarketSession,
  nowMs: number,
): void {
  const { product } = session;
  if (product !== 'storageCapacity' && product !== 'reserve') {
    throw new DomainError(
      'STATEMENT_PRODUCT',
      `expected delivery statements of a session of ${product}, got what was kept available`,
      'invalid',
      { product },
    );
  }
  requireCount('AVAILABILITIES_COUNT', stated.length, MAX_STATEMENTS_PER_REQUEST);
  requireUnique(
    'AVAILABILITY_DUPLICATE',
    stated.map(({ startMs }) => startMs),
  );
  for (const { startMs, availableWh } of stated) {
    const slot = slotAt(session, startMs);
    requireAvailability(availableWh);
    if (availableWh > MAX_DELIVERY_WH) {
      throw new DomainError(
        'AVAILABILITY_ENERGY',
        `expected at most ${MAX_DELIVERY_WH} Wh a slot, got more`,
        'limit',
      );
    }
    requireEnded(slot, nowMs);
  }
}

const keyOf = ({ organisationId, id }: Principal, sessionId: string) => ({
  tenantId: organisationId,
  sessionId,
  participantId: id,
});

async function storedStatements(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  stated: readonly StatedAvailability[],
): Promise<Map<number, MarketAvailability>> {
  const startsAt = In(stated.map(({ startMs }) => new Date(startMs)));
  const rows = await manager.findBy(MarketAvailability, { ...keyOf(principal, sessionId), startsAt });
  return new Map(rows.map((row) => [row.startsAt.getTime(), row]));
}

function requireNoConflict(
  { startMs, availableWh }: StatedAvailability,
  row: MarketAvailability | undefined,
): void {
  if (row === undefined || row.availableWh === availableWh) return;
  throw new DomainError(
    'AVAILABILITY_CONFLICT',
    `expected the availability stated before for ${isoInstant(startMs)}, got another`,
    'conflict',
  );
}
