import { type Interval, type Json, isoInstant } from '#core';
import { type TimeInForce } from './match-incoming.ts';
import { type Side } from './order.ts';
import { isoInterval } from './statement.ts';

/** Signature contexts of their own: no order of the auction can be played again in the order book, nor the reverse. */
export const INTRADAY_ORDER_CONTEXT = 'gridcommons/intraday-order/1';
export const INTRADAY_CANCEL_CONTEXT = 'gridcommons/intraday-cancel/1';

/** What a participant signs to place one intraday order. */
export interface IntradayOrderStatement {
  readonly session: string;
  readonly participant: string;
  readonly order: string;
  readonly interval: Interval;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly timeInForce: TimeInForce;
  /** First instant at which it no longer waits; null waits until the gate. */
  readonly expiresAtMs: number | null;
}

/** What a participant signs to withdraw what waits of an intraday order. */
export interface IntradayCancelStatement {
  readonly session: string;
  readonly participant: string;
  readonly order: string;
}

/** Canonical form for signing; instants as ISO 8601 UTC. */
export function intradayOrderStatement(statement: IntradayOrderStatement): Json {
  const { interval, expiresAtMs, ...terms } = statement;
  return {
    session: terms.session,
    participant: terms.participant,
    order: terms.order,
    interval: isoInterval(interval),
    side: terms.side,
    quantityWh: terms.quantityWh,
    pricePerMwh: terms.pricePerMwh,
    timeInForce: terms.timeInForce,
    expires: expiresAtMs === null ? null : isoInstant(expiresAtMs),
  };
}

/** Canonical form for signing. */
export const intradayCancelStatement = ({ session, participant, order }: IntradayCancelStatement): Json => ({
  session,
  participant,
  order,
});
