import type { FactorBasis, ReportResolution } from '#carbon';
import { isoInstant } from '#core';

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
