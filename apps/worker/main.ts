import { NestFactory } from '@nestjs/core';
import { loadConfig } from '#config';
import { DomainError } from '#core';
import { createLogger, nestLogger } from '#observability';
import { WorkerModule } from '../platform/worker.module.ts';

try {
  const config = loadConfig();
  if (config.redisUrl === undefined) {
    throw new DomainError(
      'CONFIG_INVALID',
      'expected REDIS_URL, got none: without it the platform runs its jobs itself',
    );
  }
  const logger = createLogger(config.logLevel);
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, logger), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  logger.info('working');
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
