import { DomainError } from '#core';
import type { Decimal } from 'decimal.js';
import { co2e, combustionEmissions, type GasMasses } from './combustion.ts';
import { Exact } from './exact.ts';
import type { CalorificBasis, CombustionFactor } from './factor.ts';
import { fuelEnergyTj, type FuelUnit, type FuelUse } from './fuel-energy.ts';
import type { GwpSet } from './gwp-sets.ts';
import type { ActivityTerms, AppliedFactor, InventoryLine } from './inventory-line.ts';
import { ownPart } from './leased-share.ts';

/** Distances of vehicles, of tonnes of freight, of passengers. */
export const DISTANCE_UNITS = ['km', 'tkm', 'pkm'] as const;
export type ActivityUnit = FuelUnit | (typeof DISTANCE_UNITS)[number];
export interface ActivityAmount extends Omit<FuelUse, 'unit'> {
  readonly unit: ActivityUnit;
}

/** A factor that was given: kg per unit, in CO2e or by gas. */
export interface UnitFactor {
  readonly id: string;
  readonly source: string;
  readonly unit: ActivityUnit;
  /** Of a unit of energy. */
  readonly calorific: CalorificBasis;
  readonly kgCo2e: Decimal.Value | null;
  /** Names of a GWP set, and `CO2-biogenic`. */
  readonly kgByGas: GasMasses;
  readonly gwpSet: string | null;
  readonly uncertaintyPercent: Decimal | null;
}

export interface FuelActivity {
  readonly terms: ActivityTerms;
  readonly amount: ActivityAmount;
  readonly factor:
    | { readonly table: CombustionFactor; readonly uncertaintyPercent: Decimal | null }
    | { readonly given: UnitFactor };
  /** Of the fuel's carbon: its CO2 is told apart. */
  readonly biogenicShare: Decimal.Value;
  readonly upstream: UnitFactor | null;
}

/** What is measured, and base units in one. */
type Dimension = readonly [of: 'mass' | 'volume' | (typeof DISTANCE_UNITS)[number], base: number];

const OF_DIMENSION: Readonly<Partial<Record<ActivityUnit, Dimension>>> = {
  kg: ['mass', 1],
  t: ['mass', 1_000],
  litre: ['volume', 1],
  m3: ['volume', 1_000],
  km: ['km', 1],
  tkm: ['tkm', 1],
  pkm: ['pkm', 1],
};

const isDistance = (unit: ActivityUnit): boolean => (DISTANCE_UNITS as readonly string[]).includes(unit);

/**
 * An amount in another unit: through its calorific value or density where it needs one.
 * @throws FUEL_CONVERSION_MISSING, and as fuelEnergyTj
 */
export function amountIn(amount: ActivityAmount, unit: ActivityUnit, calorific: CalorificBasis): Decimal {
  const from = OF_DIMENSION[amount.unit];
  const to = OF_DIMENSION[unit];
  if (to === undefined && !isDistance(amount.unit)) {
    const unitTj = fuelEnergyTj({ amount: 1, unit: unit as FuelUnit, calorific }, calorific);
    return fuelEnergyTj(amount as FuelUse, calorific).div(unitTj);
  }
  const scaled = from !== undefined && to !== undefined ? betweenDimensions(amount, from, to) : null;
  if (scaled !== null) return scaled;
  throw new DomainError(
    'FUEL_CONVERSION_MISSING',
    `expected an amount that can be told in ${unit}, got ${amount.unit}`,
    'invalid',
    { unit, got: amount.unit },
  );
}

/** Null where no density links the two. */
function betweenDimensions(
  { amount, kgPerLitre }: ActivityAmount,
  from: Dimension,
  to: Dimension,
): Decimal | null {
  const base = new Exact(amount).times(from[1]).div(to[1]);
  if (from[0] === to[0]) return base;
  if (kgPerLitre === undefined) return null;
  if (from[0] === 'volume' && to[0] === 'mass') return base.times(kgPerLitre);
  return from[0] === 'mass' && to[0] === 'volume' ? base.div(kgPerLitre) : null;
}

/**
 * Emissions of a fuel or a distance: direct, and upstream where a factor for it is given (scope 3 category 3). CO2 of
 * biogenic carbon stands apart, its CH4 and N2O count.
 * @throws GWP_SET_MIXED, BIOGENIC_SPLIT_UNKNOWN, FUEL_CONVERSION_MISSING, and as combustionEmissions and co2e
 */
export function fuelLines(activity: FuelActivity, gwp: GwpSet): InventoryLine[] {
  const direct = 'table' in activity.factor ? ofTable(activity, activity.factor, gwp) : ofGiven(activity, activity.factor.given, gwp); // prettier-ignore
  const { upstream, terms } = activity;
  const scope3Category = terms.scope3Category;
  const lines: InventoryLine[] = [
    { ...direct, part: 'direct', scope: scope3Category === null ? 1 : 3, scope3Category },
  ];
  if (upstream !== null) {
    const { factor, ...line } = ofGiven({ ...activity, biogenicShare: 0 }, upstream, gwp);
    lines.push({
      ...line,
      // Of what comes before combustion alone: neither direct nor a life cycle.
      factor: factor === null ? null : { ...factor, basis: null },
      part: 'upstream',
      scope: 3,
      scope3Category: scope3Category ?? 3,
      method: 'upstream factor',
    });
  }
  return lines;
}

