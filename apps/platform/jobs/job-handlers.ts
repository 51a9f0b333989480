import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DomainError } from '#core';
import type { Logger } from '#observability';
import type { Job, JobHandler, JobPayload, JobQueue } from '#queue';
import { JOB_NAMES, JOB_QUEUE, LOGGER, RUNS_JOBS } from '../platform.tokens.ts';

const RECONCILE_MS = 30_000;

/** How one kind of job is done, and how to find out what is left to do. */
export interface JobDefinition {
  /** Declared by the feature's module in `static jobs`. */
  readonly name: string;
  readonly handle: JobHandler;
  /** What the database says is unfinished; enqueued at start and every 30 s, so that a lost queue loses nothing. */
  readonly unfinished?: () => Promise<readonly Omit<Job, 'name'>[]>;
  /** Ends early what takes long, as the process is about to end: it is unfinished then. */
  readonly stop?: () => void;
}

/** Of one kind of job: what waits by the database, and what this process did since it started. */
export interface JobReport {
  readonly name: string;
  /** Null of jobs that are told of by their caller alone. */
  readonly unfinished: number | null;
  readonly done: number;
  readonly failed: number;
  readonly failedAt: Date | null;
  /** Of the newest failure; the log has the rest. */
  readonly failureCode: string | null;
}

type Tally = Pick<JobReport, 'done' | 'failed' | 'failedAt' | 'failureCode'>;
const NOTHING_DONE: Tally = { done: 0, failed: 0, failedAt: null, failureCode: null };

/**
 * Features register their jobs here in `onModuleInit`. Start is refused when a declared job has no handler, or two.
 * Where this process runs jobs (see RUNS_JOBS) they are handed to the queue and the reconciler runs.
 */
@Injectable()
export class JobHandlers implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #definitions = new Map<string, JobDefinition>();
  readonly #tallies = new Map<string, Tally>();
  #timer: NodeJS.Timeout | undefined;
  #reconciling: Promise<void> = Promise.resolve();

  constructor(
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
    @Inject(JOB_NAMES) private readonly declared: readonly string[],
    @Inject(RUNS_JOBS) private readonly runsJobs: boolean,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws JOB_HANDLER_DUPLICATE, JOB_UNDECLARED */
  register(definition: JobDefinition): void {
    const { name } = definition;
    if (this.#definitions.has(name)) {
      throw new DomainError(
        'JOB_HANDLER_DUPLICATE',
        `expected one handler for job ${name}, got two`,
        'conflict',
        { name },
      );
    }
    if (!this.declared.includes(name)) {
      throw new DomainError(
        'JOB_UNDECLARED',
        `expected job ${name} among the jobs of a feature, got none`,
        'conflict',
        { name },
      );
    }
    this.#definitions.set(name, definition);
  }

  onApplicationBootstrap(): void {
    const missing = this.declared.filter((name) => !this.#definitions.has(name));
    if (missing.length > 0) {
      throw new DomainError(
        'JOB_HANDLER_MISSING',
        `expected a handler for every job, got none for ${missing.join(', ')}`,
        'conflict',
        {
          missing,
        },
      );
    }
    if (!this.runsJobs) return;
    for (const definition of this.#definitions.values())
      this.queue.process(definition.name, (payload) => this.#run(definition, payload));
    this.#startReconciling();
    this.#timer = setInterval(() => this.#startReconciling(), RECONCILE_MS);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reconciling;
    for (const { stop } of this.#definitions.values()) stop?.();
    await this.queue.close();
  }

  /** Enqueues what the database says is unfinished. A job whose question fails does not keep the others from theirs. */
  async reconcile(): Promise<void> {
    for (const { name, unfinished } of this.#definitions.values()) {
      if (unfinished === undefined) continue;
      try {
        // One after the other: they share one database session.
        for (const { payload, key } of await unfinished()) await this.queue.enqueue(name, payload, { key });
      } catch (error) {
        this.logger.error({ err: error, job: name }, 'reconciling failed; tried again in 30 s');
      }
    }
  }

  /** By name. */
  async report(): Promise<JobReport[]> {
    const reports: JobReport[] = [];
    for (const { name, unfinished } of this.#definitions.values()) {
      const left = unfinished === undefined ? null : (await unfinished()).length;
      reports.push({ name, unfinished: left, ...(this.#tallies.get(name) ?? NOTHING_DONE) });
    }
    return reports.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #run({ name, handle }: JobDefinition, payload: JobPayload): Promise<void> {
    const tally = (change: (before: Tally) => Partial<Tally>): void => {
      const before = this.#tallies.get(name) ?? NOTHING_DONE;
      this.#tallies.set(name, { ...before, ...change(before) });
    };
    try {
      await handle(payload);
    } catch (error) {
      const failureCode = error instanceof DomainError ? error.code : 'UNEXPECTED';
      tally(({ failed }) => ({ failed: failed + 1, failedAt: new Date(), failureCode }));
      throw error;
    }
    tally(({ done }) => ({ done: done + 1 }));
  }

  #startReconciling(): void {
    this.#reconciling = this.#reconciling.then(() => this.reconcile());
  }
}
