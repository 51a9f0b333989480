import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { DomainError } from '#core';
import { endLike, runInForeground } from '../child-process.ts';

export const PLATFORM_MAIN = fileURLToPath(new URL('../../platform/main.js', import.meta.url));

export interface StartOptions {
  readonly dataDir?: string;
  readonly port?: number;
  /** Business clock of a replayed day: a file holding an ISO instant. */
  readonly replayClock?: string;
}

/** The environment of a platform process: this one's, with the options in the variables that libs/config reads. */
export const platformEnvironment = ({ dataDir, port, replayClock }: StartOptions): NodeJS.ProcessEnv => ({
  // oxlint-disable-next-line node/no-process-env -- handed on to the child as it is; nothing is read from it here
  ...process.env,
  ...(dataDir === undefined ? {} : { GRIDCOMMONS_DATA_DIR: resolve(dataDir) }),
  ...(port === undefined ? {} : { PORT: String(port) }),
  ...(replayClock === undefined ? {} : { GRIDCOMMONS_REPLAY_CLOCK: resolve(replayClock) }),
});

/**
 * Runs the platform until it is told to stop; this process ends as it ends.
 * @throws with --json, the refusal the platform ended with (DATA_DIR_IN_USE, CONFIG_INVALID, …)
 */
export async function startPlatform(options: StartOptions, json: boolean): Promise<void> {
  const end = await runInForeground(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PLATFORM_MAIN],
    { stdio: ['inherit', 'inherit', json ? 'pipe' : 'inherit'], env: platformEnvironment(options) },
  );
  const [, code, message] = /^([A-Z][A-Z0-9_]+): ([^]+)$/m.exec(end.lastWords.trimEnd()) ?? [];
  if (json && end.exitCode !== 0 && code !== undefined && message !== undefined) {
    throw new DomainError(code, message, 'conflict');
  }
  process.stderr.write(end.lastWords);
  endLike(end);
}
