import { type Interval, type Json, isoInstant } from '#core';
import { type Side } from './order.ts';

/** Signature contexts (see signJson in core): what an order or delivery signature is for, and nothing else. */
export const ORDER_CONTEXT = 'gridcommons/order/1';
export const DELIVERY_CONTEXT = 'gridcommons/delivery/1';

/** What a participant signs to place one order: bound to one session, one signer and one order id. */
export interface OrderStatement {
  readonly session: string;
  readonly participant: string;
  readonly order: string;
  readonly interval: Interval;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
}

/** What a participant signs after delivery: one traded interval's import and export, nothing about other hours. */
export interface DeliveryStatement {
  readonly session: string;
  readonly participant: string;
  readonly interval: Interval;
  readonly netImportWh: number;
  readonly netExportWh: number;
}

/** Canonical form for signing; instants as ISO 8601 UTC. */
export function orderStatement(order: OrderStatement): Json {
  const { session, participant, order: id, interval, side, quantityWh, pricePerMwh } = order;
  return { session, participant, order: id, interval: isoInterval(interval), side, quantityWh, pricePerMwh };
}

/** Canonical form for signing; instants as ISO 8601 UTC. */
export function deliveryStatement(delivery: DeliveryStatement): Json {
  const { session, participant, interval, netImportWh, netExportWh } = delivery;
  return { session, participant, interval: isoInterval(interval), netImportWh, netExportWh };
}

const isoInterval = ({ startMs, endMs }: Interval): Json => ({
  start: isoInstant(startMs),
  end: isoInstant(endMs),
});
