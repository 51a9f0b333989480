import { join, resolve } from 'node:path';
import {
  type Comparison,
  DAY_AHEAD_RIDGE,
  fitRidge,
  meanScores,
  plainSum,
  type RidgeModelConfig,
  type RidgeFit,
  scoreGlobal,
} from '#forecasting';
import { type NamedSet, readEtt, ridgeOf } from '../forecast/data-sets.ts';
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

interface RidgeRun extends Spent {
  readonly validationMse: number;
  readonly testMse: number;
}

function ridgeRun(set: NamedSet, statistic: RidgeModelConfig['statistic'], print: Print): RidgeRun {
  const comparison = { ...set, config: ridgeOf(set, 96, statistic, DAY_AHEAD_RIDGE.lambdas) };
  const { fit, ...spent } = timedFit(comparison);
  const run = {
    ...spent,
    validationMse: validationMse(comparison, fit),
    testMse: meanScores(scoreGlobal(comparison, fit)).mse,
  };
  const { secondsToMse, processorSeconds } = spent;
  print(
    `ridge from ${statistic} on ETTh1 336 to 96: ${told(run)} after ${secondsToMse.toFixed(2)} s, ${processorSeconds.toFixed(2)} s of processor time`,
  );
  return run;
}

/**
 * Seconds of the one-shot ridge from readings to weights on ETTh1, 336 to 96, the choice of λ included, and of DLinear in
 * TensorFlow until it is as good on the validation part: `ridge` from autocovariances (by FFT at the site, one ciphertext,
 * the demo's default) and what is beside it, `moments` the same for the one from full moments. The test part chooses
 * nothing and is reported of all.
 */
export async function compareWithTensorFlow(folder: string, print: Print): Promise<object> {
  const set = readEtt(folder, 'ETTh1');
  const ridge = ridgeRun(set, 'autocovariances', print);
  const moments = ridgeRun(set, 'moments', print);
  try {
    const python = peerPython(print, {
      requirements: join(here, 'requirements.txt'),
      imports: 'tensorflow, numpy',
    });
    const hardest = Math.min(ridge.validationMse, moments.validationMse);
    const parameters = [join(folder, 'ett', 'ETTh1.csv.gz'), String(hardest)];
    const run = runScript(python, join(here, 'dlinear_etth1.py'), parameters) as TensorFlowRun;
    return {
      ridge,
      ...raced(run, ridge, print),
      moments: { ridge: moments, ...raced(run, moments, print) },
      ...run,
    };
  } catch (error) {
    if (!(error instanceof PeersUnavailable)) throw error;
    print(`TensorFlow skipped: ${error.message}`);
    return { ridge, moments: { ridge: moments }, skipped: error.message };
  }
}

const told = (mse: { readonly validationMse: number; readonly testMse: number }): string =>
  `validation MSE ${mse.validationMse.toFixed(4)}, test MSE ${mse.testMse.toFixed(4)}`;

/** Its first epoch that is as good, or else its last: all its epochs are then the least that it would take. */
function stopOf({ epochs, rate }: Training, { validationMse: target }: RidgeRun) {
  const reached = epochs.find((epoch) => epoch.validationMse <= target);
  return { ...(reached ?? epochs.at(-1)!), rate, asGood: reached !== undefined };
}

/** The faster learning rate counts. */
function raced({ runs, versions }: TensorFlowRun, ours: RidgeRun, print: Print) {
  const stops = runs.map((run) => stopOf(run, ours));
  const reached = stops.filter((stop) => stop.asGood);
  const candidates = reached.length > 0 ? reached : stops;
  const fastest = candidates.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  const speedup = fastest.seconds / ours.secondsToMse;
  const processorSpeedup = fastest.processorSeconds / ours.processorSeconds;
  print(
    `DLinear in TensorFlow ${versions['tensorflow']}: ${fastest.asGood ? 'as good' : 'not as good'} after ${fastest.epoch} epochs, ${fastest.seconds.toFixed(1)} s, ${fastest.processorSeconds.toFixed(1)} s of processor time; ${speedup.toFixed(1)} × the ridge, ${processorSpeedup.toFixed(1)} × its processor time`,
  );
  const { seconds, processorSeconds, epoch, rate, asGood } = fastest;
  const dlinear = { secondsToMse: asGood ? seconds : null, processorSeconds, epoch, rate };
  return { dlinear, speedup, processorSpeedup, speedupIsLowerBound: !asGood };
}
