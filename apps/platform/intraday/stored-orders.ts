import { type EntityManager, In } from 'typeorm';
import { DomainError } from '#core';
import { intradayGateMs } from '../market/intraday-gate.ts';
import type { MarketSession } from '../market/market.entities.ts';
import type { Principal } from '../pipeline/principal.ts';
import { IntradayOrder } from './intraday.entities.ts';
import {
  type IntradayOrderState,
  isOrderId,
  type PlacedIntradayOrder,
  requireRoom,
  stateOf,
} from './intraday-order.ts';

/** An order as its firm sees it, with what has become of it. */
export interface FollowedOrder extends Pick<
  IntradayOrder,
  | 'sequence'
  | 'participantId'
  | 'startsAt'
  | 'side'
  | 'quantityWh'
  | 'pricePerMwh'
  | 'timeInForce'
  | 'expiresAt'
  | 'receivedAt'
> {
  readonly id: string;
  readonly state: IntradayOrderState;
  readonly filledWh: number;
  /** What waits. */
  readonly remainingWh: number;
}

export function followed(session: MarketSession, row: IntradayOrder, nowMs: number): FollowedOrder {
  const {
    sequence,
    participantId,
    startsAt,
    side,
    quantityWh,
    pricePerMwh,
    timeInForce,
    expiresAt,
    receivedAt,
  } = row;
  const state = stateOf(row, intradayGateMs(session, row.startsAt.getTime()), nowMs);
  return {
    sequence,
    id: row.orderId,
    participantId,
    startsAt,
    side,
    quantityWh,
    pricePerMwh,
    timeInForce,
    expiresAt,
    receivedAt,
    state,
    filledWh: quantityWh - row.leftWh,
    remainingWh: state === 'OPEN' ? row.leftWh : 0,
  };
}

/** What an order was placed with, for comparison. */
export const termsOf = (row: IntradayOrder | undefined): Omit<PlacedIntradayOrder, 'signature'> | undefined =>
  row && {
    id: row.orderId,
    startMs: row.startsAt.getTime(),
    side: row.side,
    quantityWh: row.quantityWh,
    pricePerMwh: row.pricePerMwh,
    timeInForce: row.timeInForce,
    expiresAtMs: row.expiresAt?.getTime() ?? null,
  };

/** Of a batch, the participant's orders that are stored already, by id. */
export async function storedOrders(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  orders: readonly PlacedIntradayOrder[],
): Promise<Map<string, IntradayOrder>> {
  const rows = await manager.findBy(IntradayOrder, {
    tenantId: principal.organisationId,
    sessionId,
    participantId: principal.id,
    orderId: In(orders.map(({ id }) => id).filter(isOrderId)),
  });
  return new Map(rows.map((row) => [row.orderId, row]));
}

/** @throws ORDER_UNKNOWN */
export async function findOrder(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  orderId: string,
): Promise<IntradayOrder> {
  const key = { tenantId: principal.organisationId, sessionId, participantId: principal.id, orderId };
  const row = isOrderId(orderId) ? await manager.findOneBy(IntradayOrder, key) : null;
  if (row !== null) return row;
  throw new DomainError(
    'ORDER_UNKNOWN',
    'expected an intraday order of this participant in the session, got none of this id',
    'not-found',
    { order: orderId.slice(0, 64) },
  );
}

/** @throws ORDERS_LIMIT */
export async function requireRoomFor(
  manager: EntityManager,
  { organisationId: tenantId, id: participantId }: Principal,
  session: MarketSession,
  { fresh, nowMs }: { readonly fresh: readonly PlacedIntradayOrder[]; readonly nowMs: number },
): Promise<void> {
  const rows = await manager.find(IntradayOrder, {
    select: { startsAt: true, expiresAt: true, ended: true },
    where: { tenantId, sessionId: session.id, participantId },
  });
  const states = rows.map((row) => followed(session, row, nowMs).state);
  requireRoom({
    all: rows.length + fresh.length,
    open:
      states.filter((state) => state === 'OPEN').length +
      fresh.filter(({ timeInForce }) => timeInForce === 'gtd').length,
  });
}
