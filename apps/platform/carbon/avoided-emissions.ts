import type { EntityManager } from 'typeorm';
import { type EmissionFactor, type FactorBasis, localGenerationFactor, scope2Inventory } from '#carbon';
import { DomainError, type Interval } from '#core';
import { type AccountHour, consumptionByHour } from './accounting.ts';
import { findSeries, loadGrid } from './grid.service.ts';

/**
 * From slots by participant, what each participant's local energy avoided, whole grams of CO2e: its consumption at the grid's
 * average less the same with the part it covers by local generation at that factor. Without a grid series of the whole period,
 * or a factor of that time, null; nor is there an answer for a participant with an hour that the series lacks or its meter did
 * not tell.
 */
export async function avoidedEmissions(
  manager: EntityManager,
  period: Interval,
  hours: ReadonlyMap<string, readonly AccountHour[]>,
): Promise<ReadonlyMap<string, number> | null> {
  const series = await findSeries(manager, period);
  if (series === null) return null;
  const grid = await loadGrid(manager, series, period);
  const factor = knownFactor(series.basis, period.startMs);
  if (factor === null) return null;
  const avoided = new Map<string, number>();
  for (const [participantId, own] of hours) {
    if (own.some(({ consumedWh }) => consumedWh === null)) continue;
    const { locationGrams, marketGrams, hoursWithoutIntensity } = scope2Inventory(
      consumptionByHour(own, period.startMs),
      grid,
      factor,
    );
    if (hoursWithoutIntensity.length === 0) avoided.set(participantId, locationGrams - marketGrams);
  }
  return avoided;
}

/** Null for a time before the first factor: what cannot be said of it must not keep a session from being settled. */
function knownFactor(basis: FactorBasis, atMs: number): EmissionFactor | null {
  try {
    return localGenerationFactor(basis, atMs);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'FACTOR_MISSING') return null;
    throw error;
  }
}
