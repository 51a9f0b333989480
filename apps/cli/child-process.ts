import { type SpawnOptions, spawn } from 'node:child_process';

/** How a child ended, and the end of what it said on standard error. */
export interface ChildEnd {
  readonly exitCode: number | null;
  /** What ended it where it has no exit code. */
  readonly signal: NodeJS.Signals | null;
  /** Empty unless standard error was piped. */
  readonly lastWords: string;
}

const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
const LAST_WORDS = 8_192;

/**
 * Runs a child in the foreground and hands on the signals that ask this process to stop. A terminal sends its interrupt to
 * both by itself, so that one is only kept from ending the parent first.
 */
export function runInForeground(
  executable: string,
  parameters: readonly string[],
  options: SpawnOptions,
): Promise<ChildEnd> {
  return new Promise((settle, fail) => {
    const child = spawn(executable, parameters, options);
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-LAST_WORDS);
    });
    const forward = (signal: NodeJS.Signals): void => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const release = (): void => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.on('error', (error) => {
      release();
      fail(error);
    });
    child.on('close', (exitCode, signal) => {
      release();
      settle({ exitCode, signal, lastWords });
    });
  });
}

/** Ends this process as its child ended, so that whoever supervises it sees no difference. */
export function endLike({ exitCode, signal }: ChildEnd): void {
  if (signal === null) process.exitCode = exitCode ?? 1;
  else process.kill(process.pid, signal);
}
