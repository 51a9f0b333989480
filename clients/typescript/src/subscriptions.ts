import { type Client, createClient } from 'graphql-ws/client';
import { GridcommonsError } from './errors.ts';
import { backoffMs, pause, type RetryPolicy } from './retry.ts';

export interface SubscriptionConnection {
  readonly url: string;
  readonly bearer: () => Promise<string>;
  readonly retry: RetryPolicy;
  /** Where the platform has no WebSocket of its own (Node 20): that of `ws`. */
  readonly webSocket?: unknown;
}

interface Failure {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly data?: { readonly retryAfterMs?: number } };
}

/** How an event says where to go on: as the argument `after`. Undefined: it does not. */
export type CursorOf<R> = (event: R) => unknown;

/** What `cursor` of the event's one field says. */
export function cursorOf(event: unknown): unknown {
  const [field] = Object.values(event as Record<string, { readonly cursor?: unknown } | null>);
  return field?.cursor;
}

/**
 * One subscription that outlives its sockets. After a break it asks again with `after` = the cursor of the last event that
 * was handed out, so that nothing is missed and nothing comes twice; before the first event it asks as it first did.
 * A refusal of the platform ends it, but for RATE_LIMITED, which it waits out.
 * @throws GridcommonsError
 */
export async function* resuming<R>(
  connection: SubscriptionConnection,
  asked: Asked,
  cursor: CursorOf<R>,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<R, void, undefined> {
  let { variables } = asked;
  for (let failures = 1; ; failures++) {
    try {
      for await (const event of events<R>(connection, { ...asked, variables }, signal)) {
        failures = 0;
        const after = cursor(event);
        if (after !== undefined) variables = { ...variables, after };
        yield event;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      await pause(waitAfter(error, failures, connection.retry), signal);
    }
  }
}

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Of one socket of its own, which ends with it. @throws the signal's reason, a refusal, or how the socket closed */
async function* events<R>(
  connection: SubscriptionConnection,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  signal.throwIfAborted();
  const socket = open(connection);
  const stop = (): void => void socket.dispose();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { data, errors } of socket.iterate<R>({ ...asked })) {
      if (errors?.length) throw refusalOf(errors);
      yield data as R;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    await socket.dispose();
  }
}

function open({ url, bearer, webSocket }: SubscriptionConnection): Client {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: async () => ({ authorization: `Bearer ${await bearer()}` }),
    // It would ask again from where it first began.
    retryAttempts: 0,
    keepAlive: PING_MS,
    on: {
      // A connection that is cut without a word is found by its silence.
      ping: (isTheirs) => {
        if (!isTheirs) silence = setTimeout(() => client.terminate(), SILENCE_MS);
      },
      pong: () => clearTimeout(silence),
      closed: () => clearTimeout(silence),
    },
    ...(webSocket !== undefined && { webSocketImpl: webSocket }),
  });
  return client;
}

const PING_MS = 15_000;
const SILENCE_MS = 10_000;

/** @throws what it is where it is a refusal, or has failed too often in a row */
function waitAfter(error: unknown, failures: number, retry: RetryPolicy): number {
  const known = toError(error);
  if (!isPassing(known) || failures >= retry.attempts) throw known;
  return Math.max(known.retryAfterMs ?? 0, backoffMs(Math.max(1, failures), retry));
}

const isPassing = ({ code, isTransient }: GridcommonsError): boolean =>
  isTransient || code === 'RATE_LIMITED';

function toError(error: unknown): GridcommonsError {
  if (error instanceof GridcommonsError) return error;
  if (Array.isArray(error)) return refusalOf(error as readonly Failure[]);
  if (isRefusal(error))
    return new GridcommonsError('UNAUTHENTICATED', `expected a socket, got ${error.reason || error.code}`, {
      cause: error,
    });
  return new GridcommonsError('NETWORK', 'expected a WebSocket that stays open, got its end', {
    cause: error,
  });
}

/** Closed with a code of the protocol: the key is unknown or revoked, or there are too many sockets. */
const isRefusal = (error: unknown): error is { readonly code: number; readonly reason: string } =>
  typeof error === 'object' && error !== null && 'code' in error && REFUSED.has(Number(error.code));

/** Unauthorized and Forbidden. */
const REFUSED = new Set([4_401, 4_403]);

function refusalOf([failure]: readonly Failure[]): GridcommonsError {
  const { code = 'UNEXPECTED', data } = failure?.extensions ?? {};
  const retryAfterMs = data?.retryAfterMs;
  return new GridcommonsError(code, failure?.message ?? 'expected an event, got an error without words', {
    data,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
