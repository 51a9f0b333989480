import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';

/** Losses of transmission and distribution as they are published. */
export type LossRate =
  | { readonly of: 'delivered'; readonly ratio: Decimal.Value }
  | { readonly of: 'generation'; readonly share: Decimal.Value };

/**
 * Lost / delivered: as given, or r / (1 − r) of a share r of generation.
 * @throws LOSS_INVALID for a negative ratio, or a share that is not within 0 and 1.
 */
export function lossOfDelivered(rate: LossRate): Decimal {
  const given = new Exact(rate.of === 'delivered' ? rate.ratio : rate.share);
  if (given.isNegative() || (rate.of === 'generation' && given.gte(1))) {
    throw new DomainError('LOSS_INVALID', `expected losses from 0 up to all, got ${given.toString()}`);
  }
  return rate.of === 'delivered' ? given : given.div(new Exact(1).minus(given));
}

/**
 * What is emitted upstream of the plant: life cycle − combustion − transmission and distribution, kg per kWh (GHG Protocol Scope
 * 3 Technical Guidance, category 3). `losses`: of those included in the life-cycle factor, else 0.
 * @throws UPSTREAM_NEGATIVE where the life cycle is less than its parts.
 */
export function upstreamFactor(
  lifecycle: Decimal.Value,
  combustion: Decimal.Value,
  losses: Decimal.Value,
): Decimal {
  const upstream = new Exact(lifecycle).minus(combustion).minus(losses);
  if (upstream.isNegative()) {
    throw new DomainError(
      'UPSTREAM_NEGATIVE',
      `expected a life-cycle factor of at least its parts, got ${String(lifecycle)} beside ${String(combustion)} + ${String(losses)}`,
    );
  }
  return upstream;
}
