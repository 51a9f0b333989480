import { AsyncLocalStorage } from 'node:async_hooks';
import { Queue, Worker } from 'bullmq';
import { requireNoHandler } from './in-process-queue.ts';
import {
  DEFAULT_ATTEMPTS,
  DEFAULT_BACKOFF_MS,
  DEFAULT_CONCURRENCY,
  type JobHandler,
  type JobPayload,
  type JobQueue,
  type JobQueueOptions,
} from './job-queue.ts';

/** The queue of several processes, on Redis: one BullMQ queue for each job name, deduplicated by key. */
export class BullMqQueue implements JobQueue {
  readonly #queues = new Map<string, Queue<JobPayload>>();
  readonly #workers = new Map<string, Worker<JobPayload>>();
  readonly #detached = AsyncLocalStorage.snapshot();
  readonly #options: Required<JobQueueOptions>;
  readonly #connection: { url: string; maxRetriesPerRequest: null };
  readonly #prefix: string;

  /** `prefix` keeps installations on one server apart. */
  constructor(redisUrl: string, options: JobQueueOptions, prefix = 'gridcommons') {
    this.#connection = { url: redisUrl, maxRetriesPerRequest: null };
    this.#prefix = prefix;
    this.#options = {
      concurrency: DEFAULT_CONCURRENCY,
      attempts: DEFAULT_ATTEMPTS,
      backoffMs: DEFAULT_BACKOFF_MS,
      ...options,
    };
  }

  async enqueue(name: string, payload: JobPayload, { key }: { readonly key: string }): Promise<void> {
    const { attempts, backoffMs } = this.#options;
    await this.#queue(name).add(name, payload, {
      attempts,
      backoff: { type: 'exponential', delay: backoffMs },
      deduplication: { id: key, keepLastIfActive: true },
      removeOnComplete: true,
      removeOnFail: true,
    });
  }

  process(name: string, handler: JobHandler): void {
    requireNoHandler(this.#workers, name);
    const worker = this.#detached(
      () =>
        new Worker<JobPayload>(name, async ({ data }) => handler(data), {
          connection: this.#connection,
          prefix: this.#prefix,
          concurrency: this.#options.concurrency,
        }),
    );
    worker.on('error', this.#options.onError);
    worker.on('failed', (job, error) => {
      if (job === undefined) return this.#options.onError(error);
      const { data, attemptsMade, opts } = job;
      const retried = attemptsMade < (opts.attempts ?? 1);
      const key = opts.deduplication?.id ?? '';
      this.#options.onFailure({ job: { name, payload: data, key }, error, attempt: attemptsMade, retried });
    });
    this.#workers.set(name, worker);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()));
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  #queue(name: string): Queue<JobPayload> {
    const existing = this.#queues.get(name);
    if (existing !== undefined) return existing;
    const queue = new Queue<JobPayload>(name, { connection: this.#connection, prefix: this.#prefix });
    queue.on('error', this.#options.onError);
    this.#queues.set(name, queue);
    return queue;
  }
}
