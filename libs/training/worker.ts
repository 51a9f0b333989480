import { Worker } from 'node:worker_threads';
import { DomainError, type ErrorData, type ErrorKind } from '#core';
import type { Backend } from './backend.ts';
import { cancelled, type Progress, type TrainingInput, type TrainingResult } from './train.ts';

/** What the thread is given and what it says. */
export type ThreadInput = Omit<TrainingInput, 'onProgress' | 'signal'>;
export type ThreadMessage =
  | { readonly kind: 'backend'; readonly backend: Backend }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'result'; readonly result: TrainingResult }
  | { readonly kind: 'refusal'; readonly refusal: Pick<DomainError, 'code' | 'message' | 'kind' | 'data'> };

export interface ThreadOptions {
  /** What computes in the thread, before the first step. */
  readonly onBackend?: (backend: Backend) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Beside this file, as source under tests and compiled in an installation. */
function startThread(input: ThreadInput): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = new URL(fromSource ? './training-thread.ts' : './training-thread.js', import.meta.url);
  const execArgv = fromSource
    ? ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning']
    : [];
  return new Worker(file, { workerData: input, execArgv });
}

const refusalOf = ({
  code,
  message,
  kind,
  data,
}: {
  code: string;
  message: string;
  kind: ErrorKind;
  data: ErrorData;
}) => new DomainError(code, message, kind, data);

const ended = (code: number) =>
  new DomainError(
    'TRAINING_THREAD_ENDED',
    `expected a result of the training thread, got its end with ${code}`,
    'unavailable',
  );

/** The thread's one answer; its progress on the way. */
const answerOf = (
  thread: Worker,
  { onBackend, onProgress, signal }: ThreadOptions,
): Promise<TrainingResult> =>
  new Promise((resolve, reject) => {
    thread.on('message', (message: ThreadMessage) => {
      if (message.kind === 'backend') onBackend?.(message.backend);
      else if (message.kind === 'progress') onProgress?.(message.progress);
      else if (message.kind === 'result') resolve(message.result);
      else reject(refusalOf(message.refusal));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => reject(signal?.aborted ? cancelled() : ended(code)));
  });

/**
 * `trainLocally` in a thread of its own, so that the caller's event loop stays free; the thread ends with the call, and
 * cancelling ends it at once. Input is copied.
 * @throws what `trainLocally` does; TRAINING_THREAD_ENDED where the thread ends without an answer
 */
export async function trainInWorker(
  input: ThreadInput,
  options: ThreadOptions = {},
): Promise<TrainingResult> {
  const { signal } = options;
  if (signal?.aborted) throw cancelled();
  const thread = startThread(input);
  const stop = () => void thread.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await answerOf(thread, options);
  } finally {
    signal?.removeEventListener('abort', stop);
    await thread.terminate();
  }
}
