import { join, resolve } from 'node:path';
import {
  type Comparison,
  DAY_AHEAD_RIDGE,
  fitRidge,
  meanScores,
  plainSum,
  type RidgeFit,
  scoreGlobal,
} from '#forecasting';
import { readEtt, ridgeOf } from '../forecast/data-sets.ts';
import { peerPython, PeersUnavailable, runScript } from '../peers/python.ts';
import type { Print } from '../peers/workload.ts';

/** The compiler writes to dist/bench/training; the script and its requirements stay where they were written. */
const here = join(resolve(import.meta.dirname, '../../..'), 'bench', 'training');

interface Epoch {
  readonly epoch: number;
  /** Of training, this epoch and those before it. */
  readonly seconds: number;
  /** Of all threads: what else the machine does is not in it. */
  readonly processorSeconds: number;
  readonly validationMse: number;
}
type JudgedEpoch = Epoch & { readonly testMse: number };

/** DLinear as its authors train it, at one learning rate. */
interface Training {
  readonly rate: number;
  readonly epochs: readonly Epoch[];
  readonly best: JudgedEpoch;
  /** The first that is as good on the validation part as was asked for, with which it ends. */
  readonly reached: JudgedEpoch | null;
}

interface TensorFlowRun {
  readonly runs: readonly Training[];
  readonly versions: Readonly<Record<string, string>>;
}

/** On the validation part, of the weights that have seen the training part alone. */
function validationMse(comparison: Comparison, fit: RidgeFit): number {
  const { train, validation } = comparison.days;
  const nothing = { startMs: train.endMs, endMs: train.endMs };
  const days = { train, validation: nothing, test: validation };
  return meanScores(scoreGlobal({ ...comparison, days }, { ...fit, weights: fit.validationWeights })).mse;
}

interface Spent {
  readonly secondsToMse: number;
  readonly processorSeconds: number;
}

function timedFit(comparison: Comparison): Spent & { readonly fit: RidgeFit } {
  const before = { ms: performance.now(), usage: process.cpuUsage() };
  const fit = fitRidge(plainSum(comparison), comparison.config);
  const { user, system } = process.cpuUsage(before.usage);
  return {
    fit,
    secondsToMse: (performance.now() - before.ms) / 1_000,
    processorSeconds: (user + system) / 1e6,
  };
}

/**
 * Seconds of the one-shot ridge from readings to weights on ETTh1, 336 to 96, the choice of λ included, and of DLinear in
 * TensorFlow until it is as good on the validation part. The test part chooses nothing and is reported of both.
 */
export async function compareWithTensorFlow(folder: string, print: Print): Promise<object> {
  const set = readEtt(folder, 'ETTh1');
  const comparison = { ...set, config: ridgeOf(set, 96, 'autocovariances', DAY_AHEAD_RIDGE.lambdas) };
  const { fit, ...spent } = timedFit(comparison);
  const ridge = {
    ...spent,
    validationMse: validationMse(comparison, fit),
    testMse: meanScores(scoreGlobal(comparison, fit)).mse,
  };
  print(`ridge on ETTh1 336 to 96: ${told(ridge)} after ${spent.secondsToMse.toFixed(2)} s`);
  try {
    const python = peerPython(print, {
      requirements: join(here, 'requirements.txt'),
      imports: 'tensorflow, numpy',
    });
    const parameters = [join(folder, 'ett', 'ETTh1.csv.gz'), String(ridge.validationMse)];
    const run = runScript(python, join(here, 'dlinear_etth1.py'), parameters) as TensorFlowRun;
    return { ridge, ...raced(run, spent, print) };
  } catch (error) {
    if (!(error instanceof PeersUnavailable)) throw error;
    print(`TensorFlow skipped: ${error.message}`);
    return { ridge, skipped: error.message };
  }
}

const told = (mse: { readonly validationMse: number; readonly testMse: number }): string =>
  `validation MSE ${mse.validationMse.toFixed(4)}, test MSE ${mse.testMse.toFixed(4)}`;

const lastOf = ({ epochs }: Training): Epoch => epochs.at(-1)!;

/** The faster learning rate counts. Where neither is ever as good, all its epochs are the least that it would take. */
function raced({ runs, versions }: TensorFlowRun, ours: Spent, print: Print) {
  const reached = runs.filter((run) => run.reached !== null);
  const candidates = reached.length > 0 ? reached : runs;
  const fastest = candidates.reduce((a, b) => (lastOf(b).seconds < lastOf(a).seconds ? b : a));
  const { seconds, processorSeconds } = lastOf(fastest);
  const speedup = seconds / ours.secondsToMse;
  const processorSpeedup = processorSeconds / ours.processorSeconds;
  const outcome = `${fastest.reached ? 'as good' : 'not as good'} after ${fastest.epochs.length} epochs, ${seconds.toFixed(1)} s`;
  print(
    `DLinear in TensorFlow ${versions['tensorflow']}: ${outcome}, ${told(fastest.best)}; ${speedup.toFixed(1)} × the ridge, ${processorSpeedup.toFixed(1)} × its processor time`,
  );
  const secondsToMse = reached.length > 0 ? seconds : null;
  return {
    dlinear: { secondsToMse, processorSeconds, rate: fastest.rate, best: fastest.best, runs, versions },
    speedup,
    processorSpeedup,
    speedupIsLowerBound: reached.length === 0,
  };
}
