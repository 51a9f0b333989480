import { Worker } from 'node:worker_threads';
import { DomainError, type PartedLpProblem, requireParts, requireSubsets } from '#core';
import type { LpOptions } from './options.ts';
import { graySubset } from './subset-sweep.ts';

export interface SubsetOptions {
  /** Default 2. */
  readonly threads?: number;
  /** Of each program; presolve is off, for it would not start from the last basis. */
  readonly options?: Omit<LpOptions, 'presolve'>;
  /** Programs solved of all. */
  readonly onProgress?: (solved: number, all: number) => void;
  readonly signal?: AbortSignal;
}

type Range = readonly [first: number, end: number];

/** What a thread is given and what it says. */
export interface SubsetThreadInput {
  readonly parted: PartedLpProblem;
  readonly options: LpOptions;
}
export interface SubsetQuestion {
  readonly range: Range;
}
export type SubsetReply =
  | { readonly kind: 'objectives'; readonly range: Range; readonly objectives: Float64Array }
  | { readonly kind: 'refusal'; readonly refusal: Pick<DomainError, 'code' | 'message' | 'kind' | 'data'> };

/** Ranges begin cold and are cut here, whatever the number of threads: so the result does not depend on it. */
const SUBSETS_AT_ONCE = 1024;
const MAX_THREADS = 64;

/**
 * The optimum of every subset of the parts, 2^n numbers by bit mask; that of no part counts too. Each program is solved by
 * the simplex from the basis of one that differs in a single part.
 * @throws as LpSolver.solve where any subset has no optimum, LP_CANCELLED, LP_OPTIONS, LP_THREAD_ENDED
 */
export async function subsetObjectives(
  parted: PartedLpProblem,
  { threads = 2, options = {}, onProgress, signal }: SubsetOptions = {},
): Promise<Float64Array> {
  requireParts(parted);
  requireSubsets(parted);
  requireThreads(threads);
  if (signal?.aborted) throw cancelled();
  const objectives = new Float64Array(2 ** parted.parts.length);
  const ranges = rangesOf(objectives.length);
  let solved = 0;
  const collect = (reply: Extract<SubsetReply, { kind: 'objectives' }>): void => {
    reply.objectives.forEach((objective, k) => {
      objectives[graySubset(reply.range[0] + k)] = objective;
    });
    solved += reply.objectives.length;
    onProgress?.(solved, objectives.length);
  };
  const input: SubsetThreadInput = { parted, options: { ...options, presolve: 'off', method: 'simplex' } };
  const started = Array.from({ length: Math.min(threads, ranges.length) }, () => startThread(input));
  const stop = () => void Promise.all(started.map((thread) => thread.terminate()));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(started.map((thread) => workThrough(thread, ranges, collect, signal)));
    return objectives;
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(started.map((thread) => thread.terminate()));
  }
}

function requireThreads(threads: number): void {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS) return;
  throw new DomainError('LP_OPTIONS', `expected between 1 and ${MAX_THREADS} threads, got ${threads}`);
}

const cancelled = (): DomainError =>
  new DomainError('LP_CANCELLED', 'expected all subsets to be solved, got cancelled', 'unavailable');

function rangesOf(count: number): Range[] {
  return Array.from({ length: Math.ceil(count / SUBSETS_AT_ONCE) }, (_, i) => [
    i * SUBSETS_AT_ONCE,
    Math.min(count, (i + 1) * SUBSETS_AT_ONCE),
  ]);
}

/** Beside this file, as source under tests and compiled in an installation. */
function startThread(workerData: SubsetThreadInput): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  return new Worker(new URL(`./subset-thread.${fromSource ? 'ts' : 'js'}`, import.meta.url), {
    workerData,
    execArgv: fromSource
      ? ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning']
      : [],
  });
}

/** Gives the thread one range after another until none is left. */
function workThrough(
  thread: Worker,
  ranges: Range[],
  collect: (reply: Extract<SubsetReply, { kind: 'objectives' }>) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const range = ranges.shift();
      if (range === undefined) resolve();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
      else thread.postMessage({ range } satisfies SubsetQuestion);
    };
    thread.on('message', (reply: SubsetReply) => {
      if (reply.kind === 'refusal') {
        const { code, message, kind, data } = reply.refusal;
        reject(new DomainError(code, message, kind, data));
        return;
      }
      collect(reply);
      next();
    });
    thread.on('error', reject);
    thread.on('exit', (code) =>
      reject(
        signal?.aborted
          ? cancelled()
          : new DomainError(
              'LP_THREAD_ENDED',
              `expected results, got the thread's end with ${code}`,
              'unavailable',
            ),
      ),
    );
    next();
  });
}
