import { calendarPart, type FactorBasis, type ReportResolution } from '#carbon';
import { HOUR_MS, isoInstant, localDate } from '#core';

/** One day's totals as a member published them. */
export interface PublishedDay {
  readonly tenantId: string;
  readonly participantId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly hours: number;
  readonly locationGrams: number;
  readonly marketGrams: number;
  readonly methodVersion: string;
  readonly basis: FactorBasis;
  readonly factorIds: readonly string[];
}

export type EmissionsGrouping = 'all' | 'organisation' | 'participant';
export type EmissionsAccount = 'location' | 'market';

/** How published days are added up. */
export interface EmissionsTerms {
  readonly resolution: ReportResolution;
  /** Whose dates days, weeks, months and years are of. */
  readonly zone: string;
  readonly by: EmissionsGrouping;
  /** Absent: both, in rows of their own. */
  readonly account?: EmissionsAccount | null;
}

/** A sum of published days: one account and one basis, as neither may be added to the other. */
export interface EmissionsSum {
  readonly part: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly organisationId: string | null;
  readonly participantId: string | null;
  readonly scope: 2;
  readonly carrier: 'electricity';
  readonly account: EmissionsAccount;
  readonly basis: FactorBasis;
  readonly grams: number;
  readonly participants: number;
  readonly hours: number;
  /** Of the days that are in it. */
  readonly expectedHours: number;
  readonly methodVersions: readonly string[];
  readonly factorIds: readonly string[];
}

/** Sums of days by part of the calendar, account, basis and, where it is asked for, publisher; in that order. */
export function sumEmissions(days: readonly PublishedDay[], terms: EmissionsTerms): EmissionsSum[] {
  const groups = new Map<string, PublishedDay[]>();
  for (const day of days) {
    const key = [partOf(day, terms), day.basis, ...publisherOf(day, terms.by)].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [day]);
    else group.push(day);
  }
  const accounts: readonly EmissionsAccount[] = terms.account ? [terms.account] : ['location', 'market'];
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => accounts.map((account) => sumOf(group, account, terms)));
}

/** A local day is of the date of its middle, in every zone within half a day of the one it was cut in. */
const partOf = ({ startsAt, endsAt }: PublishedDay, { zone, resolution }: EmissionsTerms): string =>
  calendarPart(localDate(zone, (startsAt.getTime() + endsAt.getTime()) / 2), resolution);

function publisherOf({ tenantId, participantId }: PublishedDay, by: EmissionsGrouping): string[] {
  if (by === 'all') return [];
  return by === 'organisation' ? [tenantId] : [tenantId, participantId];
}

function sumOf(
  group: readonly PublishedDay[],
  account: EmissionsAccount,
  terms: EmissionsTerms,
): EmissionsSum {
  const [first] = group;
  const sum = (value: (day: PublishedDay) => number): number =>
    group.reduce((total, day) => total + value(day), 0);
  const [organisationId = null, participantId = null] = publisherOf(first!, terms.by);
  return {
    part: partOf(first!, terms),
    startMs: Math.min(...group.map(({ startsAt }) => startsAt.getTime())),
    endMs: Math.max(...group.map(({ endsAt }) => endsAt.getTime())),
    organisationId,
    participantId,
    scope: 2,
    carrier: 'electricity',
    account,
    basis: first!.basis,
    grams: sum((day) => (account === 'location' ? day.locationGrams : day.marketGrams)),
    participants: new Set(group.map((day) => day.participantId)).size,
    hours: sum((day) => day.hours),
    expectedHours: sum(({ startsAt, endsAt }) => (endsAt.getTime() - startsAt.getTime()) / HOUR_MS),
    methodVersions: distinct(group.map(({ methodVersion }) => methodVersion)),
    factorIds: distinct(group.flatMap(({ factorIds }) => factorIds)),
  };
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].toSorted();

const COLUMNS = [
  'part',
  'start',
  'end',
  'organisationId',
  'participantId',
  'scope',
  'carrier',
  'account',
  'basis',
  'grams',
  'participants',
  'hours',
  'expectedHours',
  'methodVersions',
  'factorIds',
] as const;

/** The sums as CSV (RFC 4180); lists are apart by spaces. No cell has a comma or a quotation mark in it. */
export function emissionsCsv(sums: readonly EmissionsSum[]): string {
  const rows = sums.map(({ startMs, endMs, methodVersions, factorIds, ...rest }) => {
    const cells: Record<string, string | number | null> = {
      ...rest,
      start: isoInstant(startMs),
      end: isoInstant(endMs),
      methodVersions: methodVersions.join(' '),
      factorIds: factorIds.join(' '),
    };
    return COLUMNS.map((column) => cells[column] ?? '');
  });
  return [COLUMNS, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
