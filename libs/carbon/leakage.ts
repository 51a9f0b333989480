import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';

/** What of a refrigerant or insulating gas escaped, as it is known, in kg of the gas. */
export type Leakage =
  | { readonly leakedKg: Decimal.Value }
  | {
      /** Stock at the start and the end, in containers. */
      readonly startKg: Decimal.Value;
      readonly endKg: Decimal.Value;
      readonly purchasedKg: Decimal.Value;
      /** Sold, returned, recovered or destroyed. */
      readonly recoveredKg: Decimal.Value;
      /** Full charge of equipment added less that of equipment retired. */
      readonly capacityChangeKg: Decimal.Value;
    }
  | {
      readonly chargeKg: Decimal.Value;
      /** Lost of the charge in the period. */
      readonly leakShare: Decimal.Value;
    };

/**
 * Kg of gas that escaped: as measured; by mass balance, start + purchased − recovered − capacity change − end; or by screening,
 * charge × leak rate (IPCC 2006 vol. 3 ch. 7.5.2; GHG Protocol, HFC tool).
 * @throws LEAKAGE_NEGATIVE for a balance below zero: more was found than there was.
 */
export function leakedKg(leakage: Leakage): Decimal {
  const kg = leaked(leakage);
  if (kg.isNegative()) {
    throw new DomainError('LEAKAGE_NEGATIVE', `expected a balance of at least 0 kg, got ${kg.toString()} kg`);
  }
  return kg;
}

function leaked(leakage: Leakage): Decimal {
  if ('leakedKg' in leakage) return new Exact(leakage.leakedKg);
  if ('chargeKg' in leakage) return new Exact(leakage.chargeKg).times(leakage.leakShare);
  const { startKg, endKg, purchasedKg, recoveredKg, capacityChangeKg } = leakage;
  return new Exact(startKg).plus(purchasedKg).minus(recoveredKg).minus(capacityChangeKg).minus(endKg);
}
