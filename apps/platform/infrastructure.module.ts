import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type Config, replayClock } from '#config';
import { systemClock } from '#core';
import type { Logger } from '#observability';
import { Database } from '#persistence';
import { entities, migrations } from './features.ts';
import { CLOCK, CONFIG, LOGGER } from './platform.tokens.ts';

/** What every feature may inject: configuration, log, clock, database. */
@Global()
@Module({})
export class InfrastructureModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: InfrastructureModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        {
          provide: CLOCK,
          useFactory: () =>
            config.replayClockFile === undefined ? systemClock : replayClock(config.replayClockFile),
        },
        { provide: Database, useFactory: () => openDatabase(config) },
      ],
      exports: [CONFIG, LOGGER, CLOCK, Database],
    };
  }

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
