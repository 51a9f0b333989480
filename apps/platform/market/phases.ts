import { DomainError, isoInstant } from '#core';
import type { MarketSession } from './market.entities.ts';

/** What a session takes at a time: COMMIT lots, BID orders, REVEAL nonces; null is none of them. */
export const SESSION_PHASES = ['COMMIT', 'BID', 'REVEAL'] as const;
export type SessionPhase = (typeof SESSION_PHASES)[number];

/** What of a session decides over its phase. */
export type SessionTimes = Pick<
  MarketSession,
  'state' | 'gateClosesAt' | 'closedAt' | 'bidsOpenAt' | 'revealMinutes'
>;

const MINUTE_MS = 60_000;

/** A session that draws lots has a time to reveal them in; others have none. */
export const drawsLots = ({ revealMinutes }: Pick<MarketSession, 'revealMinutes'>): boolean =>
  revealMinutes !== null;

/** @param nowMs business time */
export function phaseOf(session: SessionTimes, nowMs: number): SessionPhase | null {
  if (isPastGate(session, nowMs)) return isRevealing(session, nowMs) ? 'REVEAL' : null;
  if (session.state !== 'OPEN') return null;
  return !drawsLots(session) || isReached(session.bidsOpenAt, nowMs) ? 'BID' : 'COMMIT';
}

/**
 * Whether a session is to be cleared: closed, or open past its gate, and no lot of it can still be revealed.
 * @param unrevealed commitments whose nonces are missing
 */
export const isDue = (session: SessionTimes, nowMs: number, unrevealed: number): boolean =>
  isPastGate(session, nowMs) && (unrevealed === 0 || !isRevealing(session, nowMs));

/** Closed by its organiser or by time, and not yet cleared. */
const isPastGate = ({ state, gateClosesAt }: SessionTimes, nowMs: number): boolean =>
  state === 'CLOSED' || (state === 'OPEN' && isReached(gateClosesAt, nowMs));

/** Until when nonces are taken; null in a session without lots, or whose gate has no time yet. */
export function revealUntilMs({ gateClosesAt, closedAt, revealMinutes }: SessionTimes): number | null {
  const gate = closedAt ?? gateClosesAt;
  return gate === null || revealMinutes === null ? null : gate.getTime() + revealMinutes * MINUTE_MS;
}

const isRevealing = (session: SessionTimes, nowMs: number): boolean =>
  nowMs < (revealUntilMs(session) ?? -Infinity);

const isReached = (at: Date | null, nowMs: number): boolean => at !== null && nowMs >= at.getTime();

/** @throws BIDS_NOT_OPEN before, GATE_CLOSED after orders are taken */
export function requireBidding(session: SessionTimes, nowMs: number): void {
  const phase = phaseOf(session, nowMs);
  if (phase === 'BID') return;
  const { state } = session;
  throw phase === 'COMMIT'
    ? new DomainError('BIDS_NOT_OPEN', 'expected orders once bids are open, got them while lots are committed to', 'conflict', { state }) // prettier-ignore
    : new DomainError('GATE_CLOSED', 'expected orders before the gate closed, got them after', 'conflict', { state }); // prettier-ignore
}

/** @throws LOTS_NONE in a session that draws none, LOTS_CLOSED once bids are open */
export function requireCommitting(session: SessionTimes, nowMs: number): void {
  requireLots(session);
  if (phaseOf(session, nowMs) === 'COMMIT') return;
  throw new DomainError('LOTS_CLOSED', 'expected commitments before bids open, got one after', 'conflict', {
    bidsOpenAt: session.bidsOpenAt === null ? null : isoInstant(session.bidsOpenAt.getTime()),
  });
}

/** @throws LOTS_NONE, REVEAL_TOO_EARLY before the gate, REVEAL_CLOSED once lots are drawn or the time for it is over */
export function requireRevealing(session: SessionTimes, nowMs: number): void {
  requireLots(session);
  const phase = phaseOf(session, nowMs);
  if (phase === 'REVEAL') return;
  throw phase === null
    ? new DomainError(
        'REVEAL_CLOSED',
        'expected nonces within the time to reveal them, got one later',
        'conflict',
      )
    : new DomainError(
        'REVEAL_TOO_EARLY',
        'expected nonces after the gate closed, got one before',
        'conflict',
      );
}

function requireLots(session: SessionTimes): void {
  if (drawsLots(session)) return;
  throw new DomainError(
    'LOTS_NONE',
    'expected a session that draws lots, got one that draws none',
    'conflict',
  );
}
