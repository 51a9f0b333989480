import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import type { Database } from '#persistence';
import { signingKeyOf } from '../identity/signing-key.ts';
import type { Principal } from '../pipeline/principal.ts';
import { MarketSession } from './market.entities.ts';
import { requireSessionId, unknownSession } from './session.ts';

/**
 * Loads a session and holds its state until the transaction ends. Members may not lock the organiser's row, so the lock
 * is an advisory one: shared by everybody who adds to a session, exclusive for whoever moves its state on; what is
 * added after a state was left is therefore never overlooked, it is refused.
 * @throws SESSION_UNKNOWN
 */
export async function holdSession(
  manager: EntityManager,
  sessionId: string,
  mode: 'shared' | 'exclusive',
): Promise<MarketSession> {
  const id = requireSessionId(sessionId);
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await manager.query(`SELECT ${lock}(hashtextextended($1, 0))`, [`market ${id}`]);
  return findSession(manager, id);
}

/** Holds a session to move its state on, as the organisation that runs it. @throws SESSION_UNKNOWN, SESSION_NOT_YOURS */
export async function holdOwnSession(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
): Promise<MarketSession> {
  const session = await holdSession(manager, sessionId, 'exclusive');
  if (session.tenantId === principal.organisationId) return session;
  throw new DomainError(
    'SESSION_NOT_YOURS',
    'expected a session of this organisation, got one of another',
    'forbidden',
  );
}

/** One batch of a participant at a time, so that what is checked against its other orders still holds when it is stored. */
export async function holdOrders(
  manager: EntityManager,
  sessionId: string,
  participantId: string,
): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `market ${sessionId} ${participantId}`,
  ]);
}

/** @throws SESSION_UNKNOWN */
export async function findSession(manager: EntityManager, sessionId: string): Promise<MarketSession> {
  const session = await manager.findOneBy(MarketSession, { id: requireSessionId(sessionId) });
  if (session === null) throw unknownSession(sessionId);
  return session;
}

/** A session and the key that a participant signs its statements on it with. @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN */
export function signerIn(
  database: Database,
  principal: Principal,
  sessionId: string,
): Promise<{ readonly session: MarketSession; readonly signingKey: string }> {
  return database.asTenant(principal.organisationId, async (manager) => ({
    signingKey: await signingKeyOf(manager, principal),
    session: await findSession(manager, sessionId),
  }));
}
