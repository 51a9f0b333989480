/*
 * Queries for forecasts under load: a platform as `npm start` runs it, in a process of its own, with the embedded database
 * or, where DATABASE_URL (an empty database) and REDIS_URL say so, on PostgreSQL and Redis. Firms enrol and publish through
 * the public API, every day the next four days of three series, hour by hour: generated, from numbers alone. Then clients
 * send signed GraphQL queries of every kind (load/queries.ts) in turn, each its next one as soon as it has its answer.
 * `npm run bench:load`, `-- --json` for the last line alone; `--firms 24 --days 30 --clients 4 --requests 1200`. It is JSON:
 *
 *   publish        rows; seconds; rowsPerSecond; p50Ms, p95Ms, p99Ms of a request of 288 rows while all firms send theirs
 *   forecastQuery  requests, requestsPerSecond, errors (0, or the exit code is 1), p50Ms, p95Ms, p99Ms as the client sees
 *                  them, of all and in `kinds` of each kind of query; processorMs of the platform a query, where told
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config';
import { sampleQuantile } from '#forecasting';
import { randomSource } from '#learning';
import { inWorkspace } from '../apps/cli/demo/workspace.ts';
import { packageVersion } from '../apps/cli/version.ts';
import { LoadedPlatform, type Firm } from './load/community.ts';
import { ask, type Consumer, QUERY_KINDS, type QueryKind } from './load/queries.ts';

/** Of each kind and client, unmeasured: code is compiled, connections are made. */
const WARM_UP = 2;

const { values: options } = parseArgs({
  options: {
    firms: { type: 'string', default: '24' },
    days: { type: 'string', default: '30' },
    clients: { type: 'string', default: '4' },
    requests: { type: 'string', default: '1200' },
    json: { type: 'boolean', default: false },
  },
});

const print = (text: string): void =>
  void (options.json ? process.stderr : process.stdout).write(`${text}\n`);

function whole(name: 'firms' | 'days' | 'clients' | 'requests', least: number, most: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`expected --${name} as a whole number from ${least} to ${most}, got ${options[name]}`);
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function percentiles(ms: readonly number[]) {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (level: number) => rounded(sampleQuantile(sorted, level));
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

type Samples = Map<QueryKind, number[]>;

/** One client: a query of each kind in turn, until `left` gives no more. */
async function consume(
  client: Firm['client'],
  consumer: Consumer,
  samples: Samples,
  left: () => boolean,
): Promise<string[]> {
  const errors: string[] = [];
  for (let i = 0; left(); i += 1) {
    const kind = QUERY_KINDS[i % QUERY_KINDS.length]!;
    try {
      samples.get(kind)!.push(await ask(kind, consumer, client));
    } catch (error) {
      errors.push(`${kind}: ${(error as Error).message}`);
    }
  }
  return errors;
}

async function measured(platform: LoadedPlatform, days: number, clients: number, requests: number) {
  const { firms } = platform;
  const consumers = firms.slice(0, clients).map(({ client, number }) => ({
    client,
    consumer: { firms, days, next: randomSource(number), cursor: null } as Consumer,
  }));
  const run = async (count: number) => {
    const samples: Samples = new Map(QUERY_KINDS.map((kind) => [kind, []]));
    let sent = 0;
    const left = () => sent++ < count;
    const started = performance.now();
    const errors = await Promise.all(
      consumers.map(({ client, consumer }) => consume(client, consumer, samples, left)),
    );
    return { samples, errors: errors.flat(), seconds: (performance.now() - started) / 1_000 };
  };
  const warm = await run(WARM_UP * clients * QUERY_KINDS.length);
  const before = platform.processorMs();
  const { samples, errors, seconds } = await run(requests);
  const after = platform.processorMs();
  errors.push(...warm.errors);
  for (const error of errors.slice(0, 5)) print(`  ${error}`);
  const kinds = QUERY_KINDS.map((kind) => [kind, percentiles(samples.get(kind)!)] as const);
  return {
    clients,
    requests,
    requestsPerSecond: rounded(requests / seconds),
    errors: errors.length,
    processorMs: before === null || after === null ? null : rounded((after - before) / requests),
    ...percentiles([...samples.values()].flat()),
    kinds: Object.fromEntries(kinds),
  };
}

const firms = whole('firms', 4, 500);
const days = whole('days', 5, 400);
const clients = whole('clients', 1, Math.min(firms, 100));
const requests = whole('requests', 100, 1_000_000);
const { databaseUrl, redisUrl } = loadConfig();
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  gridcommons: packageVersion(),
  database: databaseUrl === undefined ? 'embedded' : 'server',
  queue: redisUrl === undefined ? 'in process' : 'Redis',
};
print(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}; database ${machine.database}`);
const result = await inWorkspace(undefined, async (workspace) => {
  const platform = await LoadedPlatform.open(workspace, firms);
  try {
    const { rows, seconds, ms } = await platform.publish(days);
    const publish = {
      rows,
      seconds: rounded(seconds),
      rowsPerSecond: Math.round(rows / seconds),
      ...percentiles(ms),
    };
    print(`${firms} firms published ${rows} rows, ${publish.rowsPerSecond} a second`);
    const forecastQuery = await measured(platform, days, clients, requests);
    for (const [kind, { p50Ms, p95Ms, p99Ms }] of Object.entries(forecastQuery.kinds))
      print(`  ${kind.padEnd(8)} p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms`);
    return { firms, days, publish, forecastQuery };
  } finally {
    await platform.close();
  }
});
if (result.forecastQuery.errors > 0) process.exitCode = 1;
process.stdout.write(`${JSON.stringify({ ...result, machine })}\n`);
