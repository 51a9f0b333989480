/*
 * What one more site costs the platform: whole tasks of few and of many sites, from card to release, over the platform's
 * real services, embedded database, queue and threads; sites are simulated in the same process, with real signatures,
 * and their own work is left out of the time. HTTP is not part of it: a request costs what it costs at any size.
 * All tasks have a committee of the same size, or the smallest would be cheaper for that alone (`--decryptors`, default 4).
 * `npm run bench:federation -- --sites 10,100,1000,10000`; the last line is JSON:
 *
 *   serverMsPerSite      processor time for a site's dealing and upload and its share of closing, and whatever the rest of
 *                        the task (taskMs: card, share test, READY, answers, release) takes more than with the fewest sites
 *   uploaderBytesPerSite what a site sends: a sealed share for each decryptor, and an upload
 *   decryptorBytes       what one decryptor receives and sends: a share of every site, by the design
 *   transcriptBytes      what a node reads that verifies the task
 *   rssMb                peak of the process, the simulation included; every task runs in a process of its own
 *   flat                 from 100 sites to the most the first two differ at most by 1.3×, the peak at most by 1.5×
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { gather } from './federation/crowd.ts';
import { Round, type RoundBytes } from './federation/round.ts';
import { enrolCrowd, openStand } from './federation/stand.ts';

const WARM_UP_SITES = 200;
const MANY_FROM = 100;
const SMALL_TASKS = 5;

interface Measured extends RoundBytes {
  readonly n: number;
  readonly sitesMs: number;
  readonly taskMs: number;
  readonly rssMb: number;
  readonly wallS: number;
}

const progress = (text: string) => process.stderr.write(`${text}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

/** One task in this process, after a small one that warms it up. */
async function measure(n: number, decryptors: number): Promise<Measured> {
  const started = performance.now();
  const stand = await openStand();
  try {
    const warmUp = await gather(Math.max(WARM_UP_SITES, decryptors), 'warm-up');
    await enrolCrowd(stand, warmUp);
    await (await Round.open(stand, warmUp, decryptors, () => undefined)).run();
    stand.take();
    const runs: { readonly sites: number; readonly task: number; readonly bytes: RoundBytes }[] = [];
    // A small task lasts half a second: its median of several, else one collection of garbage decides.
    while (runs.length < (n < MANY_FROM ? SMALL_TASKS : 1)) {
      const crowd = await gather(n, `site of task ${runs.length}`);
      await enrolCrowd(stand, crowd);
      const round = await Round.open(stand, crowd, decryptors, (text) => progress(`${n} sites: ${text}`));
      const bytes = await round.run();
      runs.push({ ...stand.take(), bytes });
    }
    const { sites, task, bytes } = runs.toSorted((a, b) => a.sites - b.sites)[Math.floor(runs.length / 2)]!;
    return {
      n,
      sitesMs: sites,
      taskMs: task,
      ...bytes,
      rssMb: process.resourceUsage().maxRSS / 1024,
      wallS: (performance.now() - started) / 1000,
    };
  } finally {
    await stand.stop();
  }
}

async function inOwnProcess(n: number, decryptors: number): Promise<Measured> {
  const child = fork(process.argv[1]!, ['--one', String(n), '--decryptors', String(decryptors)]);
  const told: Measured[] = [];
  child.on('message', (message) => told.push(message as Measured));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || !told[0]) throw new Error(`expected figures for ${n} sites, got exit code ${code}`);
  return told[0];
}

const rounded = (value: number): number => Number(value.toPrecision(4));
const spread = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);

function summary(results: readonly Measured[]) {
  const [fewest] = results;
  const sites = results.map(
    ({ n, sitesMs, taskMs, uploaderBytes, decryptorBytes, transcriptBytes, rssMb }) => ({
      n,
      serverMsPerSite: rounded((sitesMs + Math.max(0, taskMs - fewest!.taskMs)) / n),
      uploaderBytesPerSite: Math.round(uploaderBytes),
      decryptorBytes,
      transcriptBytes,
      taskMs: rounded(taskMs),
      rssMb: Math.round(rssMb),
    }),
  );
  const many = sites.filter(({ n }) => n >= MANY_FROM);
  // Below, what a task costs whatever its size is much of what a site costs.
  const compared = many.length > 1 ? many : sites;
  const flat =
    spread(compared.map(({ serverMsPerSite }) => serverMsPerSite)) <= 1.3 &&
    spread(compared.map(({ uploaderBytesPerSite }) => uploaderBytesPerSite)) <= 1.3 &&
    compared.at(-1)!.rssMb <= 1.5 * compared[0]!.rssMb;
  return { sites, flat };
}

const { values: options } = parseArgs({
  options: {
    sites: { type: 'string', default: '10,100,1000' },
    one: { type: 'string' },
    decryptors: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});

/** With --json the object alone. */
const say = (text: string) => {
  if (!options.json) print(text);
};

if (options.one === undefined) {
  const counts = options.sites.split(',').map(Number);
  if (!counts.every((n) => Number.isInteger(n) && n >= 4 && n <= 10_000))
    throw new Error(`expected --sites as whole numbers from 4 to 10000, got ${options.sites}`);
  counts.sort((a, b) => a - b);
  const decryptors = Number(options.decryptors);
  say(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores; Node ${process.version}`);
  say(`a committee of ${decryptors} decryptors; one-shot ridge, full moments`);
  const results: Measured[] = [];
  for (const n of counts) {
    const result = await inOwnProcess(n, decryptors);
    progress(`${n} sites: ${Math.round(result.wallS)} s in all`);
    results.push(result);
  }
  print(JSON.stringify(summary(results)));
} else {
  const figures = await measure(Number(options.one), Number(options.decryptors));
  process.send!(figures);
  process.disconnect();
}
