import { type Interval, DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { exactSum } from './exact-sum.ts';
import type { FactorBasis } from './factor.ts';
import type { ActivityTerms, AppliedFactor, Matching } from './inventory-line.ts';

/** A factor of the whole period, of its hours, or both. */
export interface EnergyFactor {
  readonly annual: AppliedFactor | null;
  readonly series: {
    /** Without a number of its own. */
    readonly factor: AppliedFactor;
    /** kgCO2e/kWh by the instant at which an hour begins. */
    readonly kgPerKwhByHour: ReadonlyMap<number, Decimal>;
  } | null;
}

/** Energy that comes ready to use: electricity, heat, steam, cooling. Emitted where it was made. */
export interface PurchasedEnergy {
  readonly terms: ActivityTerms;
  readonly carrier: string;
  readonly zone: string | null;
  /** Of the contractual instruments that may cover it. */
  readonly market: string;
  /** Of the whole period, one's own part of it; hours included. */
  readonly kwh: Decimal;
  readonly kwhByHour: ReadonlyMap<number, Decimal> | null;
  /** Hours of which nothing was read: in nothing here. */
  readonly hoursWithoutReading: number;
  readonly average: EnergyFactor;
  /** Of what no instrument covers, where no residual mix is known: the grid's, also of energy that is not from the grid. */
  readonly gridAverage: EnergyFactor;
  readonly residual: EnergyFactor;
  readonly lifecycle: AppliedFactor | null;
  readonly upstream: AppliedFactor | null;
  readonly losses: {
    /** Lost / delivered. */
    readonly ratio: Decimal;
    /** Of the factor that losses are told by. */
    readonly basis: FactorBasis;
    readonly source: string;
    /** Whether the life-cycle factor counts them already. */
    readonly inLifecycle: boolean;
  } | null;
}

/** The period as a whole, or the instant at which an hour begins. */
export type Step = 'period' | number;

/** kWh of an energy in a step, undefined where it has none there. Matched by the hour, what has no hours is matched as a whole. */
export function kwhAt(energy: PurchasedEnergy, step: Step, matching: Matching): Decimal | undefined {
  if (step !== 'period') return matching === 'hourly' ? energy.kwhByHour?.get(step) : undefined;
  return matching === 'annual' || energy.kwhByHour === null ? energy.kwh : undefined;
}

/** Every step in which something is matched, in time order. */
export function stepsOf(energies: readonly PurchasedEnergy[], matching: Matching): Step[] {
  if (matching === 'annual') return ['period'];
  const hours = new Set(
    energies.flatMap(({ kwhByHour }) => (kwhByHour === null ? [] : [...kwhByHour.keys()])),
  );
  return [
    ...(energies.some(({ kwhByHour }) => kwhByHour === null) ? (['period'] as const) : []),
    ...[...hours].toSorted((a, b) => a - b),
  ];
}

/** A factor of one step and what has to be said about it. */
export interface FactorAt {
  readonly factor: AppliedFactor;
  readonly kgPerKwh: Decimal;
  readonly flags: readonly string[];
}

/**
 * Of the period the annual factor, else the mean of its hours, each hour alike, and said so; of an hour its own, else, where no
 * hour has one, the annual. An hour that its series leaves out has none.
 */
export function factorAt({ annual, series }: EnergyFactor, step: Step): FactorAt | null {
  if (step !== 'period' && series !== null) {
    const kgPerKwh = series.kgPerKwhByHour.get(step);
    return kgPerKwh === undefined ? null : { factor: series.factor, kgPerKwh, flags: [] };
  }
  if (annual?.kgPerUnit) {
    const flags = step === 'period' ? [] : ['annual-factor-for-hours'];
    return { factor: annual, kgPerKwh: annual.kgPerUnit, flags: annual.estimated ? [...flags, 'estimated'] : flags }; // prettier-ignore
  }
  if (series === null || series.kgPerKwhByHour.size === 0) return null;
  const hours = [...series.kgPerKwhByHour.values()];
  return {
    factor: series.factor,
    kgPerKwh: exactSum(hours).div(hours.length),
    flags: ['mean-of-hours'],
  };
}

/** @throws HOUR_OUTSIDE_PERIOD, ACTIVITY_INVALID for energy below zero */
export function requireEnergy({ terms, kwh, kwhByHour }: PurchasedEnergy, period: Interval | null): void {
  const amounts = [kwh, ...(kwhByHour?.values() ?? [])];
  if (amounts.some((amount) => amount.isNegative())) {
    throw new DomainError('ACTIVITY_INVALID', `expected energy of at least 0 kWh, got less: ${terms.id}`);
  }
  if (period === null || kwhByHour === null) return;
  for (const startMs of kwhByHour.keys()) {
    if (startMs < period.startMs || startMs >= period.endMs) {
      const message = `expected hours within the period of the inventory, got another: ${terms.id}`;
      throw new DomainError('HOUR_OUTSIDE_PERIOD', message, 'invalid', { activity: terms.id });
    }
  }
}
