import { type Interval, type Json, isoInstant } from '#core';
import { type Side } from './order.ts';
import { type CorrectionReason } from './settlement-difference.ts';

/** Signature contexts (see signJson in core): what an order or delivery signature is for, and nothing else. */
export const ORDER_CONTEXT = 'gridcommons/order/1';
export const DELIVERY_CONTEXT = 'gridcommons/delivery/1';
export const AVAILABILITY_CONTEXT = 'gridcommons/availability/1';
export const CORRECTION_CONTEXT = 'gridcommons/delivery-correction/1';

/** Whom an order would rather trade with. */
export interface OrderPreferences {
  /** Name of a neighbourhood: orders that say the same one are local to each other. */
  readonly local?: string;
  /** On sale: the energy is green. Wanted: green energy rather than other. */
  readonly green?: boolean;
  /** Participants it trusts. */
  readonly trusted?: readonly string[];
}

/** What an order may say beyond side, quantity and limit; what is not said is not signed. */
export interface OrderTerms {
  /** Of flexibility on sale: net import of the slot, Wh, that the seller will deviate from. */
  readonly baselineWh?: number;
  readonly preferences?: OrderPreferences;
  /** Name of the block it is part of, among the participant's own. */
  readonly block?: string;
  /** Least share of it, or of its whole block, that is accepted if any is. */
  readonly minAcceptance?: number;
  /** The participant's order or block whose accepted share is the most this one's can be. */
  readonly linkedTo?: string;
}

/** What a participant signs to place one order: bound to one session, one signer and one order id. */
export interface OrderStatement extends OrderTerms {
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

/** What a participant signs after settlement: which statement of the interval it is, and why it comes. */
export interface CorrectionStatement extends DeliveryStatement {
  readonly version: number;
  readonly reason: CorrectionReason;
}

/** What a seller of a capacity signs after delivery: how much of it one interval had, nothing about its meter. */
export interface AvailabilityStatement {
  readonly session: string;
  readonly participant: string;
  readonly interval: Interval;
  readonly availableWh: number;
}

/** Canonical form for signing; instants as ISO 8601 UTC. Terms that are absent leave no trace in it. */
export function orderStatement(order: OrderStatement): Json {
  const { session, participant, order: id, interval, side, quantityWh, pricePerMwh, ...terms } = order;
  return {
    session,
    participant,
    order: id,
    interval: isoInterval(interval),
    side,
    quantityWh,
    pricePerMwh,
    ...saidOf(terms),
  };
}

/** The terms that are said. */
export function saidOf(terms: OrderTerms): { readonly [name: string]: Json } {
  const { baselineWh, preferences, block, minAcceptance, linkedTo } = terms;
  return {
    ...(baselineWh !== undefined && { baselineWh }),
    ...(preferences !== undefined && { preferences: preferencesOf(preferences) }),
    ...(block !== undefined && { block }),
    ...(minAcceptance !== undefined && { minAcceptance }),
    ...(linkedTo !== undefined && { linkedTo }),
  };
}

const preferencesOf = ({ local, green, trusted }: OrderPreferences): Json => ({
  ...(local !== undefined && { local }),
  ...(green !== undefined && { green }),
  ...(trusted !== undefined && { trusted: [...trusted] }),
});

/** Canonical form for signing; instants as ISO 8601 UTC. */
export function deliveryStatement(delivery: DeliveryStatement): Json {
  const { session, participant, interval, netImportWh, netExportWh } = delivery;
  return { session, participant, interval: isoInterval(interval), netImportWh, netExportWh };
}

/** Canonical form for signing; instants as ISO 8601 UTC. */
export function availabilityStatement(statement: AvailabilityStatement): Json {
  const { session, participant, interval, availableWh } = statement;
  return { session, participant, interval: isoInterval(interval), availableWh };
}

/** Canonical form for signing; instants as ISO 8601 UTC. */
export function correctionStatement(correction: CorrectionStatement): Json {
  const { session, participant, interval, netImportWh, netExportWh, version, reason } = correction;
  return { session, participant, interval: isoInterval(interval), netImportWh, netExportWh, version, reason };
}

export const isoInterval = ({ startMs, endMs }: Interval): Json => ({
  start: isoInstant(startMs),
  end: isoInstant(endMs),
});
