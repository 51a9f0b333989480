import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { type Clock, DomainError, requireSignature } from '#core';
import { commitmentsHash, LOT_CONTEXT, lotStatement, requireReveal } from '#market';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import { MarketLot, MarketOwnLot } from './lots.entities.ts';
import type { MarketSession } from './market.entities.ts';

import { drawsLots, phaseOf, requireCommitting, requireRevealing, revealUntilMs } from './phases.ts';
import { CLEAR_JOB } from './session.ts';
import { findSession, holdOrders, holdSession, signerIn } from './session-lock.ts';
import { countUnrevealed, notCommitted } from './session-lots.ts';

/** What the lots of a session are drawn from, as far as the one who asks may know it. */
export interface SessionLots {
  readonly marketCommitment: string;
  /** Once cleared. */
  readonly marketNonce: string | null;
  readonly revealUntil: Date | null;
  readonly committed: number;
  readonly revealed: number;
  /** Once bids are open. */
  readonly commitmentsHash: string | null;
  /** The own organisation's; once cleared everybody's. */
  readonly lots: Connection<MarketLot>;
}

/** Commitments before bids, nonces after the gate: what nobody who places an order can know or choose. */
@Injectable()
export class LotsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /**
   * Takes a participant's signed commitment while bids are not open. The same one again changes nothing, also later.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, LOT_COMMITMENT, SIGNATURE_INVALID, LOTS_NONE, LOTS_CLOSED, LOT_CONFLICT
   */
  async commit(
    principal: Principal,
    sessionId: string,
    { commitment, signature }: Pick<MarketLot, 'commitment' | 'signature'>,
  ): Promise<MarketLot> {
    const { session, signingKey } = await signerIn(this.database, principal, sessionId);
    const statement = lotStatement(session.id, { participant: principal.id, commitment });
    await requireSignature(signingKey, LOT_CONTEXT, statement, signature);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const held = await holdSession(manager, session.id, 'shared');
      // Read once the session is held: whoever waited for it may be late by now.
      const nowMs = this.clock.nowMs();
      await holdOrders(manager, session.id, principal.id);
      const stored = await ownLot(manager, principal, session.id);
      if (stored?.commitment === commitment) return stored;
      requireCommitting(held, nowMs);
      if (stored !== null) {
        throw new DomainError('LOT_CONFLICT', 'expected one commitment a session, got another', 'conflict');
      }
      const row = { ...keyOf(principal, session.id), commitment, signature, committedAt: new Date(nowMs), nonce: null }; // prettier-ignore
      await manager.insert(MarketLot, row);
      return row;
    });
  }

  /**
   * Takes the nonce behind a commitment after the gate, and has the session cleared when it was the last one outstanding.
   * The same nonce again changes nothing, also later.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, LOTS_NONE, LOT_NOT_COMMITTED, REVEAL_TOO_EARLY, REVEAL_CLOSED, LOT_NONCE,
   *   LOT_MISMATCH
   */
  async reveal(principal: Principal, sessionId: string, nonce: string): Promise<MarketLot> {
    const lot = await this.database.asTenant(principal.organisationId, async (manager) => {
      await signingKeyOf(manager, principal);
      const session = await holdSession(manager, sessionId, 'shared');
      const stored = await ownLot(manager, principal, session.id);
      if (stored?.nonce === nonce) return stored;
      requireRevealing(session, this.clock.nowMs());
      if (stored === null) throw notCommitted();
      requireReveal(session.id, { participant: principal.id, commitment: stored.commitment }, nonce);
      await manager.update(MarketLot, keyOf(principal, session.id), { nonce });
      return Object.assign(stored, { nonce });
    });
    const unrevealed = await this.database.asSystem((manager) => countUnrevealed(manager, lot.sessionId));
    if (unrevealed === 0)
      await this.queue.enqueue(CLEAR_JOB, { sessionId: lot.sessionId }, { key: lot.sessionId });
    return lot;
  }

  /** Null in a session that draws none. @throws SESSION_UNKNOWN */
  async find(principal: Principal, sessionId: string, page: PageArgs): Promise<SessionLots | null> {
    const session = await this.database.asTenant(principal.organisationId, (manager) =>
      findSession(manager, sessionId),
    );
    if (!drawsLots(session)) return null;
    const [own, lots] = await this.database.asTenant(principal.organisationId, async (manager) => [
      await manager.findOneBy(MarketOwnLot, { sessionId: session.id }),
      await visibleLots(manager, session.id, page),
    ]);
    const all = await this.database.asSystem((manager) =>
      manager.findBy(MarketLot, { sessionId: session.id }),
    );
    const untilMs = revealUntilMs(session);
    return {
      marketCommitment: session.lotCommitment!,
      marketNonce: own?.nonce ?? null,
      revealUntil: untilMs === null ? null : new Date(untilMs),
      committed: all.length,
      revealed: all.filter(({ nonce }) => nonce !== null).length,
      commitmentsHash: phaseOf(session, this.clock.nowMs()) === 'COMMIT' ? null : hashOfAll(session, all),
      lots,
    };
  }
}

const hashOfAll = ({ id }: MarketSession, lots: readonly MarketLot[]): string =>
  commitmentsHash(
    id,
    lots.map(({ participantId, commitment }) => ({ participant: participantId, commitment })),
  );

const keyOf = ({ id, organisationId }: Principal, sessionId: string) => ({
  tenantId: organisationId,
  sessionId,
  participantId: id,
});

const ownLot = (manager: EntityManager, principal: Principal, sessionId: string): Promise<MarketLot | null> =>
  manager.findOneBy(MarketLot, keyOf(principal, sessionId));

async function visibleLots(
  manager: EntityManager,
  sessionId: string,
  { first, after }: PageArgs,
): Promise<Connection<MarketLot>> {
  const [id] = decodeCursor(after, 1) ?? [];
  const query = manager
    .createQueryBuilder(MarketLot, 'lot')
    .where('lot.session_id = :sessionId', { sessionId })
    .orderBy('lot.participant_id')
    .limit(pageSize(first) + 1);
  if (id !== undefined) query.andWhere('lot.participant_id > :id', { id: requireUuid(id) });
  return connectionOf(await query.getMany(), first, (row) => [row.participantId]);
}
