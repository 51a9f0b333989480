import { randomUUID } from 'node:crypto';
import { isoInstant } from '#core';
import { sampleQuantile } from '#forecasting';
import { openSeriesPlatform, type SeriesPlatform } from './series-platform.ts';

const STEP_MS = 900_000;
const BEGIN_MS = Date.UTC(2001, 0, 1);
const DAY_MS = 86_400_000;
const BATCH = 10_000;
/** Of a generated series: forty years of quarter-hours. */
const PER_SERIES = 40 * 365 * 96;
const QUERIES = 300;
const WARM_UP = 20;

const INGEST =
  'mutation ($input: IngestReadingsInput!) { done: ingestReadings(input: $input) { ingest { accepted } } }';
const UPLOAD =
  'mutation ($input: UploadReadingsInput!) { done: uploadReadings(input: $input) { ingest { accepted } } }';
const PAGE = `query ($id: ID!, $from: DateTime!, $until: DateTime!) {
  seriesReadings(seriesId: $id, from: $from, until: $until, first: 96) { edges { node { start value } } } }`;
const BARE = `SELECT start, value FROM series_readings
  WHERE tenant_id = $1 AND series_id = $2 AND start >= $3 AND start < $4 ORDER BY start LIMIT 97`;

export interface SeriesFigures {
  readonly csv: { readonly rowsPerSecond: number; readonly ratioToCopy: number };
  readonly mutation: { readonly rowsPerSecond: number; readonly ratioToCopy: number };
  readonly copy: { readonly rows: number; readonly rowsPerSecond: number };
  readonly query: {
    readonly readings: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly sqlP50Ms: number;
    readonly sqlP99Ms: number;
    /** p99 of the query over HTTP by p99 of the statement alone. */
    readonly ratioToSql: number;
  };
  readonly database: string;
}

interface Sizes {
  /** Rows of each ingestion. */
  readonly rows: number;
  /** Readings that queries go over. */
  readonly readings: number;
  readonly databaseUrl: string | undefined;
}

export async function measureSeries(
  { rows, readings, databaseUrl }: Sizes,
  show: (text: string) => void,
): Promise<SeriesFigures> {
  const platform = await openSeriesPlatform(databaseUrl);
  try {
    const rates = { copy: [] as number[], csv: [] as number[], mutation: [] as number[] };
    // In turn, so that all three meet the same machine; the first round compiles and is not counted.
    for (let round = 0; round < 4; round += 1) {
      const copy = await copied(platform, rows);
      const csv = await uploaded(platform, rows);
      const mutation = await ingested(platform, rows);
      if (round === 0) continue;
      rates.copy.push(copy);
      rates.csv.push(csv);
      rates.mutation.push(mutation);
      show(`rows/s: COPY ${whole(copy)}, CSV ${whole(csv)}, mutations ${whole(mutation)}`);
    }
    const [copy, csv, mutation] = [median(rates.copy), median(rates.csv), median(rates.mutation)];
    const query = await queried(platform, readings, show);
    return {
      csv: { rowsPerSecond: whole(csv), ratioToCopy: rounded(csv / copy) },
      mutation: { rowsPerSecond: whole(mutation), ratioToCopy: rounded(mutation / copy) },
      copy: { rows, rowsPerSecond: whole(copy) },
      query,
      database: databaseUrl === undefined ? 'embedded' : 'server',
    };
  } finally {
    await platform.stop();
  }
}

const startOf = (i: number): string => isoInstant(BEGIN_MS + i * STEP_MS);
const valueOf = (i: number): string => `${(i * 7919) % 100_000}.${i % 10}`;

/** Straight into the table of readings, its partitions and its index. */
async function copied(platform: SeriesPlatform, rows: number): Promise<number> {
  const head = `${platform.tenantId},${randomUUID()}`;
  const now = isoInstant(Date.now());
  const lines = Array.from({ length: rows }, (_, i) => `${head},${startOf(i)},1,${now},${valueOf(i)}`);
  const csv = `${lines.join('\n')}\n`;
  return rate(rows, () => platform.copy('series_readings', 'tenant_id, series_id, start, revision, recorded_at, value', csv)); // prettier-ignore
}

