import { spawn } from 'node:child_process';

export const BIN = 'dist/apps/cli/bin.js';

export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as a user runs it, from dist; `node` are options of Node itself. */
export function run(
  parameters: readonly string[],
  { stdin = '', node = [] as readonly string[] } = {},
): Promise<Run> {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, [...node, BIN, ...parameters]);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', fail).on('close', (exitCode) => settle({ exitCode, stdout, stderr }));
    // A command that refuses its parameters ends without reading.
    child.stdin.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' ? undefined : fail(error),
    );
    child.stdin.end(stdin);
  });
}
