import { DomainError, isoInstant } from '#core';
import {
  type CombustionFactor,
  type CombustionSector,
  type EmissionFactor,
  type FactorAveraging,
  type FactorBasis,
  type FactorSet,
  type FactorSetRank,
  isInForce,
} from './factor.ts';
import { ZONE_PARENTS, type ZoneParents } from './zone-parents.ts';

/** Where and when something is asked for. */
interface Place {
  /** Absent or null: nobody knows where; only a default can answer. */
  readonly zone?: string | null;
  /** Absent: ZONE_PARENTS. */
  readonly parents?: ZoneParents;
  readonly atMs: number;
}

/** What is asked of the sets on a kWh. */
export interface FactorRequest extends Place {
  readonly subject: string;
  readonly basis: FactorBasis;
  /** Absent: average. */
  readonly averaging?: FactorAveraging;
}

/** What is asked of the sets on a TJ burnt. */
export interface CombustionFactorRequest extends Place {
  readonly fuel: string;
  /** Absent: energy-industries. */
  readonly sector?: CombustionSector;
}

/** How near the answer is to what was asked: of the zone itself, of one that it is a part of, of the world. */
export type FactorVia = 'zone' | 'parent' | 'default';

export interface Resolved<Factor> {
  readonly factor: Factor;
  readonly setId: string;
  readonly via: FactorVia;
  /** The factor is another place's than the one asked for. */
  readonly estimated: boolean;
}

export type ResolvedFactor = Resolved<EmissionFactor>;

/**
 * The factor in force at `atMs`. The own sets go before the community's, these before what is published; in each rank the
 * zone goes before what it is a part of, and that before the default; there the row of the newer set, then the row valid
 * from later, then the smaller id. The order of `sets` says nothing. Basis and averaging are never given way on.
 * @throws FACTOR_MISSING (not-found) with what was asked, ZONE_PARENTS_CYCLE
 */
export function resolveFactor(sets: readonly FactorSet[], request: FactorRequest): ResolvedFactor {
  const { subject, basis, averaging = 'average' } = request;
  const found = nearest(
    sets.map((set) => ({
      set,
      rows: set.factors.filter(
        (row) => row.subject === subject && row.basis === basis && row.averaging === averaging,
      ),
    })),
    request,
  );
  if (found === undefined) {
    throw missing(`a factor of ${subject} (${averaging}, ${basis})`, request, { subject, basis, averaging });
  }
  return found;
}

/**
 * The factor of a fuel in force at `atMs`, along the same chain; in one place a row of the sector goes before one of any.
 * @throws FACTOR_MISSING (not-found) with what was asked, ZONE_PARENTS_CYCLE
 */
export function resolveCombustionFactor(
  sets: readonly FactorSet[],
  request: CombustionFactorRequest,
): Resolved<CombustionFactor> {
  const { fuel, sector = 'energy-industries' } = request;
  const found = nearest(
    sets.map((set) => ({
      set,
      rows: set.fuels.filter((row) => row.fuel === fuel && (row.sector ?? sector) === sector),
    })),
    request,
    (row) => (row.sector === null ? 1 : 0),
  );
  if (found === undefined) {
    throw missing(`a combustion factor of ${fuel} in ${sector}`, request, { fuel, sector });
  }
  return found;
}

interface Row {
  readonly id: string;
  readonly zone: string | null;
  readonly validFromMs: number;
  readonly validToMs: number | null;
}

interface Candidate<R> {
  readonly set: FactorSet;
  readonly factor: R;
}

const RANKS: readonly FactorSetRank[] = ['own', 'community', 'published'];

function nearest<R extends Row>(
  sets: readonly { readonly set: FactorSet; readonly rows: readonly R[] }[],
  place: Place,
  generality: (row: R) => number = () => 0,
): Resolved<R> | undefined {
  const steps = stepsOf(place);
  const best = (a: Candidate<R>, b: Candidate<R>): number =>
    generality(a.factor) - generality(b.factor) || newerFirst(a, b);
  for (const rank of RANKS) {
    const candidates = sets
      .filter(({ set }) => set.rank === rank)
      .flatMap(({ set, rows }) =>
        rows.filter((row) => isInForce(row, place.atMs)).map((factor) => ({ set, factor })),
      );
    for (const { zone, via } of steps) {
      const [first] = candidates.filter(({ factor }) => factor.zone === zone).toSorted(best);
      if (first !== undefined) {
        return { factor: first.factor, setId: first.set.id, via, estimated: via !== 'zone' };
      }
    }
  }
  return undefined;
}

const newerFirst = (a: Candidate<Row>, b: Candidate<Row>): number =>
  b.set.sinceMs - a.set.sinceMs ||
  b.factor.validFromMs - a.factor.validFromMs ||
  (a.factor.id < b.factor.id ? -1 : 1);

const MAX_ZONE_DEPTH = 8;

interface Step {
  readonly zone: string | null;
  readonly via: FactorVia;
}

function stepsOf({ zone = null, parents = ZONE_PARENTS }: Place): Step[] {
  const own: Step[] = zone === null ? [] : [{ zone, via: 'zone' }];
  const above = zone === null ? [] : zonesAbove(zone, parents);
  return [
    ...own,
    ...above.map((parent): Step => ({ zone: parent, via: 'parent' })),
    { zone: null, via: 'default' },
  ];
}

function zonesAbove(zone: string, parents: ZoneParents): string[] {
  const above: string[] = [];
  for (let at = zone; Object.hasOwn(parents, at);) {
    at = parents[at]!;
    if (above.length === MAX_ZONE_DEPTH || at === zone || above.includes(at)) {
      throw new DomainError(
        'ZONE_PARENTS_CYCLE',
        `expected zones that end within ${MAX_ZONE_DEPTH} steps, got more above ${JSON.stringify(zone)}`,
        'invalid',
        { zone },
      );
    }
    above.push(at);
  }
  return above;
}

function missing(what: string, { zone = null, atMs }: Place, asked: Record<string, string>): DomainError {
  const place = zone === null ? '' : ` in ${zone}`;
  const at = isoInstant(atMs);
  return new DomainError('FACTOR_MISSING', `expected ${what}${place} valid at ${at}, got none`, 'not-found', {
    ...asked,
    zone,
    at,
  });
}
