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
  { stdin = '', node = [] as readonly string[], env = {} } = {},
): Promise<Run> {
  return new Promise((settle, fail) => {
    // oxlint-disable-next-line node/no-process-env -- handed on but for colours and settings, which a test asks for
    const { FORCE_COLOR: _, ...inherited } = process.env;
    const settings = { ...inherited, GRIDCOMMONS_CONFIG: '/no/such/config.json', ...env };
    const child = spawn(process.execPath, [...node, BIN, ...parameters], { env: settings });
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
