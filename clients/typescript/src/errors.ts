/** What a refusal says beside code and message. */
export interface ErrorDetails {
  /** What the platform adds, e.g. `{ retryAfterMs }` of RATE_LIMITED. */
  readonly data?: unknown;
  /** HTTP status; absent where there was no answer. */
  readonly status?: number;
  /** How long the platform asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * A call that failed: the platform's own code (`GATE_CLOSED`, `ROLE_MISSING`, …), or `NETWORK` and `TIMEOUT` where it did
 * not answer, `UNEXPECTED` where the answer was none of GraphQL.
 */
export class GridcommonsError extends Error {
  readonly data: unknown;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: string,
    message: string,
    { data, status, retryAfterMs, cause }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GridcommonsError';
    this.data = data;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may succeed later: nobody answered, too many requests (429), or not now (503). */
  get isTransient(): boolean {
    return this.code === 'NETWORK' || this.code === 'TIMEOUT' || this.status === 429 || this.status === 503;
  }
}
