import { join, resolve } from 'node:path';
import { DAY_AHEAD_RIDGE, fitRidge, meanScores, plainSum, scoreGlobal } from '#forecasting';
import { readEtt, ridgeOf } from '../forecast/data-sets.ts';
import { peerPython, PeersUnavailable, runScript } from '../peers/python.ts';
import type { Print } from '../peers/workload.ts';

/** The compiler writes to dist/bench/training; the script and its requirements stay where they were written. */
const here = join(resolve(import.meta.dirname, '../../..'), 'bench', 'training');

/** DLinear as its authors train it, judged on the test part after each epoch. */
interface PyTorchRun {
  readonly epochs: readonly { readonly seconds: number; readonly testMse: number }[];
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Seconds of the one-shot ridge from readings to weights on ETTh1, 336 to 96, its error, and when DLinear in PyTorch is as good:
 * null where no epoch is. The peer's epochs are judged on the test part itself, which favours it.
 */
export async function compareWithPyTorch(folder: string, print: Print): Promise<object> {
  const set = readEtt(folder, 'ETTh1');
  const config = ridgeOf(set, 96, 'autocovariances', DAY_AHEAD_RIDGE.lambdas);
  const startMs = performance.now();
  const fit = fitRidge(plainSum({ ...set, config }), config);
  const seconds = (performance.now() - startMs) / 1_000;
  const { mse } = meanScores(scoreGlobal({ ...set, config }, fit));
  print(`ridge on ETTh1 336 to 96: test MSE ${mse.toFixed(4)} after ${seconds.toFixed(2)} s`);
  try {
    const python = peerPython(print, {
      requirements: join(here, 'requirements.txt'),
      imports: 'torch, numpy',
    });
    const file = join(folder, 'ett', 'ETTh1.csv.gz');
    const { epochs, versions } = runScript(python, join(here, 'dlinear_etth1.py'), [file]) as PyTorchRun;
    const best = epochs.reduce((a, b) => (b.testMse < a.testMse ? b : a));
    const reached = epochs.find(({ testMse }) => testMse <= mse) ?? null;
    print(
      `DLinear in PyTorch: ${reached ? `as good after ${reached.seconds.toFixed(1)} s` : `never as good; ${best.testMse.toFixed(4)}`} ` +
        `(${epochs.length} epochs, ${epochs.at(-1)!.seconds.toFixed(1)} s)`,
    );
    return { ridge: { mse, seconds }, dlinear: { reachedSeconds: reached?.seconds ?? null, best, versions } };
  } catch (error) {
    if (!(error instanceof PeersUnavailable)) throw error;
    print(`PyTorch skipped: ${error.message}`);
    return { ridge: { mse, seconds }, skipped: error.message };
  }
}
