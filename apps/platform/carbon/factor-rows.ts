import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import {
  type CombustionFactor,
  type EmissionFactor,
  type FactorSet,
  isInForce,
  PUBLISHED_FACTOR_SETS,
} from '#carbon';
import { CombustionFactorRow, EmissionFactorRow, FactorSetRow } from './factor.entities.ts';

interface Validity {
  readonly validFromMs: number;
  readonly validToMs: number | null;
}

const validityOf = ({ validFrom, validTo }: { validFrom: Date; validTo: Date | null }): Validity => ({
  validFromMs: validFrom.getTime(),
  validToMs: validTo?.getTime() ?? null,
});

export const toFactor = ({
  tenantId: _tenant,
  setId: _set,
  communityDefault: _community,
  validFrom,
  validTo,
  ...row
}: EmissionFactorRow): EmissionFactor => ({ ...row, ...validityOf({ validFrom, validTo }) });

export const toFuel = ({
  tenantId: _tenant,
  setId: _set,
  communityDefault: _community,
  validFrom,
  validTo,
  ...row
}: CombustionFactorRow): CombustionFactor => ({ ...row, ...validityOf({ validFrom, validTo }) });

/** What ships, and the sets that hold the given rows with no others of theirs. */
export async function setsOf(
  manager: EntityManager,
  { factors = [], fuels = [] }: { factors?: EmissionFactorRow[]; fuels?: CombustionFactorRow[] },
): Promise<readonly FactorSet[]> {
  const ids = [...new Set([...factors, ...fuels].map(({ setId }) => setId))];
  const sets =
    ids.length === 0
      ? []
      : await manager.createQueryBuilder(FactorSetRow, 'set').where('set.id = ANY(:ids)', { ids }).getMany();
  const imported = sets.map(({ id, title, communityDefault, importedAt }): FactorSet => {
    const rank = communityDefault ? 'community' : 'own';
    const sinceMs = importedAt.getTime();
    return {
      id,
      title,
      rank,
      sinceMs,
      factors: factors.filter(({ setId }) => setId === id).map(toFactor),
      fuels: fuels.filter(({ setId }) => setId === id).map(toFuel),
    };
  });
  return [...PUBLISHED_FACTOR_SETS, ...imported];
}

type Conditions = Readonly<Record<string, string | null | undefined>>;

/** What is asked of a list of factors: equal fields, in force at a time, behind a row. */
export interface FactorPage {
  readonly conditions: Conditions;
  readonly atMs: number | null;
  readonly after: string | undefined;
  readonly limit: number;
}

interface Row extends Validity {
  readonly id: string;
}

/** A page of what ships and of what is imported, by id. Ids are ASCII: their order is that of their bytes everywhere. */
export async function factorPage<R extends Row, Stored extends ObjectLiteral & { setId: string }>(
  manager: EntityManager,
  page: FactorPage,
  from: {
    readonly entity: EntityTarget<Stored>;
    readonly published: (set: FactorSet) => readonly R[];
    readonly read: (row: Stored) => R;
  },
): Promise<R[]> {
  const { conditions, atMs, after, limit } = page;
  const asked = Object.entries(conditions).filter(
    (entry): entry is [string, string] => entry[1] !== null && entry[1] !== undefined,
  );
  const query = manager.createQueryBuilder(from.entity, 'row').orderBy('row.id COLLATE "C"').limit(limit);
  for (const [field, value] of asked) query.andWhere(`row.${field} = :${field}`, { [field]: value });
  if (after !== undefined) query.andWhere('row.id COLLATE "C" > :after', { after });
  if (atMs !== null) {
    query.andWhere('row.validFrom <= :at AND (row.validTo IS NULL OR row.validTo > :at)', {
      at: new Date(atMs),
    });
  }
  const published = PUBLISHED_FACTOR_SETS.flatMap((set) =>
    from
      .published(set)
      .filter((row) =>
        asked.every(([field, value]) => (field === 'setId' ? set.id : row[field as keyof R]) === value),
      ),
  ).filter((row) => (after === undefined || row.id > after) && (atMs === null || isInForce(row, atMs)));
  const imported = (await query.getMany()).map(from.read);
  return [...published, ...imported].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
}

/** Where rows by the kWh and by the TJ are. */
export const BY_KWH = {
  entity: EmissionFactorRow,
  published: ({ factors }: FactorSet) => factors,
  read: toFactor,
};
export const BY_FUEL = {
  entity: CombustionFactorRow,
  published: ({ fuels }: FactorSet) => fuels,
  read: toFuel,
};
