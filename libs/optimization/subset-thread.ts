import { parentPort, workerData } from 'node:worker_threads';
import { DomainError } from '#core';
import { loadSolver } from './solver.ts';
import { sweepSubsets } from './subset-sweep.ts';
import type { SubsetQuestion, SubsetReply, SubsetThreadInput } from './subsets.ts';

/* A thread that `subsetObjectives` starts: a solver of its own, and ranges of subsets until it is ended. */
const { parted, options }: SubsetThreadInput = workerData;
const solver = await loadSolver();

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
const tell = (reply: SubsetReply) => parentPort?.postMessage(reply);

parentPort?.on('message', ({ range }: SubsetQuestion) => {
  try {
    tell({ kind: 'objectives', range, objectives: sweepSubsets(solver, parted, range, options) });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, kind, data } = error;
    tell({ kind: 'refusal', refusal: { code, message, kind, data } });
  }
});
