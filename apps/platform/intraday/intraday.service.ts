import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import { type Clock, DomainError, isoInstant, requireSignature } from '#core';
import {
  INTRADAY_CANCEL_CONTEXT,
  INTRADAY_ORDER_CONTEXT,
  intradayCancelStatement,
  intradayOrderStatement,
} from '#market';
import { Database } from '#persistence';
import { signingKeyOf } from '../identity/signing-key.ts';
import { intradayGateMs, isIntradayOpen } from '../market/intraday-gate.ts';
import type { MarketSession } from '../market/market.entities.ts';
import { slotAt } from '../market/session-slots.ts';
import { findSession, holdSession } from '../market/session-lock.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { requireSequence } from './book-cursor.ts';
import { IntradayOrder } from './intraday.entities.ts';
import {
  type IntradayOrderState,
  isSameOrder,
  type PlacedIntradayOrder,
  requireExpiry,
  requireIntradayOrders,
  requireSameTerms,
} from './intraday-order.ts';
import { type BookChange, holdBook, holdParticipant, placeOrder, publishChanges } from './order-books.ts';
import {
  findOrder,
  type FollowedOrder,
  followed,
  requireRoomFor,
  storedOrders,
  termsOf,
} from './stored-orders.ts';

export interface IntradaySubmitted {
  readonly accepted: number;
  readonly unchanged: number;
  /** In the order of the request. */
  readonly orders: readonly FollowedOrder[];
}

export interface SignedCancellation {
  readonly sessionId: string;
  readonly orderId: string;
  readonly signature: string;
}

/**
 * Takes signed orders into the order books of a cleared session and matches them as they come. A book is its stored
 * orders and nothing else: any process may take the next one, under the lock of the book.
 */
@Injectable()
export class IntradayService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Places a batch whole or not at all, each order in turn. The same order again changes nothing and says what has become
   * of it, also after the gate.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, INTRADAY_NOT_OFFERED, INTRADAY_CLOSED, SIGNATURE_INVALID,
   *   ORDER_CONFLICT, ORDERS_LIMIT, and what requireIntradayOrders throws.
   */
  async submit(
    principal: Principal,
    sessionId: string,
    orders: readonly PlacedIntradayOrder[],
  ): Promise<IntradaySubmitted> {
    const { session, signingKey, known } = await this.database.asTenant(
      principal.organisationId,
      async (manager) => ({
        signingKey: await signingKeyOf(manager, principal),
        session: await findSession(manager, sessionId),
        known: await storedOrders(manager, principal, sessionId, orders),
      }),
    );
    const nowMs = this.clock.nowMs();
    if (orders.length > 0 && orders.every((order) => isSameOrder(order, termsOf(known.get(order.id)))))
      return submitted(session, orders, { known, accepted: 0, nowMs });
    requireIntradayOrders(orders, session, nowMs);
    for (const { startMs } of orders) requireTrading(session, startMs, nowMs);
    for (const order of orders) {
      const statement = statementOf(principal, session, order);
      await requireSignature(signingKey, INTRADAY_ORDER_CONTEXT, statement, order.signature);
    }
    return this.database.asSystem((manager) => this.#place(manager, principal, session.id, orders));
  }

  /**
   * Withdraws what waits of an order; again it changes nothing.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, INTRADAY_NOT_OFFERED, SIGNATURE_INVALID, ORDER_UNKNOWN, ORDER_FINISHED.
   */
  async cancel(
    principal: Principal,
    { sessionId, orderId, signature }: SignedCancellation,
  ): Promise<FollowedOrder> {
    const { session, signingKey, row } = await this.database.asTenant(
      principal.organisationId,
      async (manager) => ({
        signingKey: await signingKeyOf(manager, principal),
        session: await findSession(manager, sessionId),
        row: await findOrder(manager, principal, sessionId, orderId),
      }),
    );
    const statement = intradayCancelStatement({
      session: session.id,
      participant: principal.id,
      order: orderId,
    });
    await requireSignature(signingKey, INTRADAY_CANCEL_CONTEXT, statement, signature);
    const slot = slotAt(session, row.startsAt.getTime());
    return this.database.asSystem(async (manager) => {
      const held = await holdSession(manager, session.id, 'shared');
      await holdBook(manager, { sessionId: session.id, slot });
      const nowMs = this.clock.nowMs();
      const order = await findOrder(manager, principal, session.id, orderId);
      const { state } = followed(held, order, nowMs);
      if (state === 'OPEN') {
        const change = { ended: 'CANCELLED', cancelSignature: signature } as const;
        await manager.update(IntradayOrder, { sequence: order.sequence }, change);
        await publishChanges(manager, session.id, new Map([[slot.startMs, [UNTRADED]]]), nowMs);
        order.ended = change.ended;
      } else if (state !== 'CANCELLED') throw finished(orderId, state);
      return followed(held, order, nowMs);
    });
  }

  /** The own organisation's orders of a session, as they came. @throws SESSION_UNKNOWN, INTRADAY_NOT_OFFERED */
  async list(principal: Principal, sessionId: string, page: PageArgs): Promise<Connection<FollowedOrder>> {
    const [after] = decodeCursor(page.after, 1) ?? [];
    const nowMs = this.clock.nowMs();
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const session = await findSession(manager, sessionId);
      const rows = await manager.find(IntradayOrder, {
        where: {
          tenantId: principal.organisationId,
          sessionId: session.id,
          ...(after === undefined ? {} : { sequence: MoreThan(requireSequence(after)) }),
        },
        order: { sequence: 'ASC' },
        take: pageSize(page.first) + 1,
      });
      const orders = rows.map((row) => followed(session, row, nowMs));
      return connectionOf(orders, page.first, ({ sequence }) => [sequence]);
    });
  }

  async #place(
    manager: EntityManager,
    principal: Principal,
    sessionId: string,
    orders: readonly PlacedIntradayOrder[],
  ): Promise<IntradaySubmitted> {
    const session = await holdSession(manager, sessionId, 'shared');
    await holdParticipant(manager, sessionId, principal.id);
    const slots = slotsOf(session, orders);
    for (const slot of slots.values()) await holdBook(manager, { sessionId, slot });
    const nowMs = this.clock.nowMs();
    const stored = await storedOrders(manager, principal, sessionId, orders);
    for (const order of orders) requireSameTerms(order, termsOf(stored.get(order.id)));
    const fresh = orders.filter(({ id }) => !stored.has(id));
    for (const order of fresh) {
      requireTrading(session, order.startMs, nowMs);
      requireExpiry(order, nowMs);
    }
    await requireRoomFor(manager, principal, session, { fresh, nowMs });
    const owner = { tenantId: principal.organisationId, participantId: principal.id };
    const changes = new Map<number, BookChange[]>();
    for (const order of fresh) {
      const book = { sessionId, slot: slots.get(order.startMs)! };
      const change = await placeOrder(manager, book, owner, { order, nowMs });
      if (change !== null) changes.set(order.startMs, [...(changes.get(order.startMs) ?? []), change]);
    }
    await publishChanges(manager, sessionId, changes, nowMs);
    const known = await storedOrders(manager, principal, sessionId, orders);
    return submitted(session, orders, { known, accepted: fresh.length, nowMs });
  }
}

