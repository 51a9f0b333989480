import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { decimalOf } from './member.ts';

/** One corner of a price curve: at supply–demand ratio r = G/D energy has this price. */
export interface CurvePoint {
  readonly ratio: Decimal.Value;
  readonly price: Decimal.Value;
}

/** How a slot's generation is allotted to its members. */
export type Allocation =
  /** Fixed shares of the generation, each ≥ 0, together at most 1; what no share covers is sold outside. */
  | { readonly kind: 'static'; readonly coefficients: Readonly<Record<string, Decimal.Value>> }
  /** Pro rata of the load. */
  | { readonly kind: 'dynamic' }
  /** To the highest retail tariffs first, equal ones pro rata: least cost of the slot. */
  | { readonly kind: 'optimal' }
  /** In a declared order of members. */
  | { readonly kind: 'priority'; readonly order: readonly string[] };

/** A price rule for a community without orders. */
export type PriceRule =
  | { readonly kind: 'bill-sharing' }
  | {
      readonly kind: 'mmr';
      readonly divisor?: Decimal.Value | undefined;
      readonly prune?: boolean | undefined;
    }
  | { readonly kind: 'sdr'; readonly prune?: boolean | undefined }
  | {
      readonly kind: 'sdr-compensated';
      /** Share of the spread paid as compensation, 0 to 1. */
      readonly compensation: Decimal.Value;
      readonly prune?: boolean | undefined;
    }
  | { readonly kind: 'crossing' }
  | {
      readonly kind: 'curve';
      readonly points: readonly CurvePoint[];
      /** Who bears the difference to the retailer's bill: the operator (one price for all), or members at grid terms. */
      readonly residual?: 'operator' | 'members' | undefined;
    }
  | {
      readonly kind: 'keys';
      readonly allocation: Allocation;
      /** What allotted energy costs; absent: a key's holder owns its share, and sells what it does not use outside. */
      readonly localPrice?: Decimal.Value | undefined;
    };

export const MAX_CURVE_POINTS = 1_000;

/** @throws PRICE_RULE for a divisor ≤ 0, a compensation outside 0 … 1, or a local price that is no number; CURVE_POINTS, ALLOCATION_COEFFICIENTS */
export function requirePriceRule(rule: PriceRule): void {
  if (rule.kind === 'mmr') requireThat(decimalOf(rule.divisor ?? 2)?.gt(0), 'a divisor above 0');
  if (rule.kind === 'sdr-compensated') requireCompensation(decimalOf(rule.compensation));
  if (rule.kind === 'curve') requirePoints(rule.points);
  if (rule.kind !== 'keys') return;
  requireThat(decimalOf(rule.localPrice ?? 0), 'a local price');
  if (rule.allocation.kind === 'static') requireCoefficients(rule.allocation.coefficients);
}

const requireCompensation = (compensation: Decimal | null): void =>
  requireThat(compensation?.gte(0) && compensation.lte(1), 'a compensation between 0 and 1');

function requireThat(holds: unknown, expected: string): void {
  if (!holds) throw new DomainError('PRICE_RULE', `expected ${expected}, got another value`);
}

function requirePoints(points: readonly CurvePoint[]): void {
  const ratios = points.map(({ ratio }) => decimalOf(ratio));
  const rising = ratios.every(
    (ratio, i) => ratio !== null && ratio.gte(0) && (i === 0 || ratio.gt(ratios[i - 1]!)),
  );
  const priced = points.every(({ price }) => decimalOf(price) !== null);
  if (!rising || !priced || points.length === 0 || points.length > MAX_CURVE_POINTS) {
    throw new DomainError(
      'CURVE_POINTS',
      `expected 1 to ${MAX_CURVE_POINTS} points of rising ratio ≥ 0, got another curve`,
    );
  }
}

/** @throws ALLOCATION_COEFFICIENTS unless each is ≥ 0 and together they are at most 1 */
function requireCoefficients(coefficients: Readonly<Record<string, Decimal.Value>>): void {
  let left = decimalOf(1)!;
  for (const [member, value] of Object.entries(coefficients)) {
    const share = decimalOf(value);
    if (share !== null && !share.isNegative()) left = left.minus(share);
    else
      throw new DomainError('ALLOCATION_COEFFICIENTS', 'expected shares ≥ 0, got another', 'invalid', {
        member,
      });
  }
  if (left.isNegative()) {
    throw new DomainError(
      'ALLOCATION_COEFFICIENTS',
      `expected shares of at most 1 together, got ${decimalOf(1)!.minus(left).toString()}`,
    );
  }
}
