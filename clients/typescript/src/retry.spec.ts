import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GridcommonsError } from './errors.ts';
import { retrying } from './retry.ts';

const POLICY = { attempts: 4, baseMs: 100, maxMs: 10_000 };
const network = () => new GridcommonsError('NETWORK', 'nobody');
const busy = (retryAfterMs: number) =>
  new GridcommonsError('RATE_LIMITED', 'busy', { status: 429, retryAfterMs });
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'none',
    (error: unknown) => error,
  );

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Fails with each in turn, then answers; says when it was tried, ms from the start. */
function failing(...failures: readonly Error[]) {
  const left = [...failures];
  const at: number[] = [];
  const began = Date.now();
  const attempt = async (): Promise<string> => {
    at.push(Date.now() - began);
    const failure = left.shift();
    if (failure) throw failure;
    return 'done';
  };
  return { at, attempt };
}

describe('retrying', () => {
  it('waits a random part of a pause that doubles', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const { at, attempt } = failing(network(), network(), network());
    const done = retrying(attempt, POLICY);
    await jest.advanceTimersByTimeAsync(10_000);
    await expect(done).resolves.toBe('done');
    expect(at).toEqual([0, 50, 150, 350]);
  });

  it('waits as long as the platform asks, and not at all where that is too long', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const patient = failing(busy(3_000));
    const done = retrying(patient.attempt, POLICY);
    await jest.advanceTimersByTimeAsync(3_000);
    await expect(done).resolves.toBe('done');
    expect(patient.at).toEqual([0, 3_000]);
    await expect(retrying(failing(busy(10_001)).attempt, POLICY)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
  });

  it('gives up after the last attempt', async () => {
    const { at, attempt } = failing(network(), network(), network(), network());
    const failed = failureOf(retrying(attempt, POLICY));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await failed).toMatchObject({ code: 'NETWORK' });
    expect(at).toHaveLength(4);
  });

  it.each([
    ['a domain error', new GridcommonsError('GATE_CLOSED', 'closed', { status: 200 })],
    ['an internal error', new GridcommonsError('INTERNAL', 'internal', { status: 500 })],
    ['the run of another under the same key', new GridcommonsError('IDEMPOTENCY_IN_PROGRESS', 'running', { status: 409 })], // prettier-ignore
    ['a mistake of its own', new TypeError('x is not a function')],
  ])('does not repeat %s', async (_, failure) => {
    const { at, attempt } = failing(failure);
    await expect(retrying(attempt, POLICY)).rejects.toBe(failure);
    expect(at).toHaveLength(1);
  });

  it('waits for its own run that still goes on after an answer was lost', async () => {
    const running = new GridcommonsError('IDEMPOTENCY_IN_PROGRESS', 'running', { status: 409 });
    const done = retrying(failing(network(), running).attempt, POLICY);
    await jest.advanceTimersByTimeAsync(10_000);
    await expect(done).resolves.toBe('done');
  });

  it('ends in a pause when it is aborted', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.9);
    const control = new AbortController();
    const { at, attempt } = failing(network());
    const failed = failureOf(retrying(attempt, POLICY, control.signal));
    await jest.advanceTimersByTimeAsync(1);
    control.abort(new Error('enough'));
    expect(await failed).toMatchObject({ message: 'enough' });
    expect(at).toEqual([0]);
  });
});
