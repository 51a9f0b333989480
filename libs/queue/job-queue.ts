/** Ids only: what is to be done stands in the database, the job merely wakes somebody up to look. */
export type JobPayload = Readonly<Record<string, string>>;

export interface Job {
  readonly name: string;
  readonly payload: JobPayload;
  /**
   * Jobs of one name and key never run at the same time, and any number of them that wait become one. One that arrives
   * while its like runs is run once more afterwards, so that no wake-up is lost.
   */
  readonly key: string;
}

/** Idempotent: a job may run more than once, in any order, in any process. A rejection is retried with growing pauses. */
export type JobHandler = (payload: JobPayload) => Promise<void>;

/** Wakes handlers up, in this process or in others. Losing its content loses nothing: a reconciler enqueues again. */
export interface JobQueue {
  enqueue(name: string, payload: JobPayload, options: { readonly key: string }): Promise<void>;
  /** From now on this process runs jobs of that name; one handler a name. @throws JOB_HANDLER_DUPLICATE */
  process(name: string, handler: JobHandler): void;
  /** Starts no further job and waits for those that run. */
  close(): Promise<void>;
}

export interface JobFailure {
  readonly job: Job;
  readonly error: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Whether it will be tried again. */
  readonly retried: boolean;
}

export interface JobQueueOptions {
  /** Told of every rejection of a handler, and of the queue's own connection errors (without a job). */
  readonly onFailure: (failure: JobFailure) => void;
  readonly onError: (error: unknown) => void;
  /** How many jobs this process runs at a time. Default 4. */
  readonly concurrency?: number;
  /** Default 6. */
  readonly attempts?: number;
  /** The pause before the second try; doubles from try to try. Default 500 ms. */
  readonly backoffMs?: number;
}

export const DEFAULT_CONCURRENCY = 4;
export const DEFAULT_ATTEMPTS = 6;
export const DEFAULT_BACKOFF_MS = 500;
