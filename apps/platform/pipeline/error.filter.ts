import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { DomainError } from '#core';
import type { Logger } from '#observability';
import { LOGGER } from '../platform.tokens.ts';
import { httpStatus, publicError, type PublicError, toGraphQLError } from './errors.ts';

/** The one place where an error leaves a handler: as a GraphQL error, or as the same JSON shape over plain HTTP. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType<'graphql' | 'http'>() === 'graphql') return toGraphQLError(error, this.logger);
    return sendError(
      host.switchToHttp().getResponse<ServerResponse>(),
      publicError(fromFramework(error), this.logger),
    );
  }
}

/** Ends a plain HTTP response with `{"errors": […]}`, the shape GraphQL clients know. */
export function sendError(response: ServerResponse, error: PublicError): void {
  if (response.headersSent) {
    // The status is already on its way: only breaking off tells the client that the body is not whole.
    response.destroy();
    return;
  }
  endWith(response, httpStatus(error), { errors: [error] });
}

/** Ends a plain HTTP response with a refusal in JSON. */
export function endWith(response: ServerResponse, status: number, refusal: object): void {
  if (!response.req.complete) {
    // The rest of a refused body is thrown away; the connection is of no further use.
    response.setHeader('connection', 'close');
    response.req.resume();
  }
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(refusal));
}

function fromFramework(error: unknown): unknown {
  if (error instanceof HttpException && error.getStatus() === 404) {
    return new DomainError(
      'ROUTE_UNKNOWN',
      'expected /graphql, /blobs/<sha256>, /forecasts/export, /downloads/…, /3/footprints, /3/events, /auth/token, /dsp/…, /.well-known/dspace-version, /health/live or /health/ready, got another path',
      'not-found',
    );
  }
  return error;
}
