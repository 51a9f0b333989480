import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import type { Logger } from '#observability';
import { endWith } from '../pipeline/error.filter.ts';
import { httpStatus, publicError, type PublicError } from '../pipeline/errors.ts';
import type { PipelineRequest } from '../pipeline/request-pipeline.ts';
import { LOGGER } from '../platform.tokens.ts';
import { toError, urn, uuidOf } from './dsp-messages.ts';

/** Refusals as the error messages of the Dataspace Protocol. */
@Catch()
export class DspErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const refusal = publicError(error, this.logger);
    const status = statusOf(refusal);
    const response = http.getResponse<ServerResponse>();
    if (status === 401) response.setHeader('www-authenticate', 'Bearer');
    const { code } = refusal.extensions;
    endWith(response, status, errorOf(http.getRequest<PipelineRequest>(), code, refusal.message));
  }
}

/** A refused transition is a bad request, and who may not is told that there is nothing: so the bindings say. */
function statusOf(refusal: PublicError): number {
  const { code, kind } = refusal.extensions;
  if (code === 'TRANSITION_REFUSED') return 400;
  return kind === 'forbidden' ? 404 : httpStatus(refusal);
}

function errorOf({ originalUrl, body }: PipelineRequest, code: string, message: string): object {
  const [, , part = '', pid = ''] = new URL(originalUrl, 'http://localhost').pathname.split('/');
  const fields = { code, reason: [message] };
  if (part === 'catalog') return toError('CatalogError', fields);
  const id = uuidOf(decodeURIComponent(pid));
  const pids = { providerPid: id === '' ? '' : urn(id), consumerPid: consumerPidOf(body) };
  return toError(part === 'transfers' ? 'TransferError' : 'ContractNegotiationError', { ...pids, ...fields });
}

function consumerPidOf(body: unknown): string {
  const pid = (body as { consumerPid?: unknown } | undefined)?.consumerPid;
  return typeof pid === 'string' ? pid : '';
}
