import type { IncomingHttpHeaders } from 'node:http';
import { DomainError, isoInstant, type Json, parseInstant, REQUEST_WINDOW_MS } from '#core';

/** What the signature of a request is for (`signJson`'s context). */
export const REQUEST_CONTEXT = 'gridcommons/request/1';

/** A request signed by a participant, as its headers state it. */
export interface SignedRequest {
  readonly participant: string;
  readonly date: string;
  readonly dateMs: number;
  /** 16 random bytes, hex; used once. */
  readonly nonce: string;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
  readonly signature: string;
}

const HEADERS = {
  participant: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  date: /^\d{4}-\d{2}-\d{2}T.{1,20}$/,
  nonce: /^[0-9a-f]{32}$/,
  digest: /^[0-9a-f]{64}$/,
  signature: /^[0-9a-f]{128}$/,
} as const;

/**
 * Reads the five `gridcommons-…` headers.
 * @returns undefined when the request is not signed at all.
 * @throws SIGNATURE_HEADERS_MALFORMED, REQUEST_DATE_OUT_OF_RANGE
 */
export function readSignedRequest(headers: IncomingHttpHeaders, nowMs: number): SignedRequest | undefined {
  if (headers['gridcommons-participant'] === undefined) return undefined;
  const date = signedHeader(headers, 'date');
  const dateMs = parseInstant(date);
  if (Math.abs(nowMs - dateMs) > REQUEST_WINDOW_MS) {
    throw new DomainError(
      'REQUEST_DATE_OUT_OF_RANGE',
      `expected a date within 5 minutes of ${isoInstant(nowMs)}, got ${date}`,
      'unauthenticated',
    );
  }
  return {
    participant: signedHeader(headers, 'participant'),
    date,
    dateMs,
    nonce: signedHeader(headers, 'nonce'),
    digest: signedHeader(headers, 'digest'),
    signature: signedHeader(headers, 'signature'),
  };
}

/** The value the signature covers. `path` is the request target as sent, query string included. */
export function signedContent(method: string, path: string, request: SignedRequest): Json {
  const { digest, date, nonce, participant } = request;
  return { method, path, digest, date, nonce, participant };
}

function signedHeader(headers: IncomingHttpHeaders, name: keyof typeof HEADERS): string {
  const value = headers[`gridcommons-${name}`];
  if (typeof value !== 'string' || !HEADERS[name].test(value)) {
    throw new DomainError(
      'SIGNATURE_HEADERS_MALFORMED',
      `expected header gridcommons-${name} as documented, got ${value === undefined ? 'none' : 'another form'}`,
      'unauthenticated',
      { header: `gridcommons-${name}` },
    );
  }
  return value;
}
