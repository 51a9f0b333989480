import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

/** Names under which secrets travel; their values never reach a log, at the top of an entry or one and two levels down. */
const SECRET_FIELDS = [
  'authorization',
  'signature',
  'token',
  'key',
  'apiKey',
  'secret',
  'password',
  'privateKey',
  'gridcommons-signature',
  'cookie',
];

/** Where errors of the database driver carry the values of a statement: readings, prices, hashes of credentials. */
const ERROR_VALUES = ['err.parameters', 'err.detail', 'err.driverError.detail', 'err.driverError.where'];

const bracket = (field: string): string => (/^\w+$/.test(field) ? field : `["${field}"]`);
const below = (field: string): string => (/^\w+$/.test(field) ? `.${field}` : `["${field}"]`);

/** Structured logs, one JSON object a line, to standard output unless `destination` is given. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        ...SECRET_FIELDS.flatMap((field) => [bracket(field), `*${below(field)}`, `*.*${below(field)}`]),
        ...ERROR_VALUES,
      ],
      censor: '[redacted]',
    },
  };
  // Written at once: what waits in a buffer is lost when a signal ends the process, and the last lines say how it ended.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
}
