import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';

/** Part of an activity that is one's own: a share, or the area leased of a building of which a part is occupied. */
export type LeasedShare =
  | { readonly share: Decimal.Value }
  | {
      readonly areaM2: Decimal.Value;
      readonly buildingAreaM2: Decimal.Value;
      /** Occupied area / building area. */
      readonly occupancyShare: Decimal.Value;
    };

/**
 * amount × own area / (building area × occupied share) (GHG Protocol Scope 3 Technical Guidance 2013, category 8, Example 8.1),
 * exact: nothing is rounded on the way.
 * @throws ALLOCATION_INVALID for a share that is not within 0 and 1.
 */
export function ofLeased(amount: Decimal.Value, leased: LeasedShare): Decimal {
  const [own, whole] =
    'share' in leased
      ? [new Exact(leased.share), new Exact(1)]
      : [new Exact(leased.areaM2), new Exact(leased.buildingAreaM2).times(leased.occupancyShare)];
  if (own.isNegative() || whole.lte(0) || own.gt(whole)) {
    throw new DomainError(
      'ALLOCATION_INVALID',
      `expected a share from 0 to 1, got ${own.toString()} of ${whole.toString()}`,
    );
  }
  return own.times(amount).div(whole);
}

/** The part of an amount that is one's own; all of it without terms of a lease. */
export const ownPart = (amount: Decimal, leased: LeasedShare | null): Decimal =>
  leased === null ? amount : ofLeased(amount, leased);
