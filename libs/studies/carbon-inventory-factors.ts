import {
  type AppliedFactor,
  type EnergyFactor,
  type EmissionFactor,
  Exact,
  factorById,
  type FactorBasis,
  gwpSet,
  type GwpSet,
  lossOfDelivered,
  PUBLISHED_FACTOR_SETS,
  type PurchasedEnergy,
  requireOneKind,
  requireSameGwp,
  resolveFactor,
  ZONE_PARENTS,
} from '#carbon';
import { DomainError, type Interval, parseInstant } from '#core';
import type { Decimal } from 'decimal.js';
import type { GridInput, InventoryStudyInput } from './carbon-inventory-input.ts';
import type { GridTerms } from './carbon-inventory-terms.ts';

/** What factors are found in. */
export interface FactorContext {
  readonly period: Interval | null;
  readonly basis: FactorBasis;
  readonly gwp: GwpSet;
  /** By carrier and zone. */
  readonly grids: ReadonlyMap<string, GridInput>;
}

const gridKey = (carrier: string, zone: string): string => JSON.stringify([carrier, zone]);

/** @throws GRID_REPEATED, GWP_SET_UNKNOWN */
export function factorContext(input: InventoryStudyInput, period: Interval | null): FactorContext {
  const grids = new Map<string, GridInput>();
  for (const grid of input.grids) {
    const key = gridKey(grid.carrier, grid.zone);
    if (grids.has(key)) throw new DomainError('GRID_REPEATED', `expected each zone once, got ${grid.zone}`);
    grids.set(key, grid);
  }
  return { period, basis: input.basis, gwp: gwpOfInput(input.gwpSet), grids };
}

function gwpOfInput(given: InventoryStudyInput['gwpSet']): GwpSet {
  if (typeof given === 'string') return gwpSet(given);
  const gwp100 = Object.fromEntries(Object.entries(given.gwp100).map(([gas, kg]) => [gas, String(kg)]));
  return { id: given.id, assessment: null, source: given.source, gwp100: { CO2: '1', ...gwp100 } };
}

/** Start of the period: when what ships with the product has to be in force. @throws INVENTORY_PERIOD_MISSING */
export function factorInstant({ period }: FactorContext): number {
  if (period !== null) return period.startMs;
  const message =
    'expected the period of the inventory beside a factor that ships with the product, got none';
  throw new DomainError('INVENTORY_PERIOD_MISSING', message);
}

/** What is said of any factor. */
interface FactorTerms {
  readonly factorId?: string | undefined;
  readonly factorSource?: string | undefined;
  readonly factorGwpSet?: string | undefined;
  readonly factorUncertaintyPercent?: string | number | undefined;
}

interface EnergyTerms extends FactorTerms {
  readonly factorKgPerKwh?: string | number | undefined;
  readonly basis?: FactorBasis | undefined;
  readonly averaging: 'average' | 'marginal';
}

export const optionalDecimal = (value: string | number | undefined): Decimal | null =>
  value === undefined ? null : new Exact(value);

export const GIVEN = 'given in the input';

/** A factor per kWh with its number, or without one. @throws AVERAGING_MIXED, GWP_SET_MIXED */
function appliedOf(
  kgPerUnit: string | number | null,
  terms: EnergyTerms,
  {
    id,
    zone = null,
    estimated = false,
  }: { readonly id: string; readonly zone?: string | null; readonly estimated?: boolean },
  { basis, gwp }: FactorContext,
): AppliedFactor {
  const factor = {
    id: terms.factorId ?? id,
    basis: terms.basis ?? basis,
  };
  requireOneKind([
    { basis: factor.basis, averaging: 'average' },
    { ...factor, averaging: terms.averaging },
  ]);
  requireSameGwp(factor.id, terms.factorGwpSet ?? null, gwp);
  return {
    ...factor,
    kgPerUnit: kgPerUnit === null ? null : new Exact(kgPerUnit),
    unit: 'kWh',
    calorific: null,
    gwpSet: terms.factorGwpSet ?? null,
    zone,
    source: terms.factorSource ?? GIVEN,
    uncertaintyPercent: optionalDecimal(terms.factorUncertaintyPercent),
    estimated,
  };
}

