import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { canonicalJson, type Clock, DomainError, requireSignature } from '#core';
import { ORDER_CONTEXT, orderStatement, saidOf } from '#market';
import { Database } from '#persistence';
import { signingKeyOf } from '../identity/signing-key.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { clearsBlocks, requireBlockTerms } from './block-terms.ts';
import { MarketOrder, type MarketSession } from './market.entities.ts';
import { requireSessionRoom } from './order-room.ts';
import { requireBidding } from './phases.ts';
import { requireTerms } from './order-terms.ts';
import { requireTogether } from './own-book.ts';
import { MAX_ORDERS_PER_PARTICIPANT, type PlacedOrder, requireOrders } from './session.ts';
import { slotAt } from './session-slots.ts';
import { requireConnected } from './session-feeder.ts';
import { findSession, holdOrders, holdSession } from './session-lock.ts';
import { requireCommitted } from './session-lots.ts';

/** What became of a batch: stored now, or stored before with the same content. */
export interface Submitted {
  readonly accepted: number;
  readonly unchanged: number;
}

/** Takes signed orders into the sealed book: until and after clearing they are visible to their owner only. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores a batch whole or not at all. Each order carries its own signature, verified before anything is stored, so
   * that a book can be audited order by order. The same order again changes nothing, also after the gate.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, SIGNATURE_INVALID, BIDS_NOT_OPEN, GATE_CLOSED, LOT_NOT_COMMITTED,
   *   PARTICIPANT_UNCONNECTED, ORDER_CONFLICT, ORDERS_LIMIT, SESSION_ORDERS_LIMIT, and what requireOrders, requireTerms,
   *   requireBlockTerms and requireTogether throw.
   */
  async submit(principal: Principal, sessionId: string, orders: readonly PlacedOrder[]): Promise<Submitted> {
    const { session, signingKey, known } = await this.database.asTenant(
      principal.organisationId,
      async (manager) => ({
        signingKey: await signingKeyOf(manager, principal),
        session: await findSession(manager, sessionId),
        known: await storedOrders(manager, principal, sessionId, orders),
      }),
    );
    if (orders.length > 0 && orders.every((order) => isSame(order, known.get(order.id)))) {
      return { accepted: 0, unchanged: orders.length };
    }
    const nowMs = this.clock.nowMs();
    const open = (current: MarketSession): void => requireBidding(current, nowMs);
    open(session);
    requireOrders(orders, session, nowMs);
    requireTerms(orders, session);
    requireBlockTerms(orders, session);
    for (const order of orders) {
      await requireSignature(
        signingKey,
        ORDER_CONTEXT,
        statementOf(principal, session, order),
        order.signature,
      );
    }
    return this.database.asSystem(async (manager) => {
      open(await holdSession(manager, session.id, 'shared'));
      await requireSessionRoom(manager, session, orders);
      await this.database.narrow(manager, principal.organisationId);
      await holdOrders(manager, session.id, principal.id);
      await requireCommitted(manager, principal, session);
      await requireConnected(manager, session, principal.id);
      const stored = await storedOrders(manager, principal, session.id, orders);
      for (const order of orders) requireNoConflict(order, stored.get(order.id));
      const fresh = orders.filter((order) => !stored.has(order.id));
      await requireRoom(manager, principal, session.id, fresh.length);
      const ofSlots = [...(await ordersOfSlots(manager, principal, session.id, fresh)), ...fresh];
      const own = clearsBlocks(session) ? await ordersOf(manager, principal, session.id) : [];
      requireTogether(session, ofSlots, [...own, ...fresh]);
      const rows = fresh.map((order) => toRow(principal, session.id, order, nowMs));
      if (rows.length > 0) await manager.insert(MarketOrder, rows);
      return { accepted: fresh.length, unchanged: stored.size };
    });
  }
}

function statementOf(principal: Principal, session: MarketSession, order: PlacedOrder) {
  const { id, startMs, side, quantityWh, pricePerMwh, terms } = order;
  return orderStatement({
    ...terms,
    session: session.id,
    participant: principal.id,
    order: id,
    interval: slotAt(session, startMs),
    side,
    quantityWh,
    pricePerMwh,
  });
}

async function storedOrders(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  orders: readonly PlacedOrder[],
): Promise<Map<string, MarketOrder>> {
  const rows = await manager.findBy(MarketOrder, {
    tenantId: principal.organisationId,
    sessionId,
    participantId: principal.id,
    orderId: In(orders.map(({ id }) => id)),
  });
  return new Map(rows.map((row) => [row.orderId, row]));
}

function isSame(order: PlacedOrder, row: MarketOrder | undefined): boolean {
  return (
    row !== undefined &&
    row.startsAt.getTime() === order.startMs &&
    row.side === order.side &&
    row.quantityWh === order.quantityWh &&
    row.pricePerMwh === order.pricePerMwh &&
    canonicalJson(saidOf(row.terms)) === canonicalJson(saidOf(order.terms))
  );
}

function requireNoConflict(order: PlacedOrder, row: MarketOrder | undefined): void {
  if (row !== undefined && !isSame(order, row)) {
    throw new DomainError(
      'ORDER_CONFLICT',
      `expected order ${order.id} as it was placed, got other terms`,
      'conflict',
    );
  }
}

async function requireRoom(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  more: number,
): Promise<void> {
  const placed = await manager.countBy(MarketOrder, {
    tenantId: principal.organisationId,
    sessionId,
    participantId: principal.id,
  });
  if (placed + more > MAX_ORDERS_PER_PARTICIPANT) {
    throw new DomainError(
      'ORDERS_LIMIT',
      `expected at most ${MAX_ORDERS_PER_PARTICIPANT} orders a session, got more`,
      'limit',
    );
  }
}

/** A participant's orders of a session, of those starts where some are given. */
async function ordersOf(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  starts?: readonly Date[],
): Promise<PlacedOrder[]> {
  const rows = await manager.findBy(MarketOrder, {
    tenantId: principal.organisationId,
    sessionId,
    participantId: principal.id,
    ...(starts !== undefined && { startsAt: In([...starts]) }),
  });
  return rows.map(({ orderId: id, startsAt, ...order }) => ({ ...order, id, startMs: startsAt.getTime() }));
}

function ordersOfSlots(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  orders: readonly PlacedOrder[],
): Promise<PlacedOrder[]> {
  const starts = new Set(orders.map(({ startMs }) => startMs));
  return ordersOf(
    manager,
    principal,
    sessionId,
    [...starts].map((ms) => new Date(ms)),
  );
}

function toRow(principal: Principal, sessionId: string, order: PlacedOrder, nowMs: number): MarketOrder {
  const { id: orderId, startMs, side, quantityWh, pricePerMwh, terms, signature } = order;
  const key = { tenantId: principal.organisationId, sessionId, participantId: principal.id, orderId };
  return {
    ...key,
    startsAt: new Date(startMs),
    side,
    quantityWh,
    pricePerMwh,
    terms,
    signature,
    receivedAt: new Date(nowMs),
  };
}
