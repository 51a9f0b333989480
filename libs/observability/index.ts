/**
 * observability: what a running process says about itself. Structured logs (pino) without secrets.
 *
 * Vocabulary: Logger (one JSON object a line; secret fields are redacted by name).
 */
export { type Logger, createLogger } from './logger.ts';
export { nestLogger } from './nest-logger.ts';