/** A cancellation. */
const UNTRADED: BookChange = { tradedWh: 0, lastPricePerMwh: null };

/** The slots of a batch in the order of time, in which their books are held. */
const slotsOf = (session: MarketSession, orders: readonly PlacedIntradayOrder[]) =>
  new Map(
    [...new Set(orders.map(({ startMs }) => startMs))]
      .toSorted((a, b) => a - b)
      .map((startMs) => [startMs, slotAt(session, startMs)] as const),
  );

function submitted(
  session: MarketSession,
  orders: readonly PlacedIntradayOrder[],
  now: {
    readonly known: ReadonlyMap<string, IntradayOrder>;
    readonly accepted: number;
    readonly nowMs: number;
  },
): IntradaySubmitted {
  return {
    accepted: now.accepted,
    unchanged: orders.length - now.accepted,
    orders: orders.map(({ id }) => followed(session, now.known.get(id)!, now.nowMs)),
  };
}

/** @throws INTRADAY_NOT_OFFERED, INTRADAY_CLOSED */
function requireTrading(session: MarketSession, startMs: number, nowMs: number): void {
  if (isIntradayOpen(session, startMs, nowMs)) return;
  const gate = isoInstant(intradayGateMs(session, startMs));
  throw new DomainError(
    'INTRADAY_CLOSED',
    `expected orders from the clearing of the auction until ${gate}, got one outside of that time`,
    'conflict',
    { state: session.state, startsAt: isoInstant(startMs), gate },
  );
}

const finished = (orderId: string, state: IntradayOrderState): DomainError =>
  new DomainError('ORDER_FINISHED', `expected an order that waits, got one that is ${state}`, 'conflict', {
    order: orderId,
    state,
  });

function statementOf(principal: Principal, session: MarketSession, order: PlacedIntradayOrder) {
  const { id, startMs, side, quantityWh, pricePerMwh, timeInForce, expiresAtMs } = order;
  return intradayOrderStatement({
    session: session.id,
    participant: principal.id,
    order: id,
    interval: slotAt(session, startMs),
    side,
    quantityWh,
    pricePerMwh,
    timeInForce,
    expiresAtMs,
  });
}
