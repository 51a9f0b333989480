/** What went wrong, in terms a caller can act on; the edge maps each kind to a GraphQL code and a CLI exit code. */
export type ErrorKind =
  | 'invalid' // the input breaks a stated rule
  | 'unauthenticated' // nobody proved who is asking
  | 'forbidden' // known, but not allowed
  | 'not-found' // absent, or another tenant's
  | 'conflict' // contradicts what is already recorded
  | 'limit' // a stated limit is exceeded
  | 'unavailable'; // a needed party or service does not answer

export type ErrorData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * A rule of the domain was broken. `code` is part of the API (clients match on it, it never changes meaning);
 * `message` says what was expected and what came; `data` carries the numbers, never a secret or a reading.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: string,
    message: string,
    readonly kind: ErrorKind = 'invalid',
    readonly data: ErrorData = {},
  ) {
    super(message);
  }
}
