import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { DomainError, type ErrorData, type ErrorKind } from '#core';
import type { Logger } from '#observability';

/** The HTTP status a kind of error has where a request fails before or outside of GraphQL execution. */
export const HTTP_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  limit: 413,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>;

/** What a client learns of an error, in GraphQL (`extensions`) and in plain HTTP answers alike. */
export interface PublicError {
  readonly message: string;
  readonly extensions: {
    readonly code: string;
    readonly kind: ErrorKind | 'internal';
    readonly data?: ErrorData;
    /** Finds the log entry of an internal error. */
    readonly id?: string;
  };
}

/** Turns whatever was thrown into what a client may see; anything unforeseen is logged and answered by its id only. */
export function publicError(error: unknown, logger: Logger): PublicError {
  if (error instanceof DomainError) {
    return { message: error.message, extensions: { code: error.code, kind: error.kind, data: error.data } };
  }
  const id = randomUUID();
  logger.error({ err: error, errorId: id }, 'unexpected error');
  return { message: `internal error ${id}`, extensions: { code: 'INTERNAL', kind: 'internal', id } };
}

export function httpStatus(error: PublicError): number {
  const { code, kind } = error.extensions;
  if (code === 'RATE_LIMITED') return 429;
  return kind === 'internal' ? 500 : HTTP_STATUS[kind];
}

/** A refusal before execution (authentication, limits, idempotency), carrying its HTTP status. */
export function refusal(error: DomainError, status: number = HTTP_STATUS[error.kind]): GraphQLError {
  return new GraphQLError(error.message, {
    extensions: { code: error.code, kind: error.kind, data: error.data, http: { status } },
  });
}

/** The one way from a thrown error to a GraphQL error; what graphql-js itself says about a document passes as it is. */
export function toGraphQLError(error: unknown, logger: Logger): GraphQLError {
  const thrown = rootCause(error);
  if (thrown instanceof GraphQLError) return thrown;
  const { message, extensions } = publicError(thrown, logger);
  const place = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
  return new GraphQLError(message, { ...place, extensions: { ...extensions } });
}

/** Whether graphql-js or Apollo refused the document itself, in words that are for the client. */
export function isDocumentError(error: unknown): boolean {
  return rootCause(error) instanceof GraphQLError;
}

function rootCause(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError !== undefined
    ? rootCause(error.originalError)
    : error;
}
