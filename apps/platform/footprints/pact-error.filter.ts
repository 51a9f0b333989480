import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { Logger } from '#observability';
import { endWith } from '../pipeline/error.filter.ts';
import { httpStatus, publicError, type PublicError } from '../pipeline/errors.ts';
import { LOGGER } from '../platform.tokens.ts';

/** Error codes of the PACT specification where they are not those of their HTTP status. */
const CODES: Readonly<Record<string, readonly [status: number, code: string]>> = {
  TOKEN_EXPIRED: [401, 'TokenExpired'],
  RATE_LIMITED: [429, 'TooManyRequests'],
  EVENT_NOT_IMPLEMENTED: [501, 'NotImplemented'],
};

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'AccessDenied',
  403: 'AccessDenied',
  404: 'NotFound',
  500: 'InternalError',
  503: 'InternalError',
};

/** Refusals in the words of the PACT specification: `{"code", "message"}`. */
@Catch()
export class PactErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const refusal = publicError(error, this.logger);
    const response = host.switchToHttp().getResponse<ServerResponse>();
    const [status, code] = CODES[refusal.extensions.code] ?? byStatus(refusal);
    if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    endWith(response, status, { code, message: refusal.message });
  }
}

function byStatus(refusal: PublicError): readonly [status: number, code: string] {
  const status = httpStatus(refusal);
  return BY_STATUS[status] === undefined ? [400, 'BadRequest'] : [status, BY_STATUS[status]];
}

/** Refusals of a token in the words of RFC 6749 section 5.2. */
@Catch()
export class TokenErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { message, extensions } = publicError(error, this.logger);
    const response = host.switchToHttp().getResponse<ServerResponse>();
    response.setHeader('cache-control', 'no-store');
    const [status, name] = tokenError(extensions);
    if (status === 401) response.setHeader('www-authenticate', 'Basic');
    endWith(response, status, { error: name, error_description: message });
  }
}

function tokenError({ code, kind }: PublicError['extensions']): readonly [status: number, error: string] {
  if (kind === 'unauthenticated') return [401, 'invalid_client'];
  // RFC 6749 has no word for it.
  if (code === 'RATE_LIMITED') return [429, 'invalid_request'];
  if (code === 'TOKEN_GRANT_TYPE') return [400, 'unsupported_grant_type'];
  return kind === 'internal' ? [500, 'server_error'] : [400, 'invalid_request'];
}
