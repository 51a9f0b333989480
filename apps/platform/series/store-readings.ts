import type { EntityManager } from 'typeorm';
import type { CheckedReadings, Conversion } from '#metering';

export interface StoredCounts {
  readonly accepted: number;
  readonly corrected: number;
  readonly unchanged: number;
}

export interface StoreTarget {
  readonly tenantId: string;
  readonly seriesId: string;
  readonly conversion: Conversion;
  readonly recordedAt: Date;
}

/**
 * One statement for any number of readings. What stands is looked for within the bounds of the batch, so that only its years are
 * opened; a reading that says what stands is not written again.
 */
const STORE = `
WITH given AS (
  SELECT to_timestamp(g.seconds) AS start, round(g.value * $6::numeric * $7::numeric / ($8::numeric * $9::numeric), 9) AS value, g.quality
  FROM unnest($3::bigint[], $4::numeric[], $5::smallint[]) AS g (seconds, value, quality)
), standing AS (
  SELECT DISTINCT ON (r.start) r.start, r.revision, r.value, r.quality FROM series_readings r
  WHERE r.tenant_id = $1 AND r.series_id = $2 AND r.start >= $10 AND r.start <= $11
  ORDER BY r.start, r.revision DESC
), written AS (
  INSERT INTO series_readings (tenant_id, series_id, start, revision, quality, recorded_at, value)
  SELECT $1, $2, g.start, coalesce(s.revision, 0) + 1, g.quality, $12, g.value
  FROM given g LEFT JOIN standing s ON s.start = g.start
  WHERE s.start IS NULL OR s.value <> g.value OR s.quality IS DISTINCT FROM g.quality
  RETURNING revision
)
SELECT count(*) FILTER (WHERE revision = 1)::integer AS accepted, count(*) FILTER (WHERE revision > 1)::integer AS corrected
FROM written`;

/** Writes readings of different starts; what differs from what stands becomes the next revision. */
export async function storeReadings(
  manager: EntityManager,
  { tenantId, seriesId, conversion, recordedAt }: StoreTarget,
  { starts, values, qualities }: CheckedReadings,
): Promise<StoredCounts> {
  if (starts.length === 0) return { accepted: 0, corrected: 0, unchanged: 0 };
  let [first, last] = [starts[0]!, starts[0]!];
  for (const start of starts) {
    if (start < first) first = start;
    else if (start > last) last = start;
  }
  const [counts] = await manager.query<[Pick<StoredCounts, 'accepted' | 'corrected'>]>(STORE, [
    tenantId,
    seriesId,
    arrayText(starts.map((start) => start / 1000)),
    arrayText(values),
    arrayText(qualities.map((quality) => quality ?? 'NULL')),
    ...conversion.multiply.concat('1').slice(0, 2),
    ...conversion.divide.concat('1').slice(0, 2),
    new Date(first),
    new Date(last),
    recordedAt,
  ]);
  const { accepted, corrected } = counts;
  return { accepted, corrected, unchanged: starts.length - accepted - corrected };
}

/** Numbers need no escaping, which costs the driver more than the rest of the statement. */
const arrayText = (items: readonly (number | string)[]): string => `{${items.join(',')}}`;
