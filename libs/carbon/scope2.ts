import { DomainError, isoInstant, type Json } from '#core';
import type { EmissionFactor, FactorBasis } from './factor.ts';
import { decimalText, plus, rounded, scaledDecimal, shifted, times } from './scaled-decimal.ts';

/** Changes with every change of a formula or a rounding rule below; printed with each figure. */
export const SCOPE2_METHOD = 'gridcommons/scope2-hourly/1';

/** What the method does not know and how it decides; printed with each figure (GHG Protocol Scope 2 Guidance, table 6.3). */
export const SCOPE2_DISCLOSURES: readonly string[] = [
  'No residual mix is published for this grid: uncovered energy carries the grid average.',
  'Energy bought locally carries the attributes of its seller as far as the seller delivered it and the buyer imported it in that hour; excess expires.',
  'Only exported energy is sold, so the attributes of energy used behind the meter are unaffected.',
];

/** One hour at the meter, whole Wh. */
export interface HourActivity {
  readonly intervalStartMs: number;
  /** Everything drawn from the grid, locally bought energy included: it comes over the same wires. */
  readonly importWh: number;
  /** Locally bought energy whose attributes the seller delivered. */
  readonly attributedWh: number;
}

/** Grid intensity of one hour in kgCO2e/kWh (= g/Wh), with what it counts. */
export interface HourIntensity {
  readonly kgCo2ePerKwh: string;
  readonly basis: FactorBasis;
}

/** Exact decimals in grams CO2e. Two accounts of the same energy: report both, never add them. */
export interface HourlyEmissions {
  readonly coveredWh: number;
  readonly locationGrams: string;
  readonly marketGrams: string;
}

/**
 * Scope 2 of one hour (GHG Protocol Scope 2 Guidance 2015, ch. 6–7, applied hour by hour).
 * Location-based: import × grid average; attributes never count. Market-based: covered × the factor of what was bought
 * + the rest × residual mix, here the grid average (SCOPE2_DISCLOSURES); covered = min(import, attributed).
 * @throws BASIS_MIXED for a direct factor beside a lifecycle grid or the reverse, ACTIVITY_INVALID.
 */
export function hourlyEmissions(
  activity: Pick<HourActivity, 'importWh' | 'attributedWh'>,
  grid: HourIntensity,
  factor: EmissionFactor,
): HourlyEmissions {
  const { importWh, attributedWh } = activity;
  if (grid.basis !== factor.basis) {
    throw new DomainError(
      'BASIS_MIXED',
      `expected a ${grid.basis} factor beside that grid, got ${factor.id}`,
    );
  }
  if (![importWh, attributedWh].every((wh) => Number.isSafeInteger(wh) && wh >= 0)) {
    throw new DomainError(
      'ACTIVITY_INVALID',
      'expected import and attributed energy in whole Wh ≥ 0, got another',
    );
  }
  const coveredWh = Math.min(importWh, attributedWh);
  const gridGramsPerWh = scaledDecimal(grid.kgCo2ePerKwh);
  const covered = shifted(times(scaledDecimal(factor.gramsCo2ePerKwh), coveredWh), GRAMS_PER_KWH_PLACES);
  return {
    coveredWh,
    locationGrams: decimalText(times(gridGramsPerWh, importWh)),
    marketGrams: decimalText(plus(times(gridGramsPerWh, importWh - coveredWh), covered)),
  };
}

/** g/kWh are thousandths of g/Wh. */
const GRAMS_PER_KWH_PLACES = 3;

/** A grid series as used: its id says where it can be looked up again. */
export interface GridIntensity {
  readonly id: string;
  readonly basis: FactorBasis;
  /** Hour start in UTC ms → kgCO2e/kWh as an exact decimal. */
  readonly kgCo2ePerKwhByHour: ReadonlyMap<number, string>;
}

