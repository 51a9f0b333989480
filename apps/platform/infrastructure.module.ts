import { join } from 'node:path';
import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { type Config, replayClock } from '#config';
import { systemClock } from '#core';
import type { Logger } from '#observability';
import { Database } from '#persistence';
import { BullMqQueue, InProcessQueue, type JobQueue, type JobQueueOptions } from '#queue';
import { entities, jobNames, migrations } from './features.ts';
import { loadPlatformKey } from './identity/key-files.ts';
import { JobHandlers } from './jobs/job-handlers.ts';
import { CLOCK, CONFIG, JOB_NAMES, JOB_QUEUE, LOGGER, PLATFORM_KEY, RUNS_JOBS } from './platform.tokens.ts';

/** Which process this is: with Redis only the worker runs jobs, without it the platform runs its own. */
export type ProcessKind = 'platform' | 'worker';

/** What every feature may inject: configuration, log, clock, the platform's key, database, job queue. */
@Global()
@Module({})
export class InfrastructureModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  static with(config: Config, logger: Logger, kind: ProcessKind): DynamicModule {
    const providers: Provider[] = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: CLOCK, useFactory: () => clockOf(config) },
      { provide: PLATFORM_KEY, useFactory: () => loadPlatformKey(join(config.dataDir, 'platform.key')) },
      { provide: Database, useFactory: () => openDatabase(config) },
      { provide: JOB_NAMES, useValue: jobNames },
      { provide: RUNS_JOBS, useValue: kind === 'worker' || config.redisUrl === undefined },
      { provide: JOB_QUEUE, useFactory: () => openQueue(config, logger) },
      JobHandlers,
    ];
    return {
      module: InfrastructureModule,
      providers,
      exports: [CONFIG, LOGGER, CLOCK, PLATFORM_KEY, Database, JOB_QUEUE, RUNS_JOBS, JobHandlers],
    };
  }

  /** After the listeners stopped and the queue ran dry (JobHandlers.onModuleDestroy). */
  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
    this.logger.info('database closed');
  }
}

export function openDatabase(config: Config): Promise<Database> {
  return Database.open({
    dataDir: config.dataDir,
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    statementMs: config.limits.statementMs,
    entities,
    migrations,
  });
}

const clockOf = ({ replayClockFile }: Config) =>
  replayClockFile === undefined ? systemClock : replayClock(replayClockFile);

function openQueue(config: Config, logger: Logger): JobQueue {
  const options: JobQueueOptions = {
    onFailure: ({ job, error, attempt, retried }) =>
      logger.error({ err: error, job: job.name, jobKey: job.key, attempt, retried }, 'job failed'),
    onError: (error) => logger.error({ err: error }, 'job queue'),
  };
  return config.redisUrl === undefined
    ? new InProcessQueue(options)
    : new BullMqQueue(config.redisUrl, options);
}
