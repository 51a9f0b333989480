import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { DomainError } from '#core';
import type { Logger } from '#observability';
import { sendError } from './error.filter.ts';
import { publicError } from './errors.ts';
import type { PipelineRequest } from './request-pipeline.ts';

/**
 * Has request targets in absolute form (RFC 9112, section 3.2.2: a server accepts them, and their host goes before the header's)
 * read as the path and host that all behind it know. Before Express, which keeps what it parsed of a target.
 */
export function readOriginForm(server: Server): void {
  server.prependListener('request', (request: IncomingMessage) => {
    const { url = '' } = request;
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return;
    const { host, pathname, search } = new URL(url);
    request.headers.host = host;
    request.url = pathname + search;
  });
}

/** Refuses other targets than a path, and one whose escapes say nothing: to a route with a parameter it would be a defect. */
export const pathsOnly =
  (logger: Logger) =>
  ({ url = '' }: IncomingMessage, response: ServerResponse, next: () => void): void => {
    if (url.startsWith('/') && isDecodable(url)) return next();
    const refusal = new DomainError('TARGET_MALFORMED', 'expected a path or an http URL as request target, got another'); // prettier-ignore
    sendError(response, publicError(refusal, logger));
  };

function isDecodable(target: string): boolean {
  const [path = ''] = target.split('?', 1);
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

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
