import type { ServerResponse } from 'node:http';
import { DomainError } from '#core';
import type { PipelineRequest } from './request-pipeline.ts';

/** Scheme and host as the client wrote them; behind a proxy that ends TLS, what that says of the scheme. @throws HOST_MALFORMED */
export function originOf({ headers }: PipelineRequest): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const { host = '' } = headers;
  if (/^[\w.:[\]-]{1,255}$/.test(host) && URL.canParse(`${scheme}://${host}`)) return `${scheme}://${host}`;
  throw new DomainError('HOST_MALFORMED', 'expected a host header of a name and a port, got another');
}

/** An answer in JSON for its reader alone. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
