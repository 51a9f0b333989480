import { randomBytes } from 'node:crypto';
import { type EntityManager, IsNull } from 'typeorm';
import { DomainError, toHex } from '#core';
import { LOT_NONCE_BYTES, lotCommitment, MARKET_LOT, type Reveal } from '#market';
import type { Principal } from '../pipeline/principal.ts';
import type { Lots } from './books.ts';
import { MarketLot, MarketOwnLot } from './lots.entities.ts';
import type { MarketSession } from './market.entities.ts';
import { drawsLots } from './phases.ts';

/** The market's own nonce of a new session: whoever withholds its nonce has not seen this one either. */
export function drawMarketLot(sessionId: string): { readonly nonce: string; readonly commitment: string } {
  const nonce = toHex(randomBytes(LOT_NONCE_BYTES));
  return { nonce, commitment: lotCommitment(sessionId, { participant: MARKET_LOT, nonce }) };
}

/** What the lots of a session are drawn from; read in a system transaction that holds it. Null where it draws none. */
export async function revealedLots(
  manager: EntityManager,
  session: Pick<MarketSession, 'id' | 'revealMinutes'>,
): Promise<Lots> {
  if (!drawsLots(session)) return null;
  const { nonce } = await manager.findOneByOrFail(MarketOwnLot, { sessionId: session.id });
  const rows = await manager.findBy(MarketLot, { sessionId: session.id });
  const own: Reveal = { participant: MARKET_LOT, nonce };
  return [
    own,
    ...rows.flatMap((row) =>
      row.nonce === null ? [] : [{ participant: row.participantId, nonce: row.nonce }],
    ),
  ];
}

/** Commitments of a session whose nonces are missing; counted in a system transaction, as members see their own only. */
export const countUnrevealed = (manager: EntityManager, sessionId: string): Promise<number> =>
  manager.countBy(MarketLot, { sessionId, nonce: IsNull() });

/** The part of isDue that lots decide, of rows `session` at time `:now`. */
export const REVEALED = `(session.reveal_minutes IS NULL
  OR coalesce(session.closed_at, session.gate_closes_at) + session.reveal_minutes * interval '1 minute' <= :now
  OR NOT EXISTS (SELECT FROM market_lot lot WHERE lot.session_id = session.id AND lot.nonce IS NULL))`;

/** @throws LOT_NOT_COMMITTED where a participant of a session with lots has not committed itself */
export async function requireCommitted(
  manager: EntityManager,
  { id: participantId, organisationId: tenantId }: Principal,
  session: Pick<MarketSession, 'id' | 'revealMinutes'>,
): Promise<void> {
  if (!drawsLots(session)) return;
  if (await manager.existsBy(MarketLot, { tenantId, sessionId: session.id, participantId })) return;
  throw notCommitted();
}

export const notCommitted = (): DomainError =>
  new DomainError('LOT_NOT_COMMITTED', 'expected a commitment from before bids opened, got none', 'conflict');
