import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { DomainError } from '#core';
import { runInForeground } from '../child-process.ts';

const MAIN = fileURLToPath(new URL('../../platform/main.js', import.meta.url));

/**
 * Runs the platform until it is told to stop; this process ends with its exit code.
 * @throws with --json, the refusal the platform ended with (DATA_DIR_IN_USE, CONFIG_INVALID, …)
 */
export async function startPlatform(
  { dataDir, port }: { readonly dataDir?: string; readonly port?: number },
  json: boolean,
): Promise<void> {
  const { exitCode, lastWords } = await runInForeground(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN],
    {
      stdio: ['inherit', 'inherit', json ? 'pipe' : 'inherit'],
      env: {
        // oxlint-disable-next-line node/no-process-env -- handed on to the child as it is; nothing is read from it here
        ...process.env,
        ...(dataDir === undefined ? {} : { GRIDCOMMONS_DATA_DIR: resolve(dataDir) }),
        ...(port === undefined ? {} : { PORT: String(port) }),
      },
    },
  );
  const [, code, message] = /^([A-Z][A-Z0-9_]+): ([^]+)$/m.exec(lastWords.trimEnd()) ?? [];
  if (json && exitCode !== 0 && code !== undefined && message !== undefined) {
    throw new DomainError(code, message, 'conflict');
  }
  process.stderr.write(lastWords);
  process.exitCode = exitCode;
}
