import type { INestApplication } from '@nestjs/common';
import { type Config, loadConfig } from '#config';
import { DomainError } from '#core';
import { createLogger } from '#observability';
import { createPlatform } from './create-platform.ts';

try {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  const app = await createPlatform(config, logger);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await listen(app, config);
  // Parents that asked for any port (0) read the address from this line.
  logger.info({ url: await app.getUrl() }, 'listening');
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

/** @throws ADDRESS_UNUSABLE where the operating system does not let it listen; the platform is closed then */
async function listen(app: INestApplication, { host, port }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = String(error.code);
    throw new DomainError(
      'ADDRESS_UNUSABLE',
      `expected to listen on ${host}:${port}, got ${reason}: choose another with HOST and PORT (--port)`,
      'conflict',
      { host, port, reason },
    );
  }
}
