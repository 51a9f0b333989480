import {
  DAY_MS,
  DomainError,
  type Interval,
  interval,
  isoInstant,
  localDate,
  parseInstant,
  startOfLocalDay,
} from '#core';
import { Decimal } from 'decimal.js';
import type { ReportBasis, ReportLine, ReportResolution, ReportTotal } from './report.ts';
import { totalGrams } from './scope2.ts';

// Exact for every sum of products of integer quantities and factors of thirty digits.
const Exact = Decimal.clone({ precision: 120 });

/** Two leap years. */
const MAX_PERIOD_DAYS = 2 * 366;

/** @throws REPORT_PERIOD unless it is at most two years, written as this program writes instants */
export function reportPeriod({ period }: Pick<ReportBasis, 'period'>): Interval {
  const whole = interval(parseInstant(period.start), parseInstant(period.end));
  const days = (whole.endMs - whole.startMs) / DAY_MS;
  const isWritten = isoInstant(whole.startMs) === period.start && isoInstant(whole.endMs) === period.end;
  if (days <= MAX_PERIOD_DAYS && isWritten) return whole;
  throw new DomainError(
    'REPORT_PERIOD',
    `expected at most ${MAX_PERIOD_DAYS} days between UTC instants, got ${period.start} to ${period.end}`,
    'limit',
  );
}

/** The parts of a period that totals are of, in order: local days, weeks, months, years, or all of it. */
export function reportBuckets(period: Interval, zone: string, resolution: ReportResolution): Interval[] {
  if (resolution === 'total') return [period];
  const starts: number[] = [];
  let key: string | null = null;
  for (let atMs = period.startMs; atMs < period.endMs; atMs = nextLocalDay(zone, atMs)) {
    const next = calendarPart(localDate(zone, atMs), resolution);
    if (next !== key) starts.push(atMs);
    key = next;
  }
  return starts.map((startMs, i) => interval(startMs, starts[i + 1] ?? period.endMs));
}

/** A local day has 23 to 25 hours. */
const nextLocalDay = (zone: string, atMs: number): number =>
  startOfLocalDay(zone, startOfLocalDay(zone, atMs) + 1.25 * DAY_MS);

/** The part of the calendar that a date `YYYY-MM-DD` lies in: itself, its Monday, `YYYY-MM`, `YYYY`, or `total`. */
export function calendarPart(date: string, resolution: ReportResolution): string {
  if (resolution === 'day') return date;
  if (resolution === 'total') return resolution;
  if (resolution === 'week') return mondayOf(date);
  return date.slice(0, resolution === 'month' ? 'YYYY-MM'.length : 'YYYY'.length);
}

function mondayOf(date: string): string {
  const atMs = Date.parse(date);
  const sinceMonday = (new Date(atMs).getUTCDay() + 6) % 7;
  return new Date(atMs - sinceMonday * DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** Sums of lines by part of the period, scope, carrier and account, of an inventory also by category and part; a line without an hour belongs to the part that holds all. */
export function reportTotals(lines: readonly ReportLine[], buckets: readonly Interval[]): ReportTotal[] {
  const groups = new Map<string, { readonly bucket: number; readonly lines: ReportLine[] }>();
  for (const line of lines) {
    const bucket = bucketOf(line, buckets);
    const { scope, carrier, account, unit, scope3Category = '', part = '' } = line;
    const key = [String(bucket).padStart(6, '0'), scope, carrier, account, unit, scope3Category, part].join(
      '\n',
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { bucket, lines: [line] });
    else group.lines.push(line);
  }
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => totalOf(group.lines, buckets[group.bucket]!));
}

function bucketOf({ start }: ReportLine, buckets: readonly Interval[]): number {
  if (start === null && buckets.length === 1) return 0;
  const atMs = start === null ? Number.NaN : parseInstant(start);
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (buckets[middle]!.startMs <= atMs) low = middle;
    else high = middle - 1;
  }
  const { startMs, endMs } = buckets[low]!;
  if (startMs <= atMs && atMs < endMs) return low;
  throw new DomainError(
    'REPORT_INPUT',
    `expected activities within the period, by its resolution, got one at ${start ?? 'no hour'}`,
  );
}

const exactSum = (values: readonly string[]): string =>
  values.reduce((sum, value) => sum.add(value), new Exact(0)).toFixed();

function totalOf(lines: readonly ReportLine[], { startMs, endMs }: Interval): ReportTotal {
  const { scope, carrier, account, unit, part, scope3Category = null } = lines[0]!;
  const grams = lines.map(({ gramsCo2e }) => gramsCo2e);
  return {
    start: isoInstant(startMs),
    end: isoInstant(endMs),
    scope,
    carrier,
    account,
    quantity: exactSum(lines.map(({ quantity }) => quantity)),
    unit,
    gramsCo2e: exactSum(grams),
    grams: totalGrams(grams),
    ...(part === undefined ? {} : { part, scope3Category }),
  };
}
