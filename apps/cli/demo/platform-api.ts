import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DomainError } from '#core';

const POLL_MS = 200;

/** What a request finds of a connection whose other end has gone: by when it looks. */
const CLOSED_WHILE_IDLE: ReadonlySet<string | undefined> = new Set(['UND_ERR_SOCKET', 'EPIPE', 'ECONNRESET']);

/** The platform's GraphQL API with one API key. */
export class PlatformApi {
  constructor(
    readonly url: string,
    private readonly apiKey: string,
  ) {}

  /** @throws the platform's own code, PLATFORM_UNAVAILABLE */
  async request<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await this.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json().catch(() => {
      throw this.unavailable(`status ${response.status}`);
    })) as { data?: T; errors?: { message: string; extensions?: { code?: string } }[] };
    const [error] = errors ?? [];
    if (error) throw new DomainError(error.extensions?.code ?? 'PLATFORM_ERROR', error.message, 'conflict');
    return data as T;
  }

  /** Content-addressed bytes shared with the community. @throws BLOB_UNAVAILABLE, PLATFORM_UNAVAILABLE */
  async blob(sha256: string): Promise<Uint8Array> {
    const response = await this.fetch(`/blobs/${sha256}`);
    if (!response.ok)
      throw new DomainError(
        'BLOB_UNAVAILABLE',
        `expected blob ${sha256}, got status ${response.status}`,
        'not-found',
      );
    return new Uint8Array(await response.arrayBuffer());
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.apiKey}`);
    const ask = (): Promise<Response> => fetch(this.url + path, { ...init, headers });
    const failed = (error: Error): never => {
      throw this.unavailable(error.cause instanceof Error ? error.cause.message : error.message);
    };
    // A connection that the platform has closed while it was idle fails its next request; by its key that is no second one.
    return ask().catch((error: Error) =>
      CLOSED_WHILE_IDLE.has((error.cause as { code?: string } | undefined)?.code)
        ? ask().catch(failed)
        : failed(error),
    );
  }

  private unavailable(got: string): DomainError {
    return new DomainError(
      'PLATFORM_UNAVAILABLE',
      `expected the platform at ${this.url}, got ${got}`,
      'unavailable',
    );
  }

  /** Asks until the answer fits. @throws WAITED_TOO_LONG */
  async until<T>(
    ask: () => Promise<T>,
    fits: (answer: T) => boolean,
    what: string,
    timeoutMs: number,
  ): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const answer = await ask();
      if (fits(answer)) return answer;
      if (Date.now() > deadline)
        throw new DomainError(
          'WAITED_TOO_LONG',
          `expected ${what} within ${timeoutMs / 1_000} s`,
          'unavailable',
        );
      await wait(POLL_MS);
    }
  }
}