/** Totals over the hours named, with everything needed to compute them again. */
export interface Scope2Inventory {
  readonly methodVersion: typeof SCOPE2_METHOD;
  readonly basis: FactorBasis;
  /** The grid series and the factor of locally bought energy. */
  readonly factorIds: readonly string[];
  readonly hours: readonly (HourActivity & HourlyEmissions)[];
  /** Hours with activity but no grid intensity: in neither total. */
  readonly hoursWithoutIntensity: readonly number[];
  readonly importWh: number;
  readonly coveredWh: number;
  /** Whole grams: exact sum of the hours, rounded once, half away from zero. */
  readonly locationGrams: number;
  readonly marketGrams: number;
}

/** Adds up hours of one member (or of all trades of a session). @throws HOUR_REPEATED, and as hourlyEmissions. */
export function scope2Inventory(
  activities: readonly HourActivity[],
  grid: GridIntensity,
  factor: EmissionFactor,
): Scope2Inventory {
  requireDistinctHours(activities);
  const hours: (HourActivity & HourlyEmissions)[] = [];
  const hoursWithoutIntensity: number[] = [];
  for (const activity of activities) {
    const { intervalStartMs, importWh, attributedWh } = activity;
    const kgCo2ePerKwh = grid.kgCo2ePerKwhByHour.get(intervalStartMs);
    if (kgCo2ePerKwh === undefined) {
      hoursWithoutIntensity.push(intervalStartMs);
      continue;
    }
    const of = hourlyEmissions(activity, { kgCo2ePerKwh, basis: grid.basis }, factor);
    const { coveredWh, locationGrams, marketGrams } = of;
    // Written out: two spreads an hour are most of the time a year takes.
    hours.push({ intervalStartMs, importWh, attributedWh, coveredWh, locationGrams, marketGrams });
  }
  return {
    methodVersion: SCOPE2_METHOD,
    basis: grid.basis,
    factorIds: [grid.id, factor.id],
    hours,
    hoursWithoutIntensity,
    importWh: hours.reduce((sum, hour) => sum + hour.importWh, 0),
    coveredWh: hours.reduce((sum, hour) => sum + hour.coveredWh, 0),
    locationGrams: totalGrams(hours.map((hour) => hour.locationGrams)),
    marketGrams: totalGrams(hours.map((hour) => hour.marketGrams)),
  };
}

/**
 * Exact decimals in grams → one total in whole grams, rounded once, half away from zero.
 * @throws EMISSIONS_TOO_LARGE beyond 2^53 g.
 */
export function totalGrams(grams: readonly string[]): number {
  const exact = grams.reduce((sum, hour) => plus(sum, scaledDecimal(hour)), { digits: 0n, places: 0 });
  const total = Number(rounded(exact));
  if (!Number.isSafeInteger(total)) {
    throw new DomainError('EMISSIONS_TOO_LARGE', `expected at most 2^53 g, got ${total} g`, 'limit');
  }
  return total;
}

function requireDistinctHours(activities: readonly HourActivity[]): void {
  const seen = new Set<number>();
  for (const { intervalStartMs } of activities) {
    if (seen.has(intervalStartMs)) {
      throw new DomainError(
        'HOUR_REPEATED',
        `expected each hour once, got ${isoInstant(intervalStartMs)} twice`,
      );
    }
    seen.add(intervalStartMs);
  }
}

/** What a member signs when it publishes totals of its own: nothing of a single hour is in it. */
export interface EmissionsTotals {
  readonly startMs: number;
  readonly endMs: number;
  /** Hours behind the totals. */
  readonly hours: number;
  readonly locationGrams: number;
  readonly marketGrams: number;
  readonly methodVersion: string;
  readonly basis: FactorBasis;
  readonly factorIds: readonly string[];
}

/** Signature context of emissionsStatement. */
export const EMISSIONS_CONTEXT = 'gridcommons/emissions/1';

/** The canonical form of published totals, for signJson under EMISSIONS_CONTEXT. */
export function emissionsStatement(participantId: string, totals: EmissionsTotals): Json {
  return {
    participant: participantId,
    start: isoInstant(totals.startMs),
    end: isoInstant(totals.endMs),
    hours: totals.hours,
    locationGrams: totals.locationGrams,
    marketGrams: totals.marketGrams,
    methodVersion: totals.methodVersion,
    basis: totals.basis,
    factorIds: totals.factorIds,
  };
}
