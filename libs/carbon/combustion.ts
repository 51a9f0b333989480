import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import type { CombustionFactor } from './factor.ts';
import { Exact } from './exact.ts';
import { fuelEnergyTj, type FuelUse } from './fuel-energy.ts';
import { type GwpSet, gwpOf } from './gwp-sets.ts';

/** kg by gas, exact decimals: names of a GWP set, and `CO2-biogenic` for CO2 that is told apart. */
export type GasMasses = Readonly<Record<string, string>>;

const BIOGENIC_CO2 = 'CO2-biogenic';

/** What burning a fuel emits, by gas. */
export interface CombustionEmissions {
  readonly factorId: string;
  /** On the factor's calorific basis. */
  readonly energyTj: string;
  readonly kgByGas: GasMasses;
}

/**
 * E_g = activity · EF_g (IPCC 2006 Guidelines vol. 2 ch. 2, equation 2.1, tier 1). Methane is `CH4`, never `CH4-fossil`: the
 * factor of CO2 counts all carbon of the fuel, also that which leaves as methane.
 * @throws as fuelEnergyTj
 */
export function combustionEmissions(factor: CombustionFactor, use: FuelUse): CombustionEmissions {
  const tj = fuelEnergyTj(use, factor.calorific);
  return {
    factorId: factor.id,
    energyTj: tj.toFixed(),
    kgByGas: {
      [factor.biogenic ? BIOGENIC_CO2 : 'CO2']: tj.mul(factor.kgCo2PerTj).toFixed(),
      CH4: tj.mul(factor.kgCh4PerTj).toFixed(),
      N2O: tj.mul(factor.kgN2oPerTj).toFixed(),
    },
  };
}

/** CO2e of masses under one GWP set; exact decimals in kg. */
export interface Co2e {
  readonly gwpSet: string;
  /** Without biogenic CO2. */
  readonly kgCo2e: string;
  readonly kgCo2eByGas: GasMasses;
  readonly kgBiogenicCo2: string;
}

/** CO2e = Σ_g mass_g · GWP_g; biogenic CO2 apart. @throws GWP_GAS_UNKNOWN, GAS_MASS for what is no decimal ≥ 0 */
export function co2e(kgByGas: GasMasses, set: GwpSet): Co2e {
  const byGas: Record<string, string> = {};
  let total: Decimal = new Exact(0);
  let biogenic: Decimal = new Exact(0);
  for (const [gas, kg] of Object.entries(kgByGas)) {
    if (gas === BIOGENIC_CO2) {
      biogenic = biogenic.add(massOf(gas, kg));
      continue;
    }
    const equivalent = massOf(gas, kg).mul(gwpOf(set, gas));
    byGas[gas] = equivalent.toFixed();
    total = total.add(equivalent);
  }
  return {
    gwpSet: set.id,
    kgCo2e: total.toFixed(),
    kgCo2eByGas: byGas,
    kgBiogenicCo2: biogenic.toFixed(),
  };
}

/** Masses of several sources, gas by gas. @throws GAS_MASS */
export function addMasses(several: readonly GasMasses[]): GasMasses {
  const sums: Record<string, Decimal> = {};
  for (const masses of several) {
    for (const [gas, kg] of Object.entries(masses)) {
      sums[gas] = (sums[gas] ?? new Exact(0)).add(massOf(gas, kg));
    }
  }
  return Object.fromEntries(Object.entries(sums).map(([gas, kg]) => [gas, kg.toFixed()]));
}

function massOf(gas: string, kg: string): Decimal {
  if (!/^\d{1,40}(?:\.\d{1,40})?$/.test(kg)) {
    throw new DomainError(
      'GAS_MASS',
      `expected kg of ${gas} as a decimal ≥ 0, got ${JSON.stringify(kg.slice(0, 60))}`,
    );
  }
  return new Exact(kg);
}