async function uploaded(platform: SeriesPlatform, rows: number): Promise<number> {
  const seriesId = await platform.series();
  const lines = Array.from({ length: rows }, (_, i) => `${startOf(i)},${valueOf(i)}`);
  const bytes = new TextEncoder().encode(`start,value\n${lines.join('\n')}\n`);
  return rate(rows, async () => {
    const sha256 = await platform.put(bytes);
    requireAll(await platform.api.request<Taken>(UPLOAD, { input: { seriesId, sha256 } }), rows);
  });
}

async function ingested(platform: SeriesPlatform, rows: number): Promise<number> {
  const seriesId = await platform.series();
  const sent = Array.from({ length: rows }, (_, i) => ({ start: startOf(i), value: valueOf(i) }));
  return rate(rows, async () => {
    for (let at = 0; at < rows; at += BATCH) {
      const batch = sent.slice(at, at + BATCH);
      requireAll(
        await platform.api.request<Taken>(INGEST, { input: { seriesId, readings: batch } }),
        batch.length,
      );
    }
  });
}

interface Taken {
  readonly done: { readonly ingest: { readonly accepted: number } };
}

function requireAll({ done }: Taken, rows: number): void {
  if (done.ingest.accepted !== rows)
    throw new Error(`expected ${rows} rows taken, got ${done.ingest.accepted}`);
}

async function queried(
  platform: SeriesPlatform,
  readings: number,
  show: (text: string) => void,
): Promise<SeriesFigures['query']> {
  const ids = await generated(platform, readings, show);
  const days = Math.floor(Math.min(readings, PER_SERIES) / 96);
  const samples = { query: [] as number[], sql: [] as number[] };
  let seed = 1;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let i = 0; i < WARM_UP + QUERIES; i += 1) {
    const id = ids[next(ids.length)]!;
    const fromMs = BEGIN_MS + next(days) * DAY_MS;
    const [from, until] = [isoInstant(fromMs), isoInstant(fromMs + DAY_MS)];
    const query = await timed(() => platform.api.request(PAGE, { id, from, until }));
    const sql = await timed(() => bare(platform, [platform.tenantId, id, from, until]));
    if (i < WARM_UP) continue;
    samples.query.push(query);
    samples.sql.push(sql);
  }
  const [p99, sqlP99] = [at(samples.query, 0.99), at(samples.sql, 0.99)];
  show(
    `queries of a day over ${readings} readings: p99 ${rounded(p99)} ms, the statement alone ${rounded(sqlP99)} ms`,
  );
  return {
    readings,
    p50Ms: rounded(at(samples.query, 0.5)),
    p99Ms: rounded(p99),
    sqlP50Ms: rounded(at(samples.sql, 0.5)),
    sqlP99Ms: rounded(sqlP99),
    ratioToSql: rounded(p99 / sqlP99),
  };
}

/** The statement in a transaction of the tenant, as any reader needs. */
const bare = ({ database, tenantId }: SeriesPlatform, parameters: readonly unknown[]): Promise<unknown> =>
  database.asTenant(tenantId, (manager) => manager.query(BARE, [...parameters]));

async function generated(
  platform: SeriesPlatform,
  readings: number,
  show: (text: string) => void,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let made = 0; made < readings; made += PER_SERIES) {
    const id = await platform.series();
    ids.push(id);
    await platform.asOwner(
      `INSERT INTO series_readings (tenant_id, series_id, start, revision, recorded_at, value)
       SELECT $1, $2, to_timestamp($3::bigint + i * 900), 1, now(), (i * 7919 % 100000)::numeric / 10
       FROM generate_series(0, $4::bigint - 1) i`,
      [platform.tenantId, id, BEGIN_MS / 1000, Math.min(PER_SERIES, readings - made)],
    );
    if (ids.length % 10 === 0) show(`${Math.min(readings, made + PER_SERIES)} readings generated`);
  }
  await platform.asOwner('ANALYZE series_readings');
  return ids;
}

async function rate(rows: number, work: () => Promise<unknown>): Promise<number> {
  return rows / ((await timed(work)) / 1000);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

const at = (of: readonly number[], level: number): number =>
  sampleQuantile(
    of.toSorted((a, b) => a - b),
    level,
  );
const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!;
const whole = (value: number): number => Math.round(value);
const rounded = (value: number): number => Number(value.toPrecision(3));