/** A row of a table as it is used. */
const rowApplied = (
  { id, gramsCo2ePerKwh, basis, gwpSet: set, zone, source }: EmissionFactor,
  uncertaintyPercent: Decimal | null,
  estimated: boolean,
): AppliedFactor => ({
  id,
  kgPerUnit: new Exact(gramsCo2ePerKwh).div(1_000),
  unit: 'kWh',
  basis,
  calorific: null,
  gwpSet: set,
  zone,
  source,
  uncertaintyPercent,
  estimated,
});

/**
 * Of an instrument or of own generation: as given, by id, or by technology.
 * @throws FACTOR_MISSING where none of them is there or known, INVENTORY_PERIOD_MISSING
 */
export function sourceFactor(
  terms: EnergyTerms & { readonly technology?: string | undefined },
  id: string,
  context: FactorContext,
): AppliedFactor {
  const { factorKgPerKwh, factorId, technology, averaging } = terms;
  if (factorKgPerKwh !== undefined) return appliedOf(factorKgPerKwh, terms, { id }, context);
  const percent = optionalDecimal(terms.factorUncertaintyPercent);
  if (factorId !== undefined) return rowApplied(factorById(factorId), percent, false);
  if (technology === undefined) {
    throw new DomainError('FACTOR_MISSING', `expected a factor, factorId or technology of ${id}, got none`, 'invalid', { id }); // prettier-ignore
  }
  requireOneKind([
    { basis: context.basis, averaging: 'average' },
    { id, basis: context.basis, averaging },
  ]);
  const request = { subject: technology, zone: null, atMs: factorInstant(context), basis: context.basis };
  return rowApplied(resolveFactor(PUBLISHED_FACTOR_SETS, request).factor, percent, false);
}

/** Whose factors are asked for. */
export interface EnergyPlace {
  readonly id: string;
  readonly carrier: string;
  readonly zone?: string | undefined;
  readonly market?: string | undefined;
}

type FactorHours = readonly { readonly start: string; readonly factorKgPerKwh?: string | number | undefined; readonly residualFactorKgPerKwh?: string | number | undefined }[]; // prettier-ignore

/** Something that may know factors of an energy, the nearest first. */
interface Origin {
  readonly id: string;
  readonly zone: string | null;
  readonly terms: GridTerms;
  readonly hours: FactorHours;
  readonly estimated: boolean;
}

/** What an activity says of its factors itself. */
export interface GivenFactors {
  readonly terms: GridTerms;
  readonly hours: FactorHours;
}

/** The activity itself, the grid of its zone, and what that is a part of. */
function originsOf(
  { id, carrier, zone: own }: EnergyPlace,
  given: GivenFactors,
  { grids }: FactorContext,
): Origin[] {
  const origins: Origin[] = [{ id, zone: own ?? null, ...given, estimated: false }];
  const seen = new Set<string>();
  for (let zone = own; zone !== undefined && !seen.has(zone);) {
    seen.add(zone);
    const grid = grids.get(gridKey(carrier, zone));
    if (grid !== undefined) {
      origins.push({
        id: `${carrier}/${zone}`,
        zone,
        terms: grid,
        hours: grid.hours ?? [],
        estimated: seen.size > 1,
      });
    }
    zone = grid?.partOf ?? ZONE_PARENTS[zone];
  }
  return origins;
}

/** The market of an energy: as said, else the country of its zone. */
export function marketOf({ market, zone, carrier }: EnergyPlace, { grids }: FactorContext): string {
  if (market !== undefined) return market;
  if (zone === undefined) return '';
  return grids.get(gridKey(carrier, zone))?.market ?? ZONE_PARENTS[zone] ?? zone;
}

type Key = 'factorKgPerKwh' | 'residualFactorKgPerKwh';

