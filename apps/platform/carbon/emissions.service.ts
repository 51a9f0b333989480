import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { FactorBasis } from '#carbon';
import { DomainError, HOUR_MS, interval } from '#core';
import { Database } from '#persistence';
import { addConditions, requireOrganisationIds, toDate } from '../forecasts/published-filter.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { PublishedEmissionsRow } from './carbon.entities.ts';
import {
  type EmissionsAccount,
  emissionsCsv,
  type EmissionsGrouping,
  type EmissionsSum,
} from './emissions.ts';
import type { Emissions, EmissionsArgs } from './emissions.types.ts';
import { NEWER_VERSION } from './publication.service.ts';
import { requireSqlZone, type SqlZone } from './sql-zone.ts';

const MAX_SUMS = 10_000;
const MAX_PARTICIPANTS = 100;

/** Days that begin at or after `from` and before `to`, of all publishers unless some are named, and how they are added up. */
export type EmissionsTerms = Pick<
  EmissionsArgs,
  'from' | 'to' | 'organisationIds' | 'participantIds' | 'account' | 'resolution' | 'zone' | 'by'
>;

/** A local day is of the date of its middle, in every zone within half a day of the one it was cut in. */
const MIDDLE = '(published.starts_at + (published.ends_at - published.starts_at) / 2)';

const PART_OF: Readonly<Record<EmissionsTerms['resolution'], (date: string) => string>> = {
  day: (date) => `to_char(${date}, 'YYYY-MM-DD')`,
  week: (date) => `to_char(date_trunc('week', ${date}::timestamp), 'YYYY-MM-DD')`,
  month: (date) => `to_char(${date}, 'YYYY-MM')`,
  year: (date) => `to_char(${date}, 'YYYY')`,
  total: () => "'total'",
};

const PUBLISHER_OF: Readonly<Record<EmissionsGrouping, readonly string[]>> = {
  all: [],
  organisation: ['published.tenant_id'],
  participant: ['published.tenant_id', 'published.participant_id'],
};

/** What the database adds up; whole numbers of it come as text. */
interface SumRow {
  readonly part: string;
  readonly basis: FactorBasis;
  readonly organisation: string | null;
  readonly participant: string | null;
  readonly start: Date;
  readonly end: Date;
  readonly location: string;
  readonly market: string;
  readonly participants: number;
  readonly hours: string;
  readonly expected: string;
  readonly methods: readonly string[];
  /** Lists of ids, apart by spaces: those of one day in one. */
  readonly factors: readonly string[];
}

/** Sums of what members have published. */
@Injectable()
export class EmissionsService {
  constructor(private readonly database: Database) {}

  /** @throws as of */
  async table(principal: Principal, args: EmissionsArgs): Promise<Emissions> {
    const sums = await this.of(principal, args);
    // What nobody publishes has no sums, not sums of zero.
    const published = (args.scope ?? 2) === 2 && (args.carrier ?? 'electricity') === 'electricity';
    return tableOf(published ? sums : []);
  }

  /**
   * Sums of the newest versions of days by part of the calendar, basis, publisher where it is asked for, and account; in that order.
   * @throws ZONE_UNKNOWN, INTERVAL_EMPTY, ORGANISATION_IDS, PARTICIPANT_IDS, EMISSIONS_TOO_MANY beyond 10 000 sums, EMISSIONS_TOO_LARGE
   */
  async of(principal: Principal, terms: EmissionsTerms): Promise<EmissionsSum[]> {
    interval(terms.from, terms.to);
    const rows = await this.database.asTenant(principal.organisationId, async (manager) => {
      const zone = await requireSqlZone(manager, terms.zone);
      return sumsOf(manager, terms, zone).getRawMany<SumRow>();
    });
    if (rows.length > MAX_SUMS) {
      throw new DomainError(
        'EMISSIONS_TOO_MANY',
        `expected at most ${MAX_SUMS} sums, got more: ask for a shorter time, longer parts of it or fewer members`,
        'limit',
      );
    }
    const accounts: readonly EmissionsAccount[] = terms.account ? [terms.account] : ['location', 'market'];
    return rows.flatMap((row) => accounts.map((account) => toSum(row, account)));
  }
}

