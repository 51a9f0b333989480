import type { Decimal } from 'decimal.js';
import { requireSeries, sum } from './cfe.ts';
import { Exact } from './exact.ts';

/** Energy flows of a site, step by step, exact decimals ≥ 0. */
export interface SiteFlows {
  readonly carbonFreeToLoadKwh: readonly Decimal[];
  readonly carbonFreeToGridKwh: readonly Decimal[];
  readonly gridToLoadKwh: readonly Decimal[];
  readonly gridToBatteryKwh: readonly Decimal[];
}

export interface SiteEnergy {
  readonly gridImportKwh: Decimal;
  readonly carbonFreeDeliveredKwh: Decimal;
}

/** Outside any inventory: what the grid would have emitted, and what it did. kg of CO2e. */
export interface SiteEmissions {
  /** Carbon-free energy delivered to load and grid, at the grid's intensity. */
  readonly avoidedKg: Decimal;
  /** Charging from the grid. */
  readonly inducedKg: Decimal;
  readonly netAvoidedKg: Decimal;
  /** What the load draws from the grid. */
  readonly residualLoadKg: Decimal;
  /** All that is drawn from the grid. */
  readonly gridImportKg: Decimal;
}

export const siteEnergy = (flows: SiteFlows): SiteEnergy => ({
  gridImportKwh: sum(flows.gridToLoadKwh).add(sum(flows.gridToBatteryKwh)),
  carbonFreeDeliveredKwh: sum(flows.carbonFreeToLoadKwh).add(sum(flows.carbonFreeToGridKwh)),
});

/** Each flow at the grid's intensity of its step, kgCO2e/MWh. @throws CFE_INPUT */
export function siteEmissions(flows: SiteFlows, gridIntensityKgPerMwh: readonly Decimal[]): SiteEmissions {
  for (const [name, series] of Object.entries(flows))
    requireSeries(name, series, gridIntensityKgPerMwh.length);
  const kg = (series: readonly Decimal[]): Decimal =>
    sum(series.map((kwh, t) => kwh.mul(gridIntensityKgPerMwh[t]!))).div(1000);
  const avoidedKg = kg(flows.carbonFreeToLoadKwh).add(kg(flows.carbonFreeToGridKwh));
  const [inducedKg, residualLoadKg] = [kg(flows.gridToBatteryKwh), kg(flows.gridToLoadKwh)];
  return {
    avoidedKg,
    inducedKg,
    netAvoidedKg: avoidedKg.sub(inducedKg),
    residualLoadKg,
    gridImportKg: residualLoadKg.add(inducedKg),
  };
}

/**
 * The same flows in later years, on a grid whose intensity falls by a share a year: year y (1, 2, …) × (1 − decline)^(y − 1).
 */
export function declining(first: SiteEmissions, declineShare: Decimal, years: number): SiteEmissions[] {
  return Array.from({ length: years }, (_, year) => {
    const factor = new Exact(1).sub(declineShare).pow(year);
    return {
      avoidedKg: first.avoidedKg.mul(factor),
      inducedKg: first.inducedKg.mul(factor),
      netAvoidedKg: first.netAvoidedKg.mul(factor),
      residualLoadKg: first.residualLoadKg.mul(factor),
      gridImportKg: first.gridImportKg.mul(factor),
    };
  });
}
