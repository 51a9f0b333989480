import { DomainError, isoInstant } from '#core';
import {
  type EmissionFactor,
  type FactorAveraging,
  type FactorBasis,
  type FactorSet,
  type FactorSetRank,
  isInForce,
} from './factor.ts';
import { ZONE_PARENTS, type ZoneParents } from './zone-parents.ts';

/** What is asked of the sets. */
export interface FactorRequest {
  readonly subject: string;
  /** Absent or null: nobody knows where; only a default can answer. */
  readonly zone?: string | null;
  /** Absent: ZONE_PARENTS. */
  readonly parents?: ZoneParents;
  readonly atMs: number;
  readonly basis: FactorBasis;
  /** Absent: average. */
  readonly averaging?: FactorAveraging;
}

/** How near the answer is to what was asked: of the zone itself, of one that it is a part of, of the world. */
export type FactorVia = 'zone' | 'parent' | 'default';

export interface ResolvedFactor {
  readonly factor: EmissionFactor;
  readonly setId: string;
  readonly via: FactorVia;
  /** The factor is another place's than the one asked for. */
  readonly estimated: boolean;
}

const MAX_ZONE_DEPTH = 8;
const RANKS: readonly FactorSetRank[] = ['own', 'community', 'published'];

/**
 * The factor in force at `atMs`. The own sets go before the community's, these before what is published; in each rank the
 * zone goes before what it is a part of, and that before the default; there the row of the newer set, then the row valid
 * from later, then the smaller id. The order of `sets` says nothing. Basis and averaging are never given way on.
 * @throws FACTOR_MISSING (not-found) with what was asked, ZONE_PARENTS_CYCLE
 */
export function resolveFactor(sets: readonly FactorSet[], request: FactorRequest): ResolvedFactor {
  const places = placesOf(request);
  for (const rank of RANKS) {
    const rows = sets
      .filter((set) => set.rank === rank)
      .flatMap((set) =>
        set.factors.filter((row) => answers(row, request)).map((factor) => ({ set, factor })),
      );
    for (const { zone, via } of places) {
      const [first] = rows.filter(({ factor }) => factor.zone === zone).toSorted(newerFirst);
      if (first !== undefined) {
        return { factor: first.factor, setId: first.set.id, via, estimated: via !== 'zone' };
      }
    }
  }
  throw missing(request);
}

interface Place {
  readonly zone: string | null;
  readonly via: FactorVia;
}

function placesOf({ zone, parents = ZONE_PARENTS }: FactorRequest): Place[] {
  const places: Place[] = zone === undefined || zone === null ? [] : [{ zone, via: 'zone' }];
  for (let at = zone ?? null; at !== null && Object.hasOwn(parents, at);) {
    at = parents[at]!;
    if (places.length > MAX_ZONE_DEPTH || places.some((place) => place.zone === at)) {
      throw new DomainError(
        'ZONE_PARENTS_CYCLE',
        `expected zones that end within ${MAX_ZONE_DEPTH} steps, got more above ${JSON.stringify(zone)}`,
        'invalid',
        { zone: zone ?? null },
      );
    }
    places.push({ zone: at, via: 'parent' });
  }
  return [...places, { zone: null, via: 'default' }];
}

const answers = (
  row: EmissionFactor,
  { subject, basis, averaging = 'average', atMs }: FactorRequest,
): boolean =>
  row.subject === subject && row.basis === basis && row.averaging === averaging && isInForce(row, atMs);

interface Candidate {
  readonly set: FactorSet;
  readonly factor: EmissionFactor;
}

const newerFirst = (a: Candidate, b: Candidate): number =>
  b.set.sinceMs - a.set.sinceMs ||
  b.factor.validFromMs - a.factor.validFromMs ||
  (a.factor.id < b.factor.id ? -1 : 1);

function missing({ subject, basis, averaging = 'average', zone = null, atMs }: FactorRequest): DomainError {
  const place = zone === null ? '' : ` in ${zone}`;
  return new DomainError(
    'FACTOR_MISSING',
    `expected a ${averaging} ${basis} factor of ${subject}${place} valid at ${isoInstant(atMs)}, got none`,
    'not-found',
    { subject, basis, averaging, zone, at: isoInstant(atMs) },
  );
}
