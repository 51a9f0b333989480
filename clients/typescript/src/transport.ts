import { type Participant, signedHeaders } from './credentials.ts';
import { GridcommonsError } from './errors.ts';
import { retrying, type RetryPolicy } from './retry.ts';

/** What one call may say for itself. */
export interface CallOptions {
  /** Ends the call, pauses between tries included. */
  readonly signal?: AbortSignal;
  /** Of each try, from request to whole answer; else the client's. */
  readonly timeoutMs?: number;
}

export interface Connection {
  /** Of the platform, without `/graphql`. */
  readonly url: string;
  readonly bearer: () => Promise<string>;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly fetch: typeof fetch;
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Signs instead of showing the bearer's key. */
  readonly participant?: Participant | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

interface Failure {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly data?: { readonly retryAfterMs?: number } };
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly Failure[];
}

/** HTTP with time limits and retries; every try is signed anew, as a nonce is used once. */
export class Transport {
  readonly #to: Connection;

  constructor(to: Connection) {
    this.#to = to;
  }

  /** One operation; `idempotencyKey` stays the same over all tries. @throws GridcommonsError */
  graphql<R>(
    asked: { readonly query: string; readonly variables: object },
    { idempotencyKey, participant, ...options }: CallOptions & Asker,
  ): Promise<R> {
    const headers = {
      'content-type': 'application/json',
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    };
    const request = { method: 'POST', path: '/graphql', headers, body: JSON.stringify(asked), participant } as const; // prettier-ignore
    return this.#retried(options, async () => dataOf(await this.#send(request, options)) as R);
  }

  /** The bytes at a path of the platform, authenticated. @throws GridcommonsError */
  bytes(path: string, options: CallOptions): Promise<Uint8Array> {
    return this.#retried(options, async () => {
      const answer = await this.#send({ method: 'GET', path }, options);
      if (answer.status !== 200) throw refusalOf(answer, readJson(answer)?.errors?.[0]);
      return answer.bytes;
    });
  }

  #retried<T>({ signal }: CallOptions, attempt: () => Promise<T>): Promise<T> {
    return retrying(attempt, this.#to.retry, signal);
  }

  async #send(
    { method, path, headers, body = '', participant }: Request,
    { signal, timeoutMs }: CallOptions,
  ): Promise<Answer> {
    const target = new URL(this.#to.url + path);
    const credentials = participant
      ? await signedHeaders(
          participant,
          method,
          target.pathname + target.search,
          new TextEncoder().encode(body),
        )
      : { authorization: `Bearer ${await this.#to.bearer()}` };
    const limit = AbortSignal.timeout(timeoutMs ?? this.#to.timeoutMs);
    try {
      const response = await this.#to.fetch(target, {
        method,
        headers: { ...headers, ...credentials },
        ...(method === 'POST' && { body }),
        // What is meant for this platform is told to no other, and asked of no cache.
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, bytes };
    } catch (cause) {
      signal?.throwIfAborted();
      const [code, said] = limit.aborted ? ['TIMEOUT', 'none in time'] : ['NETWORK', 'none'];
      throw new GridcommonsError(code, `expected an answer of ${this.#to.url}, got ${said}`, { cause });
    }
  }
}

interface Asker {
  readonly idempotencyKey?: string | undefined;
  readonly participant?: Participant | undefined;
}

function dataOf(answer: Answer): unknown {
  const { data, errors } = readJson(answer) ?? {};
  const [failure] = errors ?? [];
  if (failure !== undefined || data === undefined || data === null) throw refusalOf(answer, failure);
  return data;
}

/** Undefined where it is no JSON. */
function readJson({ bytes }: Answer): GraphqlAnswer | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as GraphqlAnswer;
  } catch {
    return undefined;
  }
}

function refusalOf({ status, headers }: Answer, failure?: Failure): GridcommonsError {
  const { code = 'UNEXPECTED', data } = failure?.extensions ?? {};
  const retryAfterMs = data?.retryAfterMs ?? retryAfter(headers.get('retry-after'));
  return new GridcommonsError(
    code,
    failure?.message ?? `expected an answer of GraphQL, got status ${status}`,
    { data, status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  );
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
