import {
  type ActivityTerms,
  combustionFactor,
  Exact,
  exactSum,
  type FuelActivity,
  type GivenActivity,
  type Instrument,
  type LeakActivity,
  type Leakage,
  ownPart,
  pedigreeScore,
  type PurchasedEnergy,
  type UnitFactor,
} from '#carbon';
import { DomainError, parseInstant } from '#core';
import type { Decimal } from 'decimal.js';
import {
  energyFactors,
  type FactorContext,
  factorInstant,
  GIVEN,
  hourRepeated,
  marketOf,
  optionalDecimal,
  sourceFactor,
} from './carbon-inventory-factors.ts';
import {
  type ActivityInput,
  type FuelInput,
  type LeakInput,
  type OwnGenerationInput,
  type PurchasedInput,
  UNIT_KEYS,
} from './carbon-inventory-input.ts';
import type { GridTerms } from './carbon-inventory-terms.ts';

export const termsOf = ({
  id,
  kind,
  site,
  scope3Category,
  leased,
  uncertaintyPercent,
  quality,
  primary,
  estimated,
}: ActivityInput): ActivityTerms => ({
  id,
  kind,
  site: site ?? null,
  scope3Category: scope3Category ?? null,
  leased: leased ?? null,
  uncertaintyPercent: optionalDecimal(uncertaintyPercent),
  qualityScore: quality === undefined ? null : pedigreeScore(defined(quality)),
  primary: primary ?? null,
  estimated,
});

