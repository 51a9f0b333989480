import { isoInstant, type Json } from '#core';
import type { Side, TimeInForce } from '#market';

/** Signature contexts of their own: no statement can be played again in the place of another kind. */
export const ALLOWANCE_ORDER_CONTEXT = 'gridcommons/allowance-order/1';
export const ALLOWANCE_CANCEL_CONTEXT = 'gridcommons/allowance-cancel/1';
export const ALLOWANCE_EMISSIONS_CONTEXT = 'gridcommons/allowance-emissions/1';
export const ALLOWANCE_RETIREMENT_CONTEXT = 'gridcommons/allowance-retirement/1';

/** Allowances of one scheme and compliance year: what one book trades. */
export interface Vintage {
  readonly scheme: string;
  readonly year: number;
}

/** What a participant signs to place one order. */
export interface AllowanceOrderStatement extends Vintage {
  readonly participant: string;
  readonly order: string;
  readonly side: Side;
  readonly tonnes: number;
  readonly priceMinorPerTonne: number;
  readonly timeInForce: TimeInForce;
  /** First instant at which it no longer waits; null: until it is withdrawn. */
  readonly expiresAtMs: number | null;
}

/** What a participant signs of its organisation's year: emissions as verified, or as it expects them. */
export interface EmissionsStatement extends Vintage {
  readonly participant: string;
  readonly kind: 'VERIFIED' | 'FORECAST';
  readonly tonnes: number;
  /** Of a forecast: an interval that holds emissions with a chance of 80 %; else null. */
  readonly lowTonnes: number | null;
  readonly highTonnes: number | null;
}

/** What a participant signs to give allowances up: against emissions, or for nothing. */
export interface RetirementStatement extends Vintage {
  readonly participant: string;
  /** Chosen by it, once each. */
  readonly retirement: string;
  readonly purpose: 'SURRENDER' | 'CANCEL';
  readonly tonnes: number;
}

/** Canonical form for signing; instants as ISO 8601 UTC. */
export const allowanceOrderStatement = ({ expiresAtMs, ...statement }: AllowanceOrderStatement): Json => ({
  scheme: statement.scheme,
  year: statement.year,
  participant: statement.participant,
  order: statement.order,
  side: statement.side,
  tonnes: statement.tonnes,
  priceMinorPerTonne: statement.priceMinorPerTonne,
  timeInForce: statement.timeInForce,
  expires: expiresAtMs === null ? null : isoInstant(expiresAtMs),
});

/** What a participant signs to withdraw what waits of an order; canonical form. */
export const allowanceCancelStatement = ({
  scheme,
  year,
  participant,
  order,
}: Pick<AllowanceOrderStatement, 'scheme' | 'year' | 'participant' | 'order'>): Json => ({
  scheme,
  year,
  participant,
  order,
});

/** Canonical form for signing. */
export const allowanceEmissionsStatement = (statement: EmissionsStatement): Json => ({
  scheme: statement.scheme,
  year: statement.year,
  participant: statement.participant,
  kind: statement.kind,
  tonnes: statement.tonnes,
  lowTonnes: statement.lowTonnes,
  highTonnes: statement.highTonnes,
});

/** Canonical form for signing. */
export const allowanceRetirementStatement = (statement: RetirementStatement): Json => ({
  scheme: statement.scheme,
  year: statement.year,
  participant: statement.participant,
  retirement: statement.retirement,
  purpose: statement.purpose,
  tonnes: statement.tonnes,
});
