import type { EntityManager } from 'typeorm';
import { DomainError, localDate, requireSignature } from '#core';
import {
  type DefaultOrder,
  type DefaultSession,
  DEFAULTS_CONTEXT,
  defaultOrders,
  defaultsStatement,
  placementEntry,
  placementHash,
  type TimedDeclaration,
} from '#market';
import { insertRows } from '#persistence';
import { Participant } from '../identity/identity.entities.ts';
import type { Booking } from '../ledger/ledger.service.ts';
import { MarketDefaultDeclaration, MarketDefaultPlacement } from './defaults.entities.ts';
import { requireBlockTerms } from './block-terms.ts';
import { MarketOrder, type MarketSession } from './market.entities.ts';
import { requireSessionRoom } from './order-room.ts';
import { requireTerms } from './order-terms.ts';
import { requireTogether } from './own-book.ts';
import { type PlacedOrder, requireSessionOrder } from './session.ts';
import { requireConnected } from './session-feeder.ts';
import { dayOf } from './session-slots.ts';

/** What of a session decides which declarations stand in it. */
type Place = Pick<
  MarketSession,
  'product' | 'resolutionMinutes' | 'zone' | 'currency' | 'startsAt' | 'endsAt'
>;

export const defaultSession = (session: Place, gateMs: number): DefaultSession => ({
  product: session.product,
  resolutionMinutes: session.resolutionMinutes,
  zone: session.zone,
  currency: session.currency,
  day: dayOf(session),
  gateMs,
});

export const timedDeclaration = (row: MarketDefaultDeclaration): TimedDeclaration => ({
  participant: row.participantId,
  declaration: row.declarationId,
  product: row.product,
  resolutionMinutes: row.resolutionMinutes,
  zone: row.zone,
  currency: row.currency,
  firstDay: row.firstDay,
  lastDay: row.lastDay,
  orders: row.orders,
  declaredAtMs: row.declaredAt.getTime(),
  revokedAtMs: row.revokedAt?.getTime() ?? null,
});

/**
 * Holds what is declared until the transaction ends. Who declares, revokes or withdraws reads the clock while it holds this:
 * what it says it said before the gate is seen at the gate.
 */
export async function holdDefaults(manager: EntityManager, mode: 'shared' | 'exclusive'): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await manager.query(`SELECT ${lock}(hashtextextended('market defaults', 0))`);
}

/**
 * Declarations of a session's kind that cover its day and stand at its gate; of one organisation for a member, of all for the
 * system. Those revoked before are not read: a participant may have thousands.
 */
export function declarationsFor(
  manager: EntityManager,
  session: Place,
  gateMs: number,
): Promise<MarketDefaultDeclaration[]> {
  const { product, resolutionMinutes, zone, currency, startsAt } = session;
  const day = localDate(zone, startsAt.getTime());
  return manager
    .createQueryBuilder(MarketDefaultDeclaration, 'declaration')
    .where({ product, resolutionMinutes, zone, currency })
    .andWhere('declaration.first_day <= :day AND declaration.last_day >= :day', { day })
    .andWhere(
      'declaration.declared_at < :gate AND (declaration.revoked_at IS NULL OR declaration.revoked_at >= :gate)',
      { gate: new Date(gateMs) },
    )
    .getMany();
}

/** Orders, lots, or a withdrawal in the session; or orders or lots in another of that product that has hours of its day. */
const HEARD = `SELECT asked.participant_id AS participant FROM unnest($2::uuid[], $3::uuid[]) AS asked(tenant_id, participant_id)
  WHERE EXISTS (SELECT FROM market_default_withdrawal said WHERE said.session_id = $1
      AND said.tenant_id = asked.tenant_id AND said.participant_id = asked.participant_id)
    OR EXISTS (SELECT FROM market_session this
      JOIN market_session session ON session.id = this.id OR (session.product = this.product
        AND session.state <> 'CANCELLED' AND session.starts_at < this.ends_at AND session.ends_at > this.starts_at)
      WHERE this.id = $1 AND (
        EXISTS (SELECT FROM market_order said WHERE said.session_id = session.id
          AND said.tenant_id = asked.tenant_id AND said.participant_id = asked.participant_id)
        OR EXISTS (SELECT FROM market_lot said WHERE said.session_id = session.id
          AND said.tenant_id = asked.tenant_id AND said.participant_id = asked.participant_id)))`;

/** Those of the declarations' participants for whom no default order is placed in a session. */
export async function heardOf(
  manager: EntityManager,
  sessionId: string,
  of: readonly MarketDefaultDeclaration[],
): Promise<{ readonly participant: string }[]> {
  if (of.length === 0) return [];
  return manager.query(HEARD, [
    sessionId,
    of.map(({ tenantId }) => tenantId),
    of.map(({ participantId }) => participantId),
  ]);
}

/** What is placed for one participant, or the code by which it is refused. */
interface Outcome {
  readonly declaration: MarketDefaultDeclaration;
  readonly orders: readonly DefaultOrder[];
  readonly reason: string | null;
}

