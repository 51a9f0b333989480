import { GridcommonsError } from './errors.ts';

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** The first pause is at most so long, each next one at most twice the one before. */
  readonly baseMs: number;
  /** No pause is longer; where the platform asks for a longer one, the call fails with what it said. */
  readonly maxMs: number;
}

export const RETRY: RetryPolicy = { attempts: 5, baseMs: 250, maxMs: 60_000 };

/**
 * Tries again while failures are transient, after a random part of an exponentially growing pause (full jitter), or after
 * what the platform asks for where that is longer. Domain errors and an aborted signal end it at once.
 */
export async function retrying<T>(
  attempt: (number: number) => Promise<T>,
  policy: RetryPolicy,
  signal?: AbortSignal,
): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      signal?.throwIfAborted();
      const pauseMs = number < policy.attempts ? pauseAfter(error, number, policy) : null;
      if (pauseMs === null) throw error;
      await pause(pauseMs, signal);
    }
  }
}

/** Null where no later try can help, or none is allowed. */
function pauseAfter(error: unknown, number: number, policy: RetryPolicy): number | null {
  if (!(error instanceof GridcommonsError) || !(error.isTransient || isOwnRun(error, number))) return null;
  const { retryAfterMs = 0 } = error;
  return retryAfterMs > policy.maxMs ? null : Math.max(retryAfterMs, backoffMs(number, policy));
}

/** An earlier try that went unanswered still runs under the same key: its answer is what is waited for. */
const isOwnRun = ({ code }: GridcommonsError, number: number): boolean =>
  number > 1 && code === 'IDEMPOTENCY_IN_PROGRESS';

export const backoffMs = (number: number, { baseMs, maxMs }: RetryPolicy): number =>
  Math.random() * Math.min(maxMs, baseMs * 2 ** (number - 1));

/** @throws the signal's reason as soon as it is aborted */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(reasonOf(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

const reasonOf = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new Error(String(signal?.reason));
