/**
 * config: what the processes are told from outside. The only code that reads `process.env`.
 *
 * Vocabulary: Config (validated once at start, every problem at once), Limits (stated maxima of the request pipeline),
 * replay clock (the business clock of a replayed day), command-line environment (what `gridcommons` is told by variables).
 */
export {
  type CommandLineEnvironment,
  commandLineEnvironment,
  type CommandLineVariable,
} from './command-line.ts';
export {
  type Config,
  type Limits,
  loadConfig,
  type OidcClientSettings,
  type OidcSettings,
} from './config.ts';
export { replayClock } from './replay-clock.ts';
export { type TestEnvironment, testEnvironment } from './test-environment.ts';