const defined = <T extends object>(of: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

type Unit = keyof typeof UNIT_KEYS;
const UNIT_NAMES = Object.keys(UNIT_KEYS) as Unit[];

/** The one factor of keys that end in a unit; undefined without any. @throws FACTOR_TWICE */
function perUnitOf(
  input: FuelInput,
  prefix: 'factorKgPer' | 'upstreamFactorKgPer',
): { unit: Unit; kgCo2e: string | number } | undefined {
  const given = UNIT_NAMES.flatMap((unit) => {
    const kgCo2e = input[`${prefix}${UNIT_KEYS[unit]}`];
    return kgCo2e === undefined ? [] : [{ unit, kgCo2e }];
  });
  if (
    given.length > 1 ||
    (given.length === 1 && prefix === 'factorKgPer' && input.gasFactors !== undefined)
  ) {
    throw new DomainError('FACTOR_TWICE', `expected one factor, got several: ${input.id}`);
  }
  return given[0];
}

/** @throws FACTOR_TWICE, FACTOR_MISSING, INVENTORY_PERIOD_MISSING */
export function fuelActivity(input: FuelInput, context: FactorContext): FuelActivity {
  const { amount, unit, calorific, kgPerLitre, mjPerKg, mjPerLitre, mjPerM3, ncvPerGcv } = input;
  const upstream = perUnitOf(input, 'upstreamFactorKgPer');
  return {
    terms: termsOf(input),
    amount: { amount, unit, calorific, kgPerLitre, mjPerKg, mjPerLitre, mjPerM3, ncvPerGcv },
    factor: fuelFactor(input, context),
    biogenicShare: input.biogenicShare,
    upstream:
      upstream === undefined ? null : { ...unitFactor(input), ...upstream, id: `${input.id}/upstream` },
  };
}

function fuelFactor(input: FuelInput, context: FactorContext): FuelActivity['factor'] {
  const perUnit = perUnitOf(input, 'factorKgPer');
  if (perUnit !== undefined) return { given: { ...unitFactor(input), ...perUnit } };
  if (input.gasFactors !== undefined) {
    const { unit, kg } = input.gasFactors;
    const kgByGas = Object.fromEntries(Object.entries(kg).map(([gas, of]) => [gas, new Exact(of).toFixed()]));
    return { given: { ...unitFactor(input), unit, kgByGas } };
  }
  if (input.fuel === undefined) {
    throw new DomainError('FACTOR_MISSING', `expected a fuel or a factor of ${input.id}, got neither`, 'invalid', { activity: input.id }); // prettier-ignore
  }
  return {
    table: combustionFactor(input.fuel, factorInstant(context)),
    uncertaintyPercent: optionalDecimal(input.factorUncertaintyPercent),
  };
}

const unitFactor = ({
  id,
  factorId,
  factorSource,
  factorCalorific,
  factorGwpSet,
  factorUncertaintyPercent,
  unit,
}: FuelInput): UnitFactor => ({
  id: factorId ?? id,
  source: factorSource ?? GIVEN,
  unit,
  calorific: factorCalorific,
  kgCo2e: null,
  kgByGas: {},
  gwpSet: factorGwpSet ?? null,
  uncertaintyPercent: optionalDecimal(factorUncertaintyPercent),
});

/** @throws ACTIVITY_AMOUNT where energy is told neither as a whole nor by hours, HOURS_AND_TOTAL, HOUR_REPEATED, and as energyFactors */
export function purchasedEnergy(input: PurchasedInput, context: FactorContext): PurchasedEnergy {
  const terms = termsOf(input);
  const hours = input.hours ?? [];
  const kwhByHour = input.hours === undefined ? null : hourlyKwh(hours, terms);
  return {
    terms,
    carrier: input.carrier,
    zone: input.zone ?? null,
    market: marketOf(input, context),
    kwh: wholeKwh(input, kwhByHour, terms),
    kwhByHour,
    hoursWithoutReading: hours.filter(({ consumptionKwh }) => consumptionKwh === null).length,
    ...energyFactors(input, { terms: input, hours }, context),
  };
}

function wholeKwh(
  { id, consumptionKwh }: PurchasedInput,
  kwhByHour: ReadonlyMap<number, Decimal> | null,
  { leased }: ActivityTerms,
): Decimal {
  const whole = consumptionKwh === undefined ? null : ownPart(new Exact(consumptionKwh), leased);
  const summed = kwhByHour === null ? null : exactSum([...kwhByHour.values()]);
  if (whole !== null && summed !== null && !summed.eq(whole)) {
    throw new DomainError(
      'HOURS_AND_TOTAL',
      `expected hours that add up to consumptionKwh, got others: ${id}`,
    );
  }
  const kwh = summed ?? whole;
  if (kwh !== null) return kwh;
  throw new DomainError('ACTIVITY_AMOUNT', `expected consumptionKwh or hours of ${id}, got neither`);
}

function hourlyKwh(
  hours: NonNullable<PurchasedInput['hours']>,
  { leased }: ActivityTerms,
): Map<number, Decimal> {
  const kwhByHour = new Map<number, Decimal>();
  const seen = new Set<number>();
  for (const { start, consumptionKwh } of hours) {
    const startMs = parseInstant(start);
    if (seen.has(startMs)) throw hourRepeated(start);
    seen.add(startMs);
    if (consumptionKwh !== null) kwhByHour.set(startMs, ownPart(new Exact(consumptionKwh), leased));
  }
  return kwhByHour;
}

/** Used where it was generated: its own factor location-based; market-based what was sold of it is the residual mix's. */
export function ownGeneration(
  input: OwnGenerationInput,
  context: FactorContext,
): { energy: PurchasedEnergy; kept: Instrument } {
  const terms = termsOf(input);
  const { carrier, zone, consumptionKwh, attributesSoldKwh } = input;
  const factor = sourceFactor(input, `${input.id}/own`, context);
  const kwh = ownPart(new Exact(consumptionKwh), terms.leased);
  const kept = kwh.minus(ownPart(new Exact(attributesSoldKwh), terms.leased));
  if (kept.isNegative()) {
    throw new DomainError(
      'ATTRIBUTES_OVERSOLD',
      `expected at most what was generated to be sold, got more: ${input.id}`,
    );
  }
  const grid = energyFactors(input, { terms: NO_FACTORS, hours: [] }, context);
  const energy: PurchasedEnergy = {
    terms,
    carrier,
    zone: zone ?? null,
    market: marketOf(input, context),
    kwh,
    kwhByHour: null,
    hoursWithoutReading: 0,
    average: { annual: factor, series: null },
    gridAverage: grid.average,
    residual: grid.residual,
    lifecycle: null,
    upstream: null,
    losses: null,
  };
  return {
    energy,
    kept: { ...ALWAYS_COUNTS, id: `${input.id}/own`, kind: 'own-attributes', carrier, market: energy.market, activities: [input.id], kwh: kept, factor }, // prettier-ignore
  };
}

const NO_FACTORS: GridTerms = { averaging: 'average', lossBasis: 'direct', lifecycleIncludesLosses: true };
const ALWAYS_COUNTS = {
  kwhByHour: null,
  vintage: null,
  retired: true,
  exclusive: true,
  units: null,
} as const;

/** @throws LEAK_AMOUNT unless the gas that escaped is told in one way */
export function leakActivity(input: LeakInput): LeakActivity {
  const { leakedKg, stock, charge, gwpKgPerKg, factorSource } = input;
  const ways: Leakage[] = [
    ...(leakedKg === undefined ? [] : [{ leakedKg }]),
    ...(stock === undefined ? [] : [stock]),
    ...(charge === undefined ? [] : [{ chargeKg: charge.kg, leakShare: charge.leakShare }]),
  ];
  if (ways.length !== 1) {
    throw new DomainError(
      'LEAK_AMOUNT',
      `expected one of leakedKg, stock, charge, got ${ways.length}: ${input.id}`,
    );
  }
  return {
    terms: termsOf(input),
    gas: input.gas,
    leakage: ways[0]!,
    gwp: gwpKgPerKg === undefined ? null : { kgCo2ePerKg: gwpKgPerKg, source: factorSource ?? GIVEN },
    uncertaintyPercent: optionalDecimal(input.factorUncertaintyPercent),
  };
}

export const givenActivity = (input: Extract<ActivityInput, { kind: 'given' }>): GivenActivity => ({
  terms: termsOf(input),
  scope: input.scope3Category === undefined ? 1 : 3,
  emissionsKg: input.emissionsKg,
  biogenicCo2Kg: input.biogenicCo2Kg,
  source: input.source,
});
