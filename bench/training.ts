/*
 * Seconds of one training step of each architecture, day-ahead from a week, sixteen windows: ours on the backend this machine
 * has, ours in plain JavaScript, and the same network written in plain tensorflow.js (layers, automatic derivatives, its own
 * gradient descent) in plain JavaScript and, where it trains there, on our backend. All take turns on the same windows; medians.
 * `npm run bench:training`; the last line is JSON; `-- --json` prints it alone; `-- --peers` adds the seconds that DLinear
 * takes in TensorFlow on ETTh1, 336 to 96, to the validation error of the one-shot ridge, which needs DATA_DIR and Python.
 */
import { cpus } from 'node:os';
import { testEnvironment } from '#config';
import {
  ARCHITECTURES,
  DAY_AHEAD_LEARNING,
  DAY_AHEAD_NETWORKS,
  initialWeights,
  type NetworkTerms,
  normal,
  randomSource,
  sliceRows,
  type Windows,
} from '#learning';
import { type BackendName, backendOfThread, backendText, trainLocally, useBackend } from '#training';
import { hasData } from './forecast/data-sets.ts';
import { layersStep } from './training/layers-model.ts';
import { compareWithTensorFlow } from './training/tensorflow.ts';

const BATCH = 16;
const STEPS = 60;
const ROUNDS = 3;
const LEARNING_RATE = 0.01;

const onlyJson = process.argv.includes('--json');
const print = (text: string): void => void (onlyJson ? process.stderr : process.stdout).write(`${text}\n`);

/** Rhythm and noise, as deviations less the last value are. */
function windowsOf({ lookback, horizon }: NetworkTerms): Windows {
  const rows = BATCH * STEPS;
  const next = randomSource(1);
  const series = Float64Array.from({ length: rows + lookback + horizon }, (_, t) => {
    return Math.sin((2 * Math.PI * t) / 24) + normal(next) / 3;
  });
  const cut = (offset: number, length: number) =>
    Float32Array.from({ length: rows * length }, (_, i) => {
      const row = Math.floor(i / length);
      return series[row + offset + (i % length)]! - series[row + lookback - 1]!;
    });
  return { x: cut(0, lookback), y: cut(lookback, horizon), rows };
}

const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1_000;

type Timed = (windows: Windows) => Promise<number>;

/** Seconds a step. */
const ours =
  (network: NetworkTerms): Timed =>
  async (windows) => {
    const terms = { ...DAY_AHEAD_LEARNING, localEpochs: 1, batchSize: BATCH, learningRate: LEARNING_RATE };
    const startMs = performance.now();
    const { steps } = await trainLocally({
      network,
      terms,
      start: initialWeights(network),
      windows,
      seed: 1,
    });
    return secondsSince(startMs) / steps;
  };

const plain =
  (network: NetworkTerms): Timed =>
  async (windows) => {
    const step = layersStep(network, LEARNING_RATE);
    await step(sliceRows(windows, network, 0, BATCH));
    const startMs = performance.now();
    for (let row = 0; row < windows.rows; row += BATCH) await step(sliceRows(windows, network, row, BATCH));
    return secondsSince(startMs) / (windows.rows / BATCH);
  };

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

interface Contender {
  readonly backend: BackendName;
  readonly run: Timed;
}

/** Anything else is a mistake of this bench. */
function withoutDerivative(error: unknown): null {
  if (error instanceof Error && /Kernel '\w+' not registered/.test(error.message)) return null;
  throw error;
}

/** Median seconds a step of each; null where tensorflow.js lacks a derivative on that backend. */
async function race<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  windows: Windows,
): Promise<Record<Name, number | null>> {
  const names = Object.keys(contenders) as Name[];
  const seconds = new Map<Name, (number | null)[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      const { backend, run } = contenders[name];
      await useBackend(backend);
      seconds.get(name)!.push(await run(windows).catch(withoutDerivative));
    }
  }
  const medians = names.map((name) => {
    const all = seconds.get(name)!;
    return [name, all.includes(null) ? null : median(all as number[])];
  });
  return Object.fromEntries(medians) as Record<Name, number | null>;
}

const ratioOf = (seconds: number | null, peer: number | null): number | null =>
  seconds === null || peer === null ? null : seconds / peer;

const told = (value: number | null): string =>
  value === null ? 'does not train' : `${(1_000 * value).toFixed(2)} ms`;

async function measured(network: NetworkTerms, name: BackendName) {
  const seconds = await race(
    {
      own: { backend: name, run: ours(network) },
      ownCpu: { backend: 'cpu', run: ours(network) },
      layersCpu: { backend: 'cpu', run: plain(network) },
      layers: { backend: name, run: plain(network) },
    },
    windowsOf(network),
  );
  print(
    `${network.architecture.padEnd(8)} ours ${told(seconds.own)}, in plain JavaScript ${told(seconds.ownCpu)}; ` +
      `tf.layers in plain JavaScript ${told(seconds.layersCpu)}, on ${name} ${told(seconds.layers)}`,
  );
  return {
    step: {
      seconds: seconds.own,
      ratio: ratioOf(seconds.own, seconds.layersCpu),
      ratioSameBackend: ratioOf(seconds.own, seconds.layers),
      cpuSeconds: seconds.ownCpu,
      peerSeconds: seconds.layersCpu,
      peerSameBackendSeconds: seconds.layers,
    },
  };
}

const backend = await backendOfThread();
print(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]!.model}, ${backendText(backend)}, batches of ${BATCH}`,
);
const results: [string, unknown][] = [];
for (const architecture of ARCHITECTURES)
  results.push([architecture, await measured(DAY_AHEAD_NETWORKS[architecture], backend.name)]);
if (process.argv.includes('--peers')) {
  const folder = testEnvironment().dataDir;
  const tensorflow = hasData(folder)
    ? await compareWithTensorFlow(folder, print)
    : { skipped: `no data in ${folder}` };
  results.push(['tensorflow', tensorflow]);
}
const machine = { cpu: cpus()[0]!.model, cores: cpus().length, node: process.version, backend };
process.stdout.write(`${JSON.stringify({ ...Object.fromEntries(results), machine })}\n`);
