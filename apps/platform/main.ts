import { loadConfig } from '#config';
import { DomainError } from '#core';
import { createLogger } from '#observability';
import { createPlatform } from './create-platform.ts';

try {
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  const app = await createPlatform(config, logger);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await app.listen(config.port, config.host);
  // Parents that asked for any port (0) read the address from this line.
  logger.info({ url: await app.getUrl() }, 'listening');
} catch (error) {
  if (!(error instanceof DomainError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