type Counted = Omit<InventoryLine, 'part' | 'scope' | 'scope3Category'>;

function ofTable(
  { terms, amount, biogenicShare }: FuelActivity,
  {
    table,
    uncertaintyPercent,
  }: { readonly table: CombustionFactor; readonly uncertaintyPercent: Decimal | null },
  gwp: GwpSet,
): Counted {
  const { energyTj, kgByGas } = combustionEmissions(table, amount as FuelUse);
  const factor = factorOf(table.id, table.source, { unit: 'TJ', calorific: table.calorific, gwpSet: gwp.id, uncertaintyPercent }); // prettier-ignore
  return counted(terms, {
    quantity: new Exact(energyTj),
    factor,
    masses: withBiogenic(kgByGas, biogenicShare),
    gwp,
    method: 'IPCC 2006 vol. 2 eq. 2.1',
  });
}

function ofGiven({ terms, amount, biogenicShare }: FuelActivity, given: UnitFactor, gwp: GwpSet): Counted {
  requireSameGwp(given.id, given.gwpSet, gwp);
  const quantity = amountIn(amount, given.unit, given.calorific);
  const factor = factorOf(given.id, given.source, given);
  const masses = Object.fromEntries(
    Object.entries(given.kgByGas).map(([gas, kg]) => [gas, massOf(quantity.times(kg))]),
  );
  if (given.kgCo2e === null) {
    return counted(terms, {
      quantity,
      factor,
      masses: withBiogenic(masses, biogenicShare),
      gwp,
      method: 'activity × factors by gas',
    });
  }
  if (!new Exact(biogenicShare).isZero()) {
    throw new DomainError(
      'BIOGENIC_SPLIT_UNKNOWN',
      `expected factors by gas beside a biogenic share, got CO2e: ${given.id}`,
    );
  }
  const line = counted(terms, { quantity, factor, masses, gwp, method: 'activity × factor' });
  return { ...line, emissionsKg: ownPart(quantity.times(given.kgCo2e), terms.leased), kgCo2eByGas: null };
}

/** @throws GWP_SET_MIXED where a factor was made with another set than the inventory's */
export function requireSameGwp(id: string, declared: string | null, gwp: GwpSet): void {
  if (declared === null || declared === gwp.id || declared === gwp.assessment) return;
  throw new DomainError('GWP_SET_MIXED', `expected factors under ${gwp.id}, got ${declared}: ${id}`);
}

/** To a quintillionth of a microgram: a conversion that does not end is cut somewhere. */
const massOf = (kg: Decimal): string => kg.toDecimalPlaces(27).toFixed();

function withBiogenic(masses: GasMasses, biogenicShare: Decimal.Value): GasMasses {
  const part = new Exact(biogenicShare);
  const co2 = masses['CO2'];
  if (part.isZero() || co2 === undefined) return masses;
  const biogenic = part.times(co2);
  return {
    ...masses,
    CO2: massOf(new Exact(co2).minus(biogenic)),
    'CO2-biogenic': massOf(biogenic.plus(masses['CO2-biogenic'] ?? 0)),
  };
}

function factorOf(
  id: string,
  source: string,
  of: Pick<UnitFactor, 'unit' | 'calorific' | 'gwpSet' | 'uncertaintyPercent'> & {
    readonly kgCo2e?: Decimal.Value | null;
  },
): AppliedFactor {
  const energetic = OF_DIMENSION[of.unit] === undefined;
  return {
    id,
    kgPerUnit: of.kgCo2e === undefined || of.kgCo2e === null ? null : new Exact(of.kgCo2e),
    unit: of.unit,
    basis: 'direct',
    calorific: energetic ? of.calorific : null,
    gwpSet: of.gwpSet,
    zone: null,
    source,
    uncertaintyPercent: of.uncertaintyPercent,
    estimated: false,
  };
}

function counted(
  terms: ActivityTerms,
  of: {
    readonly quantity: Decimal;
    readonly factor: AppliedFactor;
    readonly masses: GasMasses;
    readonly gwp: GwpSet;
    readonly method: string;
  },
): Counted {
  const { kgCo2e, kgCo2eByGas, kgBiogenicCo2 } = co2e(of.masses, of.gwp);
  const perUnit = of.quantity.isZero() ? null : new Exact(kgCo2e).div(of.quantity);
  return {
    terms,
    account: null,
    matching: null,
    tier: null,
    instrument: null,
    carrier: null,
    method: of.method,
    quantity: ownPart(of.quantity, terms.leased),
    unit: of.factor.unit,
    share: null,
    factor: { ...of.factor, kgPerUnit: of.factor.kgPerUnit ?? perUnit },
    emissionsKg: ownPart(new Exact(kgCo2e), terms.leased),
    biogenicCo2Kg: ownPart(new Exact(kgBiogenicCo2), terms.leased),
    kgCo2eByGas: Object.fromEntries(
      Object.entries(kgCo2eByGas).map(([gas, kg]) => [gas, ownPart(new Exact(kg), terms.leased)]),
    ),
    flags: of.quantity.isZero() ? ['zero-activity'] : [],
  };
}
