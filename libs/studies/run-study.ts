import { Worker } from 'node:worker_threads';
import { DomainError, type Json } from '#core';
import type { StudyProgress } from './study.ts';

/** What is to be computed, as it was asked for. */
export interface StudyRequest {
  readonly verb: string;
  readonly method: string | null;
  readonly input: Json;
  readonly options: Json;
}

export interface StudyLimits {
  /** Wall clock from start to result, the start of the thread included. */
  readonly timeLimitMs: number;
  /** Of the result as JSON. */
  readonly resultBytes: number;
  /** Of objects in the thread; what a solver holds in WebAssembly is bounded by the limits of inputs. */
  readonly memoryMb: number;
}

export interface StudyWatch {
  /** A few times a second at most. */
  readonly onProgress?: (progress: StudyProgress) => void;
  readonly signal?: AbortSignal;
}

export interface StudyOutcome {
  /** The result as JSON. */
  readonly result: string;
  /** Time of the computation alone. */
  readonly solverMs: number;
}

/** What a study's thread is given and what it says. */
export interface StudyThreadInput {
  readonly request: StudyRequest;
  readonly timeLimitSeconds: number;
  readonly resultBytes: number;
}
export type StudyReply =
  | { readonly kind: 'progress'; readonly progress: StudyProgress }
  | { readonly kind: 'outcome'; readonly outcome: StudyOutcome }
  | { readonly kind: 'refusal'; readonly refusal: Pick<DomainError, 'code' | 'message' | 'kind' | 'data'> };

/**
 * Runs a study in a thread of its own. Solvers block their thread, and nothing but its end stops them: that is what
 * cancelling and the limit of time do, and what is computed in further threads ends with it.
 * @throws STUDY_KIND_UNKNOWN, the codes of the study, STUDY_CANCELLED, STUDY_TIME_OUT, STUDY_OUT_OF_MEMORY,
 * STUDY_RESULT_TOO_LARGE, STUDY_THREAD_ENDED
 */
export async function runStudy(
  request: StudyRequest,
  { timeLimitMs, resultBytes, memoryMb }: StudyLimits,
  { onProgress, signal }: StudyWatch = {},
): Promise<StudyOutcome> {
  if (signal?.aborted) throw cancelled();
  const thread = startThread({ request, timeLimitSeconds: timeLimitMs / 1_000, resultBytes }, memoryMb);
  let timer: NodeJS.Timeout | undefined;
  let cancel: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      cancel = () => reject(cancelled());
      signal?.addEventListener('abort', cancel, { once: true });
      timer = setTimeout(() => reject(timedOut(timeLimitMs)), timeLimitMs);
      thread.on('message', (reply: StudyReply) => {
        if (reply.kind === 'progress') onProgress?.(reply.progress);
        else if (reply.kind === 'outcome') resolve(reply.outcome);
        else reject(refused(reply.refusal));
      });
      thread.on('error', (error) => reject(ofThread(error, memoryMb)));
      thread.on('exit', (code) => reject(ended(code)));
    });
  } finally {
    clearTimeout(timer);
    if (cancel !== undefined) signal?.removeEventListener('abort', cancel);
    await thread.terminate();
  }
}

/** Beside this file, as source under tests and compiled in an installation. */
function startThread(workerData: StudyThreadInput, memoryMb: number): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  return new Worker(new URL(`./study-thread.${fromSource ? 'ts' : 'js'}`, import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    execArgv: fromSource
      ? ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning']
      : [],
  });
}

const refused = ({ code, message, kind, data }: Pick<DomainError, 'code' | 'message' | 'kind' | 'data'>) =>
  new DomainError(code, message, kind, data);

const cancelled = (): DomainError =>
  new DomainError('STUDY_CANCELLED', 'expected a result, got cancelled', 'conflict');

const timedOut = (timeLimitMs: number): DomainError =>
  new DomainError('STUDY_TIME_OUT', `expected a result within ${timeLimitMs / 1_000} s, got none`, 'limit', {
    seconds: timeLimitMs / 1_000,
  });

function ofThread(error: unknown, memoryMb: number): unknown {
  // Made in another realm: it is told by its code, not by its class.
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  const message = `expected a computation within ${memoryMb} MiB, got one that needs more`;
  return new DomainError('STUDY_OUT_OF_MEMORY', message, 'limit', { memoryMb });
}

const ended = (code: number): DomainError =>
  new DomainError(
    'STUDY_THREAD_ENDED',
    `expected a result, got the thread's end with ${code}`,
    'unavailable',
  );
