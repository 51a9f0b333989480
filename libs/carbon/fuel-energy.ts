import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import type { CalorificBasis } from './factor.ts';
import { Exact } from './exact.ts';

/** One British thermal unit (International Table) is 1055.05585262 J. */
const TJ_PER_ENERGY_UNIT = {
  TJ: '1',
  GJ: '1e-3',
  MJ: '1e-6',
  MWh: '3.6e-3',
  kWh: '3.6e-6',
  mmBtu: '1.05505585262e-3',
} as const;
const KG_PER_MASS_UNIT = { kg: '1', t: '1000' } as const;
const LITRES_PER_VOLUME_UNIT = { litre: '1', m3: '1000' } as const;

export type FuelUnit =
  keyof typeof TJ_PER_ENERGY_UNIT | keyof typeof KG_PER_MASS_UNIT | keyof typeof LITRES_PER_VOLUME_UNIT;

export const FUEL_UNITS: readonly FuelUnit[] = [
  'TJ',
  'GJ',
  'MJ',
  'MWh',
  'kWh',
  'mmBtu',
  'kg',
  't',
  'litre',
  'm3',
];

/** An amount of fuel and what its energy follows from. Decimals as text or numbers; nothing is assumed that is not here. */
export interface FuelUse {
  readonly amount: string | number;
  readonly unit: FuelUnit;
  /** Of the energy, or of the calorific value that makes energy of the amount. */
  readonly calorific: CalorificBasis;
  readonly kgPerLitre?: string | number | undefined;
  readonly mjPerKg?: string | number | undefined;
  readonly mjPerLitre?: string | number | undefined;
  readonly mjPerM3?: string | number | undefined;
  /** Net over gross calorific value, above 0 and at most 1: needed where the factor is on the other basis. */
  readonly ncvPerGcv?: string | number | undefined;
}

/**
 * TJ of a fuel on the wanted calorific basis.
 * @throws FUEL_AMOUNT, FUEL_CONVERSION_MISSING naming what would do, CALORIFIC_MIXED where the other basis is wanted and no
 *   ratio is given
 */
export function fuelEnergyTj(use: FuelUse, wanted: CalorificBasis): Decimal {
  const tj = energyOf(use);
  if (use.calorific === wanted) return tj;
  if (use.ncvPerGcv === undefined) {
    throw new DomainError(
      'CALORIFIC_MIXED',
      `expected energy on ${wanted} or ncvPerGcv to convert it, got ${use.calorific}`,
      'invalid',
      { wanted, got: use.calorific },
    );
  }
  const ratio = positive(use.ncvPerGcv, 'ncvPerGcv');
  if (ratio.gt(1)) throw refused('ncvPerGcv of at most 1', String(use.ncvPerGcv));
  return wanted === 'ncv' ? tj.mul(ratio) : tj.div(ratio);
}

function energyOf(use: FuelUse): Decimal {
  const amount = decimal(use.amount, 'amount');
  if (amount.isNegative()) throw refused('an amount ≥ 0', String(use.amount));
  const { unit } = use;
  if (Object.hasOwn(TJ_PER_ENERGY_UNIT, unit)) {
    return amount.mul(TJ_PER_ENERGY_UNIT[unit as keyof typeof TJ_PER_ENERGY_UNIT]);
  }
  if (Object.hasOwn(KG_PER_MASS_UNIT, unit)) {
    return ofMass(amount.mul(KG_PER_MASS_UNIT[unit as keyof typeof KG_PER_MASS_UNIT]), use);
  }
  return ofVolume(amount.mul(LITRES_PER_VOLUME_UNIT[unit as keyof typeof LITRES_PER_VOLUME_UNIT]), use);
}

function ofMass(kg: Decimal, { mjPerKg }: FuelUse): Decimal {
  if (mjPerKg === undefined) throw conversionMissing('mjPerKg for an amount by mass');
  return kg.mul(positive(mjPerKg, 'mjPerKg')).mul(TJ_PER_ENERGY_UNIT.MJ);
}

function ofVolume(litres: Decimal, use: FuelUse): Decimal {
  const { mjPerLitre, mjPerM3, mjPerKg, kgPerLitre } = use;
  const given = [mjPerLitre, mjPerM3, kgPerLitre].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw conversionMissing('one of mjPerLitre, mjPerM3, or kgPerLitre with mjPerKg for an amount by volume');
  }
  if (kgPerLitre !== undefined) {
    return ofMass(litres.mul(positive(kgPerLitre, 'kgPerLitre')), { ...use, mjPerKg });
  }
  const mj =
    mjPerLitre === undefined ? positive(mjPerM3!, 'mjPerM3').div(1000) : positive(mjPerLitre, 'mjPerLitre');
  return litres.mul(mj).mul(TJ_PER_ENERGY_UNIT.MJ);
}

function positive(value: string | number, name: string): Decimal {
  const number = decimal(value, name);
  if (!number.gt(0)) throw refused(`${name} above 0`, String(value));
  return number;
}

function decimal(value: string | number, name: string): Decimal {
  if (!/^-?\d{1,18}(?:\.\d{1,18})?(?:e[+-]?\d{1,2})?$/i.test(String(value))) {
    throw refused(`${name} as a decimal`, String(value));
  }
  return new Exact(value);
}

const refused = (expected: string, got: string): DomainError =>
  new DomainError('FUEL_AMOUNT', `expected ${expected}, got ${JSON.stringify(got.slice(0, 60))}`);

const conversionMissing = (expected: string): DomainError =>
  new DomainError('FUEL_CONVERSION_MISSING', `expected ${expected}, got none that fits`);
