import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Bytes } from '#core';
import { add, type Addition } from './addition.ts';

type Answer = { readonly sum: Bytes } | { readonly error: Error };

interface Waiting {
  readonly addition: Addition;
  readonly resolve: (sum: Bytes) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Additions over all cores, off the thread that answers requests. From source, as tests run, there is no script that a
 * thread could load: they run here, one a turn of the event loop.
 */
@Injectable()
export class AdditionThreads implements OnModuleDestroy {
  /** Additions worth having under way. */
  readonly width = availableParallelism();
  readonly #script = fileURLToPath(new URL('addition-thread.js', import.meta.url));
  readonly #threaded = import.meta.url.endsWith('.js');
  readonly #threads = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];

  async sum(addition: Addition): Promise<Bytes> {
    if (!this.#threaded) {
      await setImmediate();
      return add(addition);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ addition, resolve, reject });
      this.#next();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  #next(): void {
    const thread = this.#waiting.length > 0 ? (this.#idle.pop() ?? this.#start()) : undefined;
    if (!thread) return;
    const { addition, resolve, reject } = this.#waiting.shift()!;
    thread.ref();
    const done = (): void => {
      thread.removeAllListeners('message').removeAllListeners('exit');
      // An idle thread must not keep a process alive that has nothing else to do.
      thread.unref();
    };
    thread.once('message', (answer: Answer) => {
      done();
      this.#idle.push(thread);
      if ('sum' in answer) resolve(answer.sum);
      else reject(answer.error);
      this.#next();
    });
    thread.once('exit', (code) => {
      done();
      this.#threads.delete(thread);
      reject(new Error(`expected a sum, got the end of the thread with code ${code}`));
      this.#next();
    });
    thread.postMessage(addition, []);
  }

  #start(): Worker | undefined {
    if (this.#threads.size >= this.width) return undefined;
    const thread = new Worker(this.#script);
    // What went wrong in one shows in its exit code.
    thread.on('error', () => undefined);
    this.#threads.add(thread);
    return thread;
  }
}

/** Results of `job(0)` … `job(count − 1)` in order, at most `width` of them under way or waiting to be taken. */
export async function* inOrder<T>(
  count: number,
  width: number,
  job: (index: number) => Promise<T>,
): AsyncGenerator<T> {
  const ahead: Promise<T>[] = [];
  for (let started = 0; started < count || ahead.length > 0;) {
    while (started < count && ahead.length < width) {
      const result = job(started++);
      // Its failure is told when its turn comes.
      result.catch(() => undefined);
      ahead.push(result);
    }
    yield await ahead.shift()!;
  }
}
