import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { DomainError } from '#core';
import { createLogger } from '#observability';
import { InProcessQueue, type JobFailure } from '#queue';
import { JobHandlers } from './job-handlers.ts';

const handled = async () => undefined;

const onError = (error: unknown): never => {
  throw error;
};

function handlersFor(declared: readonly string[], runsJobs = true) {
  const failures: JobFailure[] = [];
  const queue = new InProcessQueue({ onFailure: (failure) => failures.push(failure), onError });
  return { queue, handlers: new JobHandlers(queue, declared, runsJobs, createLogger('silent')) };
}

describe('JobHandlers', () => {
  it('refuses to start when a declared job has no handler', () => {
    const { handlers } = handlersFor(['clear', 'settle']);
    handlers.register({ name: 'clear', handle: handled });
    expect(() => handlers.onApplicationBootstrap()).toThrow(
      expect.objectContaining({ code: 'JOB_HANDLER_MISSING', data: { missing: ['settle'] } }),
    );
  });

  it('refuses a second handler and an undeclared job', () => {
    const { handlers } = handlersFor(['clear']);
    handlers.register({ name: 'clear', handle: handled });
    expect(() => handlers.register({ name: 'clear', handle: handled })).toThrow(
      expect.objectContaining({ code: 'JOB_HANDLER_DUPLICATE' }),
    );
    expect(() => handlers.register({ name: 'setle', handle: handled })).toThrow(
      expect.objectContaining({ code: 'JOB_UNDECLARED' }),
    );
  });

  it('enqueues at start what the database says is unfinished, whatever another job answers', async () => {
    const { handlers } = handlersFor(['broken', 'settle']);
    handlers.register({
      name: 'broken',
      handle: handled,
      unfinished: async () => {
        throw new RangeError('planted');
      },
    });
    const settled = new Promise((resolve) => {
      handlers.register({
        name: 'settle',
        handle: async (payload) => resolve(payload),
        unfinished: async () => [{ payload: { sessionId: '7' }, key: '7' }],
      });
    });
    handlers.onApplicationBootstrap();
    expect(await settled).toEqual({ sessionId: '7' });
    await handlers.onModuleDestroy();
  });

  it('asks what takes long to stop before it waits for it', async () => {
    const { queue, handlers } = handlersFor(['solve']);
    const stopping = new AbortController();
    const begun = new Promise<void>((begin) => {
      handlers.register({
        name: 'solve',
        handle: async () => {
          begin();
          await once(stopping.signal, 'abort');
        },
        stop: () => stopping.abort(),
      });
    });
    handlers.onApplicationBootstrap();
    await queue.enqueue('solve', {}, { key: 'all' });
    await begun;
    await handlers.onModuleDestroy();
    expect(stopping.signal.aborted).toBe(true);
  });

  it('counts what was done and what failed, with its code, beside what the database says is left', async () => {
    const { queue, handlers } = handlersFor(['settle', 'tell']);
    const ran = new Promise<void>((resolve) => {
      handlers.register({
        name: 'settle',
        handle: async ({ fail }) => {
          if (fail === undefined) return resolve();
          throw new DomainError('PLANTED', 'planted');
        },
        unfinished: async () => [],
      });
    });
    handlers.register({ name: 'tell', handle: handled });
    handlers.onApplicationBootstrap();
    await queue.enqueue('settle', { fail: 'yes' }, { key: '1' });
    await queue.enqueue('settle', {}, { key: '2' });
    await ran;
    await handlers.onModuleDestroy();
    expect(await handlers.report()).toEqual([
      {
        name: 'settle',
        unfinished: 0,
        done: 1,
        failed: 1,
        failedAt: expect.any(Date),
        failureCode: 'PLANTED',
      },
      { name: 'tell', unfinished: null, done: 0, failed: 0, failedAt: null, failureCode: null },
    ]);
  });

  it('runs nothing where another process runs the jobs', async () => {
    const { handlers } = handlersFor(['settle'], false);
    let asked = 0;
    handlers.register({
      name: 'settle',
      handle: handled,
      unfinished: async () => {
        asked += 1;
        return [];
      },
    });
    handlers.onApplicationBootstrap();
    await handlers.onModuleDestroy();
    expect(asked).toBe(0);
  });
});
