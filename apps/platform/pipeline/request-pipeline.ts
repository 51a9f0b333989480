import type { IncomingMessage, ServerResponse } from 'node:http';
import { concat, DomainError, sha256Hex } from '#core';
import type { Logger } from '#observability';
import type { Authenticated, AuthenticationService } from '../identity/authentication.service.ts';
import { requireMoreThanAuditor } from './auditor-fields.ts';
import { sendError } from './error.filter.ts';
import { publicError } from './errors.ts';
import type { PrincipalHolder } from './principal.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** A request as Express and this pipeline complete it. */
export interface PipelineRequest extends IncomingMessage, PrincipalHolder {
  /** The request target as sent; Express cuts `url` while routing. */
  readonly originalUrl: string;
  body?: unknown;
  /** What the signature says the body hashes to; absent without a signature. */
  bodyDigest?: string | undefined;
}

type Middleware = (request: PipelineRequest, response: ServerResponse, next: () => void) => void;

/** GraphQL requests: body limit → authenticate over the raw bytes → parse. Refusals answer before anything is parsed. */
export function graphqlPipeline(
  authentication: AuthenticationService,
  bodyBytes: number,
  logger: Logger,
): Middleware {
  return guarded(logger, async (request) => {
    const body = await readBody(request, bodyBytes);
    await authenticate(request, authentication);
    if (request.bodyDigest !== undefined) requireDigest(await sha256Hex(body), request.bodyDigest);
    request.body = body.length === 0 ? {} : parseJson(body);
  });
}

/** What a request outside of GraphQL costs: about a page of a query, as each is some statements and a file, page or document. */
export const STREAM_COST = 100;

/** Streams of bytes in or out: authenticate by the head alone; whoever streams a body compares its hash. */
export function streamPipeline(
  authentication: AuthenticationService,
  rate: RateLimiter,
  logger: Logger,
): Middleware {
  return guarded(logger, async (request) => {
    await authenticate(request, authentication);
    if (request.principal === undefined) return;
    requireMoreThanAuditor(request.principal);
    await rate.take(request.principal, STREAM_COST);
  });
}

/** @throws DIGEST_MISMATCH */
export function requireDigest(actual: string, stated: string): void {
  if (actual !== stated) {
    throw new DomainError(
      'DIGEST_MISMATCH',
      `expected a body of SHA-256 ${stated}, got ${actual}`,
      'invalid',
    );
  }
}

function guarded(logger: Logger, step: (request: PipelineRequest) => Promise<void>): Middleware {
  return (request, response, next) => {
    step(request).then(next, (error: unknown) => sendError(response, publicError(error, logger)));
  };
}

async function authenticate(request: PipelineRequest, authentication: AuthenticationService): Promise<void> {
  const found: Authenticated | undefined = await authentication.authenticate({
    method: request.method ?? '',
    path: request.originalUrl,
    headers: request.headers,
  });
  request.principal = found?.principal;
  request.bodyDigest = found?.bodyDigest;
}

/** @throws BODY_TOO_LARGE */
export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  requireLength(Number(request.headers['content-length'] ?? 0), limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    requireLength(length, limit);
    chunks.push(chunk);
  }
  return concat(...chunks);
}

function requireLength(length: number, limit: number): void {
  if (!(length <= limit)) {
    throw new DomainError(
      'BODY_TOO_LARGE',
      `expected a body of at most ${limit} bytes, got ${length}`,
      'limit',
      { limit },
    );
  }
}

/** Deeper than any request of this API; what walks the values by recursion (hashes, coercion) then has stack enough. */
const MAX_DEPTH = 64;

/** @throws BODY_MALFORMED, BODY_TOO_DEEP */
export function parseJson(body: Uint8Array): unknown {
  const json = parse(body);
  requireDepth(json, MAX_DEPTH);
  return json;
}

/** @throws BODY_TOO_DEEP */
function requireDepth(json: unknown, left: number): void {
  if (typeof json !== 'object' || json === null) return;
  if (left === 0) {
    throw new DomainError(
      'BODY_TOO_DEEP',
      `expected at most ${MAX_DEPTH} levels of JSON, got more`,
      'limit',
      {
        limit: MAX_DEPTH,
      },
    );
  }
  for (const item of Object.values(json)) requireDepth(item, left - 1);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    // The parser's message quotes the body, which may hold a secret.
    throw new DomainError(
      'BODY_MALFORMED',
      `expected JSON in UTF-8, got ${body.length} bytes of something else`,
    );
  }
}