/** @throws ORGANISATION_IDS, PARTICIPANT_IDS */
function sumsOf(
  manager: EntityManager,
  { from, to, by, resolution, ...publishers }: EmissionsTerms,
  { zone, local }: SqlZone,
): SelectQueryBuilder<PublishedEmissionsRow> {
  const query = manager
    .createQueryBuilder(PublishedEmissionsRow, 'published')
    .select(PART_OF[resolution](`(${local(MIDDLE)})::date`), 'part')
    .addSelect('published.basis', 'basis')
    .addSelect('min(published.starts_at)', 'start')
    .addSelect('max(published.ends_at)', 'end')
    .addSelect('sum(published.location_grams)', 'location')
    .addSelect('sum(published.market_grams)', 'market')
    .addSelect('count(DISTINCT published.participant_id)::integer', 'participants')
    .addSelect('sum(published.hours)', 'hours')
    .addSelect('sum(extract(epoch FROM published.ends_at - published.starts_at))', 'expected')
    .addSelect('array_agg(DISTINCT published.method_version)', 'methods')
    .addSelect("array_agg(DISTINCT array_to_string(published.factor_ids, ' '))", 'factors')
    .setParameters({ zone })
    .where(`NOT EXISTS (${NEWER_VERSION})`)
    .groupBy('1')
    .addGroupBy('2')
    .orderBy('1')
    .addOrderBy('2')
    .limit(MAX_SUMS + 1);
  for (const [i, column] of PUBLISHER_OF[by].entries()) {
    query
      .addSelect(column, i === 0 ? 'organisation' : 'participant')
      .addGroupBy(column)
      .addOrderBy(column);
  }
  addConditions(query, {
    tenants: ['published.tenantId = ANY(:tenants)', requireOrganisationIds(publishers.organisationIds)],
    participants: [
      'published.participantId = ANY(:participants)',
      requireParticipantIds(publishers.participantIds),
    ],
    from: ['published.startsAt >= :from', toDate(from)],
    to: ['published.startsAt < :to', toDate(to)],
  });
  return query;
}

const toSum = (row: SumRow, account: EmissionsAccount): EmissionsSum => ({
  part: row.part,
  startMs: row.start.getTime(),
  endMs: row.end.getTime(),
  organisationId: row.organisation ?? null,
  participantId: row.participant ?? null,
  scope: 2,
  carrier: 'electricity',
  account,
  basis: row.basis,
  grams: safeGrams(row[account]),
  participants: row.participants,
  hours: Number(row.hours),
  expectedHours: (Number(row.expected) * 1_000) / HOUR_MS,
  methodVersions: row.methods.toSorted(),
  factorIds: [...new Set(row.factors.flatMap((ids) => ids.split(' ')))].toSorted(),
});

/** @throws EMISSIONS_TOO_LARGE above 2^53 − 1, which JSON numbers and those of this API end at */
function safeGrams(text: string): number {
  const grams = Number(text);
  if (Number.isSafeInteger(grams)) return grams;
  throw new DomainError(
    'EMISSIONS_TOO_LARGE',
    'expected a sum below 2^53 g, got more: ask for shorter parts of the time or fewer members',
    'limit',
  );
}

function requireParticipantIds(ids: readonly string[] | null | undefined): readonly string[] | undefined {
  if (ids === null || ids === undefined) return undefined;
  if (ids.length <= MAX_PARTICIPANTS && ids.every((id) => isUuid(id))) return ids;
  throw new DomainError(
    'PARTICIPANT_IDS',
    `expected at most ${MAX_PARTICIPANTS} participant ids, got others`,
  );
}

const tableOf = (sums: readonly EmissionsSum[]): Emissions => ({
  sums: sums.map(({ startMs, endMs, ...sum }) => ({ ...sum, start: startMs, end: endMs })),
  csv: emissionsCsv(sums),
});
