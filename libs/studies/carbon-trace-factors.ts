import { PUBLISHED_FACTOR_SETS, requireOneKind, resolveFactor } from '#carbon';
import { DomainError } from '#core';
import type { BalancedHour, Grid, SourceEmissions } from '#tracing';
import { type FactorValue, KG_PER_MWH, type TraceHour, type TraceInput } from './carbon-trace-input.ts';

/** What a fuel emits, who says so, and in which zones. */
export interface UsedFactor {
  readonly fuel: string;
  readonly pollutant: string;
  readonly kgPerMwh: number;
  readonly source: string;
  /** Of a published one. */
  readonly id: string | null;
  /** Of another place than the zones. */
  readonly estimated: boolean;
  readonly zones: readonly string[];
}

type Subject = Pick<UsedFactor, 'fuel' | 'pollutant'>;
type Factor = Omit<UsedFactor, keyof Subject | 'zones'>;

/** Published factors are in CO2e. */
export const CO2E = 'co2e';
/** Hours without a start have what is in force until it is superseded. */
const UNDATED_MS = Date.UTC(9999, 0, 1);

/** When published factors begin and end to hold: between two such times a request has one answer. */
const CHANGES_MS = PUBLISHED_FACTOR_SETS.flatMap(({ factors }) =>
  factors.flatMap(({ validFromMs, validToMs }) => [validFromMs, validToMs ?? Infinity]),
).toSorted((a, b) => a - b);

const changesBefore = (atMs: number): number => CHANGES_MS.findLastIndex((changeMs) => changeMs <= atMs);

export interface FactorBook {
  /** kg/MWh at `source · pollutants`; 0 where storage or stated emissions stand instead. @throws FACTOR_MISSING */
  of(record: TraceHour): Float64Array;
  /** Every factor that was asked for. */
  used(): UsedFactor[];
}

/**
 * A factor for each source and pollutant of an hour: the zone's own, else of all zones, else (co2e) the published one in
 * force. @throws AVERAGING_MIXED for marginal factors
 */
export function factorBook(grid: Grid, input: TraceInput): FactorBook {
  requireOneKind([
    { basis: input.basis, averaging: 'average' },
    { basis: input.basis, averaging: input.factorAveraging, id: 'factors' },
  ]);
  const { pollutants } = input;
  const used = new Map<string, Factor & Subject & { readonly zones: Set<string> }>();
  const resolved = new Map<string, Factor>();
  const published = (wanted: Wanted): Factor => {
    const key = `${wanted.pollutant} ${wanted.zone} ${changesBefore(wanted.atMs)} ${wanted.fuel}`;
    const known = resolved.get(key) ?? publishedFactor(wanted);
    resolved.set(key, known);
    return known;
  };
  const note = (zone: string, { fuel, pollutant }: Subject, factor: Factor): void => {
    const key = `${pollutant} ${factor.id ?? factor.kgPerMwh} ${factor.estimated} ${fuel}`;
    const row = used.get(key) ?? { fuel, pollutant, ...factor, zones: new Set() };
    row.zones.add(zone);
    used.set(key, row);
  };
  const given = (value: number): Factor => ({
    kgPerMwh: value * KG_PER_MWH[input.factorUnit],
    source: 'given',
    id: null,
    estimated: false,
  });
  const compute = ({ zones, startMs }: TraceHour): Float64Array => {
    const kgPerMwh = new Float64Array(grid.sources.length * pollutants.length);
    const records = new Map(zones.map((zone) => [zone.id, zone]));
    const atMs = startMs ?? UNDATED_MS;
    grid.sources.forEach(({ zone, fuel, storage }, source) => {
      const id = grid.zones[zone]!;
      const record = records.get(id);
      if (storage || record?.generation[fuel] === undefined || record.emissions !== undefined) return;
      pollutants.forEach((pollutant, q) => {
        const value =
          valueOf(record.factors?.[fuel], q, pollutant) ?? valueOf(input.factors?.[fuel], q, pollutant);
        const factor =
          value === undefined
            ? published({ fuel, pollutant, zone: id, atMs, basis: input.basis })
            : given(value);
        kgPerMwh[source * pollutants.length + q] = factor.kgPerMwh;
        note(id, { fuel, pollutant }, factor);
      });
    });
    return kgPerMwh;
  };
  return { of: compute, used: () => [...used.values()].map((row) => ({ ...row, zones: [...row.zones] })) };
}

/** A number is of the first pollutant. */
export function valueOf(value: FactorValue | undefined, q: number, pollutant: string): number | undefined {
  if (typeof value === 'number') return q === 0 ? value : undefined;
  return value?.[pollutant];
}

interface Wanted extends Subject {
  readonly zone: string;
  readonly atMs: number;
  readonly basis: TraceInput['basis'];
}

function publishedFactor({ fuel, pollutant, zone, atMs, basis }: Wanted): Factor {
  try {
    if (pollutant !== CO2E) throw new DomainError('FACTOR_MISSING', 'expected a factor of its own, got none');
    const { factor, estimated } = resolveFactor(PUBLISHED_FACTOR_SETS, { subject: fuel, zone, atMs, basis });
    return { kgPerMwh: Number(factor.gramsCo2ePerKwh), source: factor.source, id: factor.id, estimated };
  } catch (cause) {
    if (!(cause instanceof DomainError) || cause.code !== 'FACTOR_MISSING') throw cause;
    const message = `expected a factor of ${fuel} for ${pollutant}, given or published (${basis}), got none`;
    throw new DomainError('FACTOR_MISSING', message, 'not-found', { fuel, pollutant, zone, basis });
  }
}

/**
 * What the sources of an hour emit by factors, or as its zones state it: their emissions by the energy of their sources.
 * @throws EMISSIONS_WITHOUT_GENERATION
 */
export function emissionsOf(
  { grid, factors, pollutants }: { grid: Grid; factors: FactorBook; pollutants: readonly string[] },
  record: TraceHour,
  { generation }: BalancedHour,
): SourceEmissions {
  const count = pollutants.length;
  const kg = factors.of(record).map((each, at) => each * Math.max(0, generation[Math.floor(at / count)]!));
  const emissions = new Map(record.zones.map((zone) => [zone.id, zone.emissions]));
  const supply = new Float64Array(grid.zones.length);
  const mwhOf = (source: number): number =>
    grid.sources[source]!.storage ? 0 : Math.max(0, generation[source]!);
  grid.sources.forEach(({ zone }, source) => (supply[zone]! += mwhOf(source)));
  grid.sources.forEach(({ zone }, source) => {
    const stated = emissions.get(grid.zones[zone]!);
    if (stated === undefined || mwhOf(source) === 0) return;
    pollutants.forEach((pollutant, q) => {
      kg[source * count + q] = ((valueOf(stated, q, pollutant) ?? 0) * mwhOf(source)) / supply[zone]!;
    });
  });
  const stranded = grid.zones.find((id, zone) => supply[zone] === 0 && emitsAnything(emissions.get(id)));
  if (stranded !== undefined) {
    const message = `expected emissions of a zone that generates, got some of ${stranded}`;
    throw new DomainError('EMISSIONS_WITHOUT_GENERATION', message, 'invalid', { zone: stranded });
  }
  return { kg, unknownMwh: new Float64Array(grid.sources.length) };
}

const emitsAnything = (value: FactorValue | undefined): boolean =>
  typeof value === 'number' ? value !== 0 : Object.values(value ?? {}).some((each) => each !== 0);
