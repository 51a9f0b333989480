import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  COMBUSTION_SECTORS,
  type CombustionFactor,
  type FactorFile,
  factorSetOf,
  parseFactorCsv,
  PUBLISHED_FACTOR_SETS,
  resolveCombustionFactor,
  resolveFactor,
} from '#carbon';
import { DomainError, hashJson, sha256Hex, utf8 } from '#core';
import { Database, insertRows } from '#persistence';
import { type Connection, connectionOf, decodeCursor, pageSize } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CombustionFactorRow, EmissionFactorRow, FactorSetRow } from './factor.entities.ts';
import { BY_FUEL, BY_KWH, type FactorPage, factorPage, setsOf, toFactor } from './factor-rows.ts';
import type {
  CombustionFactorsArgs,
  CombustionFactorType,
  FactorsArgs,
  FactorSetType,
  ImportFactorSetInput,
  ResolvedCombustionFactorArgs,
  ResolvedCombustionFactorType,
  ResolvedFactorArgs,
  ResolvedFactorType,
} from './factor.types.ts';
import { toFactorType } from './grid.service.ts';
import type { EmissionFactorType } from './grid.types.ts';

const MAX_SETS = 200;
const MAX_TITLE = 200;

/** Sets of factors: imported once, never changed, read by their organisation or by the community. */
@Injectable()
export class FactorService {
  constructor(private readonly database: Database) {}

  /**
   * Imports a set; the same text under the same title again is the same set.
   * @throws ROLE_MISSING, FACTOR_CSV_*, CSV_* with line and column, FACTOR_SET_TITLE, FACTOR_SETS_LIMIT
   */
  async import(principal: Principal, input: ImportFactorSetInput): Promise<FactorSetType> {
    const { csv, communityDefault } = input;
    if (communityDefault) requireRole(principal, 'operator');
    else requireRole(principal, 'operator', 'analyst');
    const title = requireTitle(input.title);
    const file = parseFactorCsv(csv);
    const tenantId = principal.organisationId;
    const csvSha256 = await sha256Hex(utf8(csv));
    const hash = await hashJson({ title, csvSha256, communityDefault, organisation: tenantId });
    const set = {
      id: `factors/${hash.slice(0, 32)}`,
      tenantId,
      title,
      csvSha256,
      communityDefault,
      rows: file.factors.length + file.fuels.length,
      findings: file.findings,
    };
    return toSetType(await this.database.asTenant(tenantId, (manager) => store(manager, set, file)));
  }

  /** What ships, the community's sets and the own, in that order, each rank from the newest. */
  async sets(principal: Principal): Promise<FactorSetType[]> {
    const imported = await this.database.asTenant(principal.organisationId, (manager) =>
      manager.find(FactorSetRow, { order: { communityDefault: 'DESC', importedAt: 'DESC', id: 'ASC' } }),
    );
    return [...PUBLISHED_SETS, ...imported.map(toSetType)];
  }

  async factors(principal: Principal, args: FactorsArgs): Promise<Connection<EmissionFactorType>> {
    const rows = await this.database.asTenant(principal.organisationId, (manager) =>
      factorPage(manager, pageOf(args), BY_KWH),
    );
    return connectionOf(rows.map(toFactorType), args.first, ({ id }) => [id]);
  }

  async combustionFactors(
    principal: Principal,
    args: CombustionFactorsArgs,
  ): Promise<Connection<CombustionFactorType>> {
    const rows = await this.database.asTenant(principal.organisationId, (manager) =>
      factorPage(manager, pageOf(args), BY_FUEL),
    );
    return connectionOf(rows.map(toFuelType), args.first, ({ id }) => [id]);
  }

  /** The row that figures name by its id. @throws FACTOR_MISSING (not-found), also for another organisation's */
  async factor(principal: Principal, id: string): Promise<EmissionFactorType> {
    const published = PUBLISHED_FACTOR_SETS.flatMap(({ factors }) => factors).find((row) => row.id === id);
    if (published !== undefined) return toFactorType(published);
    const row = await this.database.asTenant(principal.organisationId, (manager) =>
      manager.findOneBy(EmissionFactorRow, { id }),
    );
    if (row === null) {
      throw new DomainError('FACTOR_MISSING', 'expected the id of a known factor, got another', 'not-found');
    }
    return toFactorType(toFactor(row));
  }

