import { AsyncLocalStorage } from 'node:async_hooks';
import { DomainError } from '#core';
import {
  DEFAULT_ATTEMPTS,
  DEFAULT_BACKOFF_MS,
  DEFAULT_CONCURRENCY,
  type Job,
  type JobHandler,
  type JobPayload,
  type JobQueue,
  type JobQueueOptions,
} from './job-queue.ts';

interface Entry {
  job: Job;
  attempt: number;
  state: 'waiting' | 'running' | 'paused';
  /** A like one arrived while this one ran. */
  again: boolean;
  timer?: NodeJS.Timeout;
}

/** The queue of a platform that is one process. Jobs of a name wait until a handler for it is there. */
export class InProcessQueue implements JobQueue {
  readonly #entries = new Map<string, Entry>();
  readonly #handlers = new Map<string, JobHandler>();
  readonly #running = new Set<Promise<void>>();
  // A handler must not inherit the context (an open transaction) of whoever happened to enqueue.
  readonly #detached = AsyncLocalStorage.snapshot();
  readonly #options: Required<JobQueueOptions>;
  #closed = false;

  constructor(options: JobQueueOptions) {
    this.#options = {
      concurrency: DEFAULT_CONCURRENCY,
      attempts: DEFAULT_ATTEMPTS,
      backoffMs: DEFAULT_BACKOFF_MS,
      ...options,
    };
  }

  async enqueue(name: string, payload: JobPayload, { key }: { readonly key: string }): Promise<void> {
    if (this.#closed) return;
    const id = JSON.stringify([name, key]);
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      this.#entries.set(id, { job: { name, payload, key }, attempt: 0, state: 'waiting', again: false });
    } else {
      entry.job = { name, payload, key };
      entry.again = entry.state === 'running';
    }
    this.#schedule();
  }

  process(name: string, handler: JobHandler): void {
    requireNoHandler(this.#handlers, name);
    this.#handlers.set(name, handler);
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#entries.values()) clearTimeout(entry.timer);
    await Promise.all(this.#running);
    this.#entries.clear();
  }

  /** Starts what may start, after the caller's turn of the event loop. */
  #schedule(): void {
    this.#detached(() => setImmediate(() => this.#startWaiting()));
  }

  #startWaiting(): void {
    for (const [id, entry] of this.#entries) {
      if (this.#closed || this.#running.size >= this.#options.concurrency) return;
      const handler = this.#handlers.get(entry.job.name);
      if (entry.state !== 'waiting' || handler === undefined) continue;
      const run = this.#run(id, entry, handler).finally(() => {
        this.#running.delete(run);
        this.#schedule();
      });
      this.#running.add(run);
    }
  }

  async #run(id: string, entry: Entry, handler: JobHandler): Promise<void> {
    const { job } = entry;
    entry.state = 'running';
    entry.again = false;
    entry.attempt += 1;
    try {
      await handler(job.payload);
      entry.attempt = 0;
    } catch (error) {
      const retried = entry.attempt < this.#options.attempts;
      this.#options.onFailure({ job, error, attempt: entry.attempt, retried });
      if (retried) {
        this.#pause(entry);
        return;
      }
    }
    if (entry.again) {
      entry.state = 'waiting';
      entry.attempt = 0;
    } else this.#entries.delete(id);
  }

  #pause(entry: Entry): void {
    if (this.#closed) return;
    entry.state = 'paused';
    entry.timer = setTimeout(
      () => {
        entry.state = 'waiting';
        this.#startWaiting();
      },
      this.#options.backoffMs * 2 ** (entry.attempt - 1),
    );
    // A pause must not keep a process alive that has nothing else to do.
    entry.timer.unref();
  }
}

/** @throws JOB_HANDLER_DUPLICATE */
export function requireNoHandler(handlers: ReadonlyMap<string, unknown>, name: string): void {
  if (handlers.has(name)) {
    throw new DomainError(
      'JOB_HANDLER_DUPLICATE',
      `expected one handler for job ${name}, got two`,
      'conflict',
      { name },
    );
  }
}
