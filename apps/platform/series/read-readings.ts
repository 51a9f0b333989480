import type { EntityManager } from 'typeorm';
import { intervalsWithin, requireUnit, stepEndMs } from '#metering';
import type { HostedSeries } from './series.entities.ts';

export interface ReadingsAsked {
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
  /** The series' own or one that it fills. */
  readonly resolution: string;
  /** What was recorded later is left out; null: nothing is. */
  readonly asOfMs: number | null;
  readonly limit: number;
}

/** A value of an interval; of a coarser step, the sum of amounts or the mean of rates of the intervals known in it. */
export interface ReadingRow {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly value: string;
  /** Intervals of the series that the value is of, and that the step has. */
  readonly known: number;
  readonly expected: number;
  /** From 1 on; null of a coarser step. */
  readonly revision: number | null;
  /** Index into READING_QUALITIES; null of a coarser step and where none was told. */
  readonly quality: number | null;
  /** The latest of those it is of. */
  readonly recordedAt: Date;
}

/** The newest revision of each interval. $1 owner, $2 series, $3 from, $4 until, $5 as of, $6 at most. */
const STANDING = `SELECT DISTINCT ON (r.start) r.start, r.revision, r.quality, r.recorded_at, r.value FROM series_readings r
  WHERE r.tenant_id = $1 AND r.series_id = $2 AND r.start >= $3 AND r.start < $4 AND r.recorded_at <= $5
  ORDER BY r.start, r.revision DESC`;

const columns = (start: string, value: string): string =>
  `extract(epoch FROM ${start})::double precision * 1000 AS "startMs", trim_scale(${value})::text AS value`;

const OWN = `SELECT ${columns('r.start', 'r.value')}, 1 AS known, r.revision, r.quality, r.recorded_at AS "recordedAt"
  FROM (${STANDING} LIMIT $6) r`;

/** $7 zone, $8 step. */
const coarser = (bucket: string, value: string): string => `SELECT ${columns('b.start', 'b.value')}, b.known,
    NULL::integer AS revision, NULL::smallint AS quality, b.recorded_at AS "recordedAt"
  FROM (SELECT ${bucket} AS start, ${value} AS value, count(*)::integer AS known, max(s.recorded_at) AS recorded_at
    FROM (${STANDING}) s GROUP BY 1 ORDER BY 1 LIMIT $6) b`;
/** Counted from a local midnight: a zone may be half an hour off UTC. */
const FIXED = "date_bin($8::text::interval, s.start, timestamp '2000-01-01' AT TIME ZONE $7::text)";
const OF_CALENDAR = 'date_trunc($8::text, s.start, $7::text)';
const CALENDAR: Readonly<Record<string, string>> = { P1D: 'day', P1M: 'month', P1Y: 'year' };

/** In order of time, in the caller's transaction, under the row-level security of its organisation. */
export async function readReadings(
  manager: EntityManager,
  series: HostedSeries,
  { fromMs, untilMs, resolution, asOfMs, limit }: ReadingsAsked,
): Promise<ReadingRow[]> {
  const bounds = [series.tenantId, series.id, new Date(fromMs), new Date(untilMs), asOfMs === null ? 'infinity' : new Date(asOfMs), limit]; // prettier-ignore
  const rows = await (resolution === series.resolution
    ? manager.query<ReadingRow[]>(OWN, bounds)
    : manager.query<ReadingRow[]>(coarserOf(series.unit, resolution), [
        ...bounds,
        series.zone,
        CALENDAR[resolution] ?? resolution,
      ]));
  return rows.map((row) => {
    const endMs = stepEndMs(series.zone, resolution, row.startMs);
    return { ...row, endMs, expected: intervalsWithin(series.resolution, row.startMs, endMs) };
  });
}

function coarserOf(unit: string, resolution: string): string {
  const value = requireUnit(unit).adds ? 'sum(s.value)' : 'round(avg(s.value), 9)';
  return coarser(Object.hasOwn(CALENDAR, resolution) ? OF_CALENDAR : FIXED, value);
}