  /** @throws FACTOR_MISSING with what was asked */
  async resolved(
    principal: Principal,
    { at: atMs, ...asked }: ResolvedFactorArgs,
  ): Promise<ResolvedFactorType> {
    const { subject, basis, averaging } = asked;
    const sets = await this.database.asTenant(principal.organisationId, async (manager) =>
      setsOf(manager, { factors: await manager.findBy(EmissionFactorRow, { subject, basis, averaging }) }),
    );
    const { factor, ...found } = resolveFactor(sets, { ...asked, zone: asked.zone ?? null, atMs });
    return { ...found, factor: toFactorType(factor) };
  }

  /** @throws FACTOR_MISSING with what was asked, COMBUSTION_SECTOR */
  async resolvedCombustion(
    principal: Principal,
    { fuel, sector: name, zone, at: atMs }: ResolvedCombustionFactorArgs,
  ): Promise<ResolvedCombustionFactorType> {
    const sector = COMBUSTION_SECTORS.find((known) => known === name);
    if (sector === undefined) {
      throw new DomainError(
        'COMBUSTION_SECTOR',
        `expected one of ${COMBUSTION_SECTORS.join(', ')}, got another`,
      );
    }
    const sets = await this.database.asTenant(principal.organisationId, async (manager) =>
      setsOf(manager, { fuels: await manager.findBy(CombustionFactorRow, { fuel }) }),
    );
    const { factor, ...found } = resolveCombustionFactor(sets, { fuel, sector, zone: zone ?? null, atMs });
    return { ...found, factor: toFuelType(factor) };
  }
}

const pageOf = ({ filter, at, first, after }: FactorsArgs | CombustionFactorsArgs): FactorPage => ({
  conditions: Object.fromEntries(Object.entries(filter ?? {})),
  atMs: at ?? null,
  after: decodeCursor(after, 1)?.[0],
  limit: pageSize(first) + 1,
});

async function store(
  manager: EntityManager,
  set: Omit<FactorSetRow, 'importedAt'>,
  file: FactorFile,
): Promise<FactorSetRow> {
  const { tenantId, communityDefault } = set;
  // One import of an organisation at a time: their number is limited.
  await manager.query("SELECT pg_advisory_xact_lock(hashtext('factor_set ' || $1::text))", [tenantId]);
  const known = await manager.findOneBy(FactorSetRow, { id: set.id });
  if (known !== null) return known;
  if ((await manager.countBy(FactorSetRow, { tenantId })) >= MAX_SETS) {
    throw new DomainError(
      'FACTOR_SETS_LIMIT',
      `expected at most ${MAX_SETS} sets of an organisation, got more`,
      'limit',
    );
  }
  const stored = await manager.save(manager.create(FactorSetRow, set));
  const { factors, fuels } = factorSetOf(file, { ...set, rank: 'own', sinceMs: 0 });
  const ofSet = { tenantId, setId: set.id, communityDefault };
  const dated = <R extends { validFromMs: number; validToMs: number | null }>(rows: readonly R[]) =>
    rows.map(({ validFromMs, validToMs, ...row }) => ({
      ...row,
      ...ofSet,
      validFrom: new Date(validFromMs),
      validTo: validToMs === null ? null : new Date(validToMs),
    }));
  await insertRows(manager, EmissionFactorRow, dated(factors));
  await insertRows(manager, CombustionFactorRow, dated(fuels));
  return stored;
}

function requireTitle(value: string): string {
  const title = value.trim();
  if (title.length === 0 || title.length > MAX_TITLE) {
    throw new DomainError(
      'FACTOR_SET_TITLE',
      `expected a title of 1–${MAX_TITLE} characters, got ${title.length}`,
    );
  }
  return title;
}

const PUBLISHED_SETS: readonly FactorSetType[] = PUBLISHED_FACTOR_SETS.map(
  ({ id, title, rank, sinceMs, factors, fuels }) => ({
    id,
    title,
    rank,
    organisationId: null,
    csvSha256: null,
    rows: factors.length + fuels.length,
    findings: [],
    since: sinceMs,
  }),
);

const toSetType = ({
  tenantId,
  communityDefault,
  importedAt,
  findings,
  ...set
}: FactorSetRow): FactorSetType => ({
  ...set,
  organisationId: tenantId,
  rank: communityDefault ? 'community' : 'own',
  findings: findings.map(({ fromMs, toMs, ...finding }) => ({ ...finding, from: fromMs, to: toMs })),
  since: importedAt.getTime(),
});

const toFuelType = ({ validFromMs, validToMs, ...factor }: CombustionFactor): CombustionFactorType => ({
  ...factor,
  validFrom: validFromMs,
  validTo: validToMs,
});
