import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { testEnvironment } from '#config';
import { BullMqQueue } from './bullmq-queue.ts';
import { InProcessQueue } from './in-process-queue.ts';
import type { JobFailure, JobQueue, JobQueueOptions } from './job-queue.ts';

const { redisUrl } = testEnvironment();
type Make = (options: JobQueueOptions) => JobQueue;

/** Lets a test wait for what handlers do, and handlers for the test. */
const gate = () => {
  const events = new EventEmitter();
  return { wait: (name: string) => once(events, name), open: (name: string) => events.emit(name) };
};

function suite(make: Make): void {
  let queue: JobQueue | undefined;
  const failures: JobFailure[] = [];
  const open = (options: Partial<JobQueueOptions> = {}): JobQueue => {
    failures.length = 0;
    queue = make({
      onFailure: (failure) => failures.push(failure),
      onError: (error) => {
        throw error;
      },
      backoffMs: 1,
      ...options,
    });
    return queue;
  };

  afterEach(async () => queue?.close());

  it('runs a job with its payload', async () => {
    const jobs = open();
    const seen = new Promise((resolve) => jobs.process('greet', async (payload) => resolve(payload)));
    await jobs.enqueue('greet', { id: '7' }, { key: '7' });
    expect(await seen).toEqual({ id: '7' });
  });

  it('keeps a job until its handler is there', async () => {
    const jobs = open();
    await jobs.enqueue('late', { id: '7' }, { key: '7' });
    expect(await new Promise((resolve) => jobs.process('late', async (payload) => resolve(payload)))).toEqual(
      { id: '7' },
    );
  });

  it('makes like jobs that wait into one', async () => {
    const jobs = open({ concurrency: 1 });
    const { wait, open: let_ } = gate();
    const runs: string[] = [];
    jobs.process('work', async ({ id }) => {
      runs.push(id!);
      if (id === 'first') {
        let_('started');
        await wait('go');
      }
      if (id === 'last') let_('done');
    });
    const started = wait('started');
    const done = wait('done');
    await jobs.enqueue('work', { id: 'first' }, { key: 'first' });
    await started;
    for (let i = 0; i < 5; i++) await jobs.enqueue('work', { id: 'same' }, { key: 'same' });
    await jobs.enqueue('work', { id: 'last' }, { key: 'last' });
    let_('go');
    await done;
    expect(runs).toEqual(['first', 'same', 'last']);
  });

  it('runs once more what is enqueued while its like runs, never two at a time', async () => {
    const jobs = open();
    const { wait, open: let_ } = gate();
    let [running, most, runs] = [0, 0, 0];
    jobs.process('work', async () => {
      running += 1;
      runs += 1;
      most = Math.max(most, running);
      let_(`started ${runs}`);
      if (runs === 1) await wait('go');
      running -= 1;
    });
    const [one, two] = [wait('started 1'), wait('started 2')];
    await jobs.enqueue('work', {}, { key: 'k' });
    await one;
    await jobs.enqueue('work', {}, { key: 'k' });
    await jobs.enqueue('work', {}, { key: 'k' });
    let_('go');
    await two;
    await jobs.close();
    expect({ runs, most }).toEqual({ runs: 2, most: 1 });
  });

  it('tries again what fails, and reports each failure', async () => {
    const jobs = open();
    let tries = 0;
    const succeeded = new Promise<void>((resolve) => {
      jobs.process('flaky', async () => {
        tries += 1;
        if (tries < 3) throw new RangeError(`planted ${tries}`);
        resolve();
      });
    });
    await jobs.enqueue('flaky', { id: '7' }, { key: '7' });
    await succeeded;
    expect(failures.map(({ job, attempt, retried }) => ({ ...job, attempt, retried }))).toEqual([
      { name: 'flaky', payload: { id: '7' }, key: '7', attempt: 1, retried: true },
      { name: 'flaky', payload: { id: '7' }, key: '7', attempt: 2, retried: true },
    ]);
  });

  it('gives up after the last try, and takes the job anew when it is enqueued again', async () => {
    const gaveUp = new EventEmitter();
    const jobs = open({
      attempts: 2,
      onFailure: (failure) => {
        failures.push(failure);
        if (!failure.retried) gaveUp.emit('gave up');
      },
    });
    jobs.process('hopeless', async () => {
      throw new RangeError('planted');
    });
    for (const total of [2, 4]) {
      const end = once(gaveUp, 'gave up');
      await jobs.enqueue('hopeless', {}, { key: 'k' });
      await end;
      expect(failures).toHaveLength(total);
    }
  });

  it('runs no more jobs at a time than it may', async () => {
    const jobs = open({ concurrency: 2 });
    let [running, most, left] = [0, 0, 10];
    const done = new Promise<void>((resolve) => {
      jobs.process('work', async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        left -= 1;
        if (left === 0) resolve();
      });
    });
    for (let i = 0; i < 10; i++) await jobs.enqueue('work', {}, { key: String(i) });
    await done;
    expect(most).toBe(2);
  });

  it('does not hand the context of whoever enqueues to the handler', async () => {
    const storage = new AsyncLocalStorage<string>();
    const jobs = open();
    const inside = new Promise((resolve) => jobs.process('work', async () => resolve(storage.getStore())));
    await storage.run('transaction', () => jobs.enqueue('work', {}, { key: 'k' }));
    expect(await inside).toBeUndefined();
  });

  it('refuses a second handler', () => {
    const jobs = open();
    jobs.process('work', async () => undefined);
    expect(() => jobs.process('work', async () => undefined)).toThrow(
      expect.objectContaining({ code: 'JOB_HANDLER_DUPLICATE' }),
    );
  });

  it('waits for what runs when it closes', async () => {
    const jobs = open();
    const { wait, open: let_ } = gate();
    let finished = false;
    jobs.process('work', async () => {
      let_('started');
      await wait('go');
      finished = true;
    });
    const started = wait('started');
    await jobs.enqueue('work', {}, { key: 'k' });
    await started;
    const closing = jobs.close();
    let_('go');
    await closing;
    expect(finished).toBe(true);
  });
}

describe('InProcessQueue', () => {
  suite((options) => new InProcessQueue(options));
});

const withRedis = redisUrl === undefined ? describe.skip : describe;
withRedis('BullMqQueue (skipped without a Redis server at TEST_REDIS_URL)', () => {
  suite((options) => new BullMqQueue(redisUrl ?? '', options, `test-${randomUUID()}`));
});