/**
 * Places the default orders of everybody who was not heard in a session whose gate has closed: all of a participant's or, by
 * the checks of any order, none. In a system transaction that holds the session and clears it for the first time.
 * @returns what certifies the placements, to be booked in the same transaction
 */
export async function placeDefaults(
  manager: EntityManager,
  session: MarketSession,
  nowMs: number,
): Promise<Booking[]> {
  await holdDefaults(manager, 'exclusive');
  const gateMs = (session.closedAt ?? session.gateClosesAt)?.getTime() ?? nowMs;
  const declarations = await declarationsFor(manager, session, gateMs);
  const heard = await heardOf(manager, session.id, declarations);
  const placed = defaultOrders(declarations.map(timedDeclaration), defaultSession(session, gateMs), heard);
  const outcomes: Outcome[] = [];
  for (const orders of byParticipant(placed)) {
    const { participant, declaration: id } = orders[0]!;
    const declaration = declarations.find(
      (row) => row.participantId === participant && row.declarationId === id,
    )!;
    const reason = await refusalOf(() => requirePlaceable(manager, session, declaration, orders, gateMs));
    outcomes.push({ declaration, orders, reason });
  }
  return store(manager, session, await withinRoom(manager, session, outcomes), { gateMs, nowMs });
}

function byParticipant(placed: readonly DefaultOrder[]): readonly (readonly DefaultOrder[])[] {
  const orders = new Map<string, DefaultOrder[]>();
  for (const order of placed) {
    const own = orders.get(order.participant);
    if (own === undefined) orders.set(order.participant, [order]);
    else own.push(order);
  }
  return [...orders.values()];
}

/** The code by which a check refuses, null where it does not. */
async function refusalOf(check: () => Promise<void>): Promise<string | null> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function requirePlaceable(
  manager: EntityManager,
  session: MarketSession,
  declaration: MarketDefaultDeclaration,
  defaults: readonly DefaultOrder[],
  gateMs: number,
): Promise<void> {
  const { participantId, signature } = declaration;
  const { signingKey } = await manager.findOneByOrFail(Participant, { id: participantId });
  const statement = defaultsStatement(timedDeclaration(declaration));
  await requireSignature(signingKey, DEFAULTS_CONTEXT, statement, signature);
  const orders = defaults.map((order) => asPlaced(order, signature));
  for (const order of orders) requireSessionOrder(order, session, gateMs);
  requireTerms(orders, session);
  requireBlockTerms(orders, session);
  await requireConnected(manager, session, participantId);
  requireTogether(session, orders, orders);
}

const asPlaced = (
  { order: id, interval, side, quantityWh, pricePerMwh }: DefaultOrder,
  signature: string,
): PlacedOrder => ({ id, startMs: interval.startMs, side, quantityWh, pricePerMwh, terms: {}, signature });

/** Where not all of them have room beside the orders that came, those declared first have. */
async function withinRoom(
  manager: EntityManager,
  session: MarketSession,
  outcomes: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const room = (of: readonly Outcome[]): Promise<string | null> =>
    refusalOf(() =>
      requireSessionRoom(
        manager,
        session,
        of.flatMap(({ orders, declaration }) =>
          orders.map((order) => asPlaced(order, declaration.signature)),
        ),
      ),
    );
  const fit = outcomes.filter(({ reason }) => reason === null);
  if ((await room(fit)) === null) return outcomes;
  const kept: Outcome[] = [];
  const refused = new Map<Outcome, string>();
  for (const outcome of fit.toSorted((a, b) => +a.declaration.declaredAt - +b.declaration.declaredAt)) {
    const reason = await room([...kept, outcome]);
    if (reason === null) kept.push(outcome);
    else refused.set(outcome, reason);
  }
  return outcomes.map((outcome) => ({ ...outcome, reason: refused.get(outcome) ?? outcome.reason }));
}

async function store(
  manager: EntityManager,
  session: MarketSession,
  outcomes: readonly Outcome[],
  { gateMs, nowMs }: { readonly gateMs: number; readonly nowMs: number },
): Promise<Booking[]> {
  const bookings: Booking[] = [];
  const placedAt = new Date(gateMs);
  for (const { declaration, orders, reason } of outcomes) {
    const { tenantId, participantId, declarationId, signature } = declaration;
    const key = { tenantId, sessionId: session.id, participantId };
    const of = { session: session.id, participant: participantId };
    const hash =
      reason === null ? await placementHash({ ...of, declaration: declarationId, signature, orders }) : null;
    await manager.insert(MarketDefaultPlacement, { ...key, declarationId, hash, reason, placedAt });
    if (hash === null) continue;
    const rows = orders.map((order): MarketOrder => {
      const { id: orderId, startMs, ...placed } = asPlaced(order, signature);
      return { ...key, ...placed, orderId, startsAt: new Date(startMs), receivedAt: placedAt };
    });
    await insertRows(manager, MarketOrder, rows);
    bookings.push({ draft: { ...placementEntry(of, hash), atMs: nowMs }, holders: [tenantId] });
  }
  return bookings;
}
