import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BIN } from './command-line.ts';

const PLATFORM_MAIN = 'dist/apps/platform/main.js';
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];
const PATIENCE_MS = 120_000;

/** One JSON line a process wrote. */
export type ProcessEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the built project as a test sees it: the lines it writes, the way it ends. It inherits no environment. */
export class BuiltProcess {
  readonly events: ProcessEvent[] = [];
  /** All of standard error. */
  errors = '';
  readonly end: Promise<ProcessEnd>;
  private ended = false;
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly listener: (event: ProcessEvent) => void,
  ) {
    let rest = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.take(line);
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.end = new Promise((resolve) => {
      child.once('close', (exitCode, signal) => {
        this.ended = true;
        this.wake();
        resolve({ exitCode, signal });
      });
    });
  }

  /** `gridcommons …`; `env` is all of its environment, `listener` hears each event as it comes. */
  static command(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    listener?: (event: ProcessEvent) => void,
  ): BuiltProcess {
    return BuiltProcess.start([BIN, ...args], env, listener);
  }

  static platform(env: Readonly<Record<string, string>>): BuiltProcess {
    return BuiltProcess.start([PLATFORM_MAIN], env);
  }

  /** A program of this repository that is no command of it, as TypeScript. */
  static program(file: string, args: readonly string[]): BuiltProcess {
    return BuiltProcess.start([file, ...args], {});
  }

  private static start(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    listener: (event: ProcessEvent) => void = () => undefined,
  ): BuiltProcess {
    if (!existsSync(BIN)) throw new Error(`expected ${BIN}, got none: run npm run build`);
    const child = spawn(process.execPath, [...NODE_FLAGS, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new BuiltProcess(args.join(' '), child, listener);
  }

  /** The first event that fits, past or to come. */
  async event(fits: (event: ProcessEvent) => boolean, what: string): Promise<ProcessEvent> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = this.events.find(fits);
      if (found) return found;
      if (this.ended || Date.now() > deadline)
        throw new Error(`expected ${what} from ${this.name}, got ${this.lastWords()}`);
      await this.news(deadline);
    }
  }

  /** Ends it as a power failure would: nothing is flushed, nobody is told. */
  kill(): Promise<ProcessEnd> {
    this.child.kill('SIGKILL');
    return this.end;
  }

  /** Asks it to stop. */
  stop(): Promise<ProcessEnd> {
    if (!this.ended) this.child.kill('SIGTERM');
    return this.end;
  }

  private news(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const { waiting } = this;
      const timer = setTimeout(done, Math.max(1, deadline - Date.now()));
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
    // The nodes name what they tell, the platform's log has messages, a result has neither.
    const parsed = JSON.parse(line) as { readonly event?: string; readonly msg?: string };
    const event = { ...parsed, event: parsed.event ?? parsed.msg ?? '' };
    this.events.push(event);
    this.listener(event);
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
  }

  private lastWords(): string {
    const last = this.events.slice(-3).map((event) => JSON.stringify(event).slice(0, 300));
    return [this.ended ? 'its end' : 'silence', ...last, this.errors.slice(-4_000)].join('\n  ');
  }
}
