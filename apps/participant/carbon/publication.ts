import { DomainError, isoInstant, signJson } from '#core';
import { EMISSIONS_CONTEXT, type EmissionsTotals, emissionsStatement, type FactorBasis } from '#carbon';
import type { MemberDay } from './member-day.ts';

/** Who publishes: the enrolled participant and its Ed25519 private key (PKCS#8, hex). */
export interface Publisher {
  readonly participantId: string;
  readonly privateKey: string;
}

/** Input of the platform's mutation publishEmissions: totals of a day, nothing of a single hour. */
export interface EmissionsPublication {
  readonly start: string;
  readonly end: string;
  readonly hours: number;
  readonly locationGrams: number;
  readonly marketGrams: number;
  readonly methodVersion: string;
  readonly basis: FactorBasis;
  readonly factorIds: readonly string[];
  readonly signature: string;
}

/**
 * The signed totals a member may publish of its day.
 * @throws EMISSIONS_EMPTY where no hour of the day has both a reading and a grid intensity.
 */
export async function emissionsPublication(
  { participantId, privateKey }: Publisher,
  { day, inventory }: MemberDay,
): Promise<EmissionsPublication> {
  if (inventory.hours.length === 0) {
    throw new DomainError(
      'EMISSIONS_EMPTY',
      'expected at least one hour with reading and grid intensity, got none',
    );
  }
  const { locationGrams, marketGrams, methodVersion, basis, factorIds } = inventory;
  const totals: EmissionsTotals = {
    ...day,
    hours: inventory.hours.length,
    locationGrams,
    marketGrams,
    methodVersion,
    basis,
    factorIds,
  };
  return {
    start: isoInstant(totals.startMs),
    end: isoInstant(totals.endMs),
    hours: totals.hours,
    locationGrams,
    marketGrams,
    methodVersion,
    basis,
    factorIds,
    signature: await signJson(privateKey, EMISSIONS_CONTEXT, emissionsStatement(participantId, totals)),
  };
}
