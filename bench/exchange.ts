/*
 * What data exchange costs. `npm run bench:exchange -- --json`; `--mib 256`, or `--gib` for one GiB. The last line is JSON:
 *
 *   policy.perSecond   decisions a second of one core on a compiled agreement of the usual size, half of them refusals
 *   copy, csv, mutation  rows a second into hosted series: COPY by the tables' owner straight into the table of readings, a CSV file
 *                      through the API, batches of 10 000 through the API; ratioToCopy of the latter two
 *   query              a day of quarter-hours out of `readings` generated ones, over HTTP, beside the bare statement in a
 *                      transaction of its own: p50 and p99, and ratioToSql, p99 by p99
 *   download.ratioToPlain   a data set downloaded encrypted, checked and decrypted, beside the same bytes as one plain file from
 *                      the same platform; with the rates, and the peak memory of sites and platform in MiB
 *
 * `--rows 200000` of each ingestion, `--readings 1000000` to query (100 million as `--readings 100000000`). On the embedded
 * database, or where DATABASE_URL names one on an empty server database of this machine, as a superuser: COPY reads a file.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config';
import { inWorkspace } from '../apps/cli/demo/workspace.ts';
import { measureDelivery } from './exchange/delivery.ts';
import { measurePolicy } from './exchange/policy.ts';
import { measureSeries } from './exchange/series.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '200000' },
    readings: { type: 'string', default: '1000000' },
    mib: { type: 'string', default: '256' },
    gib: { type: 'boolean', default: false },
  },
});
const progress = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);
const show = options.json ? progress : print;
const mebibytes = options.gib ? 1_024 : Number(options.mib);
if (!Number.isInteger(mebibytes) || mebibytes < 1 || mebibytes > 4_096)
  throw new Error(`expected --mib as a whole number from 1 to 4096, got ${options.mib}`);

function whole(name: 'rows' | 'readings', least: number, most: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`expected --${name} as a whole number from ${least} to ${most}, got ${options[name]}`);
}

const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
show(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
const policy = measurePolicy(show);
const sizes = {
  rows: whole('rows', 10_000, 1_000_000),
  readings: whole('readings', 10_000, 1_000_000_000),
  databaseUrl: loadConfig().databaseUrl,
};
// First, so that the peak of this process is that of its sites.
const download = await inWorkspace(undefined, (workspace) => measureDelivery(workspace, mebibytes, show));
const series = await measureSeries(sizes, show);
print(JSON.stringify({ policy, ...series, download, machine }));
