import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.ts';

/** The framework's own messages in the same structured log; its start-up chatter goes to debug. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: readonly unknown[]): void => {
      const context = rest.at(-1);
      // Thrown on as well, and told by whoever started the framework.
      const told = context === 'ExceptionHandler' || context === 'NestApplication';
      logger[told ? 'debug' : level](
        {
          context: typeof context === 'string' ? context : undefined,
          err: message instanceof Error ? message : undefined,
        },
        message instanceof Error ? message.message : String(message),
      );
    };
  return {
    log: write('debug'),
    debug: write('trace'),
    verbose: write('trace'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}
