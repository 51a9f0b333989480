import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { DomainError } from '#core';
import { EXIT, type Refusal } from '../output.ts';
import { PLATFORM_MAIN, platformEnvironment, type StartOptions } from '../platform/start.ts';

/** One line a process wrote: JSON with an `event`. */
export type ProcessEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

/** dist/apps/cli/bin.js from dist/apps/cli/demo/. */
const BIN = fileURLToPath(new URL('../bin.js', import.meta.url));

const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
/** The embedded database is a large WebAssembly module: optimising it takes 90 MB and, for one day, more time than it saves. */
const PLATFORM_FLAGS = [...NODE_FLAGS, '--liftoff-only'];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A real process of the demo, watched through the JSON lines it prints; all that it writes is kept in `logFile`. */
export class WatchedProcess {
  private readonly events: ProcessEvent[] = [];
  private readonly waiting = new Set<() => void>();
  private errors = '';
  private ended = false;
  private readonly logged: Promise<void>;
  readonly exit: Promise<number | null>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    logFile: string,
  ) {
    this.logged = keepOutput(child, logFile);
    // A process whose output has no place left stops; `stop` then tells why.
    this.logged.catch(() => child.kill());
    let rest = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.take(line);
    });
    child
      .stderr!.setEncoding('utf8')
      .on('data', (text: string) => (this.errors = (this.errors + text).slice(-4_000)));
    this.exit = new Promise((resolve) => {
      child.once('exit', (code) => {
        this.ended = true;
        this.wake();
        resolve(code);
      });
    });
  }

  static participant(name: string, directory: string, clock: string, logFile: string): WatchedProcess {
    const args = [
      ...NODE_FLAGS,
      BIN,
      'participant',
      'start',
      '--dir',
      directory,
      '--replay-clock',
      clock,
      '--json',
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return new WatchedProcess(name, child, logFile);
  }

  /** @param flags of Node; those of one day unless told */
  static platform(
    options: StartOptions,
    logFile: string,
    flags: readonly string[] = PLATFORM_FLAGS,
  ): WatchedProcess {
    const env = platformEnvironment(options);
    const args = [...flags, PLATFORM_MAIN];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new WatchedProcess('platform', child, logFile);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The first event that fits, past or to come. @throws PROCESS_ENDED, PROCESS_SILENT */
  async event(
    fits: (event: ProcessEvent) => boolean,
    what: string,
    timeoutMs: number,
  ): Promise<ProcessEvent> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.events.find(fits);
      if (found) return found;
      if (this.ended) throw this.failure('PROCESS_ENDED', `expected ${what} from ${this.name}, got its end`);
      if (Date.now() > deadline)
        throw this.failure(
          'PROCESS_SILENT',
          `expected ${what} from ${this.name} within ${timeoutMs / 1_000} s`,
        );
      await this.nextEvent(deadline);
    }
  }

  /** Asks the process to stop and waits until it has. */
  async stop(): Promise<void> {
    if (!this.ended) this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.exit;
    clearTimeout(killer);
    await this.logged;
  }

  private nextEvent(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, Math.max(0, deadline - Date.now()) + 1);
      const { waiting } = this;
      function done() {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }

  private take(line: string): void {
    if (!line.startsWith('{')) return;
    const parsed = JSON.parse(line) as Record<string, unknown>;
    this.events.push({ ...parsed, event: textOf(parsed['event'] ?? parsed['msg']) });
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
  }

  private failure(code: string, message: string): DomainError {
    const last = this.events.slice(-3).map((event) => JSON.stringify(event).slice(0, 300));
    return new DomainError(code, [message, ...last, this.errors].filter(Boolean).join('\n  '), 'unavailable');
  }
}

/** Resolves when the process has closed its output and all of it is in the file. */
async function keepOutput(child: ChildProcess, file: string): Promise<void> {
  const log = createWriteStream(file, { mode: 0o600 });
  child.stdout!.pipe(log, { end: false });
  child.stderr!.pipe(log, { end: false });
  child.once('close', () => log.end());
  await finished(log);
}

/**
 * Runs one `gridcommons … --json` to its end and returns its document.
 * @throws what the command refused, by its own code; COMMAND_FAILED with what it printed where it ended otherwise
 */
export async function runCommand<T>(args: readonly string[], okExits: readonly number[] = [0]): Promise<T> {
  const child = spawn(process.execPath, [...NODE_FLAGS, BIN, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code === null || !okExits.includes(code)) throw commandFailure(args, code, await stderr);
  return JSON.parse(await stdout) as T;
}

function commandFailure(args: readonly string[], exitCode: number | null, stderr: string): DomainError {
  const told = stderr.split('\n').find((line) => line.startsWith('{"error":'));
  if (told !== undefined) {
    const { code, message, data } = (JSON.parse(told) as { error: Refusal }).error;
    return new DomainError(code, message, exitCode === EXIT.unavailable ? 'unavailable' : 'invalid', data);
  }
  const what = `gridcommons ${args.slice(0, 2).join(' ')}`;
  return new DomainError('COMMAND_FAILED', `${what}: exit ${exitCode}\n${stderr}`, 'unavailable');
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}