/** Of the nearest that knows one; hours of another further away do not go before a nearer annual factor. */
function energyFactor(origins: readonly Origin[], key: Key, context: FactorContext): EnergyFactor {
  const suffix = key === 'factorKgPerKwh' ? '' : '/residual-mix';
  const termsOf = ({ terms }: Origin): EnergyTerms =>
    key === 'factorKgPerKwh' ? terms : { basis: terms.basis, averaging: terms.averaging, factorSource: terms.residualFactorSource, factorGwpSet: terms.factorGwpSet }; // prettier-ignore
  const annualAt = origins.findIndex(({ terms }) => terms[key] !== undefined);
  const seriesAt = origins.findIndex(({ hours }) => hours.some((hour) => hour[key] !== undefined));
  const annual = origins[annualAt];
  const series = seriesAt >= 0 && (annualAt < 0 || seriesAt <= annualAt) ? origins[seriesAt] : undefined;
  const place = (origin: Origin, end: string) => ({ ...origin, id: `${origin.id}${suffix}${end}` });
  return {
    annual:
      annual === undefined
        ? null
        : appliedOf(annual.terms[key]!, termsOf(annual), place(annual, ''), context),
    series:
      series === undefined
        ? null
        : {
            factor: appliedOf(null, termsOf(series), place(series, '/hours'), context),
            kgPerKwhByHour: byHour(series.hours, key),
          },
  };
}

function byHour(hours: FactorHours, key: Key): Map<number, Decimal> {
  const factors = new Map<number, Decimal>();
  for (const hour of hours) {
    const startMs = parseInstant(hour.start);
    if (factors.has(startMs)) throw hourRepeated(hour.start);
    if (hour[key] !== undefined) factors.set(startMs, new Exact(hour[key]));
  }
  return factors;
}

export const hourRepeated = (start: string): DomainError =>
  new DomainError('HOUR_REPEATED', `expected each hour once, got ${start} twice`);

type EnergyFactors = Pick<
  PurchasedEnergy,
  'average' | 'gridAverage' | 'residual' | 'lifecycle' | 'upstream' | 'losses'
>;

/** @throws LOSS_INVALID, LOSS_TWICE for both ways of telling losses, HOUR_REPEATED, AVERAGING_MIXED, GWP_SET_MIXED */
export function energyFactors(
  place: EnergyPlace,
  given: GivenFactors,
  context: FactorContext,
): EnergyFactors {
  const origins = originsOf(place, given, context);
  const average = energyFactor(origins, 'factorKgPerKwh', context);
  const single = (
    key: 'lifecycleFactorKgPerKwh' | 'upstreamFactorKgPerKwh',
    name: string,
  ): AppliedFactor | null => {
    const origin = origins.find(({ terms }) => terms[key] !== undefined);
    if (origin === undefined) return null;
    const { factorSource, averaging } = origin.terms;
    const terms = { factorSource, averaging, basis: 'lifecycle' as const };
    return appliedOf(origin.terms[key]!, terms, { ...origin, id: `${origin.id}/${name}` }, context);
  };
  return {
    average,
    gridAverage: average,
    residual: energyFactor(origins, 'residualFactorKgPerKwh', context),
    lifecycle: single('lifecycleFactorKgPerKwh', 'life-cycle'),
    upstream: single('upstreamFactorKgPerKwh', 'upstream'),
    losses: lossesOf(origins),
  };
}

function lossesOf(origins: readonly Origin[]): PurchasedEnergy['losses'] {
  const origin = origins.find(
    ({ terms }) => terms.lossOfDelivered !== undefined || terms.lossOfGeneration !== undefined,
  );
  if (origin === undefined) return null;
  const {
    lossOfDelivered: ratio,
    lossOfGeneration: share,
    lossBasis,
    lossSource,
    lifecycleIncludesLosses,
  } = origin.terms;
  if (ratio !== undefined && share !== undefined) {
    throw new DomainError(
      'LOSS_TWICE',
      `expected lossOfDelivered or lossOfGeneration, got both: ${origin.id}`,
    );
  }
  return {
    ratio: lossOfDelivered(
      ratio === undefined ? { of: 'generation', share: share! } : { of: 'delivered', ratio },
    ),
    basis: lossBasis,
    source: lossSource ?? GIVEN,
    inLifecycle: lifecycleIncludesLosses,
  };
}
