import type { ServerResponse } from 'node:http';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { DomainError, quoted } from '#core';
import { renderInvoice } from '#reports';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { InvoicesService } from './invoices.service.ts';

const CONTENT_TYPES = { json: 'application/json', pdf: 'application/pdf' } as const;

/** `GET /invoices/<id>?format=json|pdf`: for both parties. */
@Controller('invoices')
export class InvoicesController {
  constructor(private readonly invoices: InvoicesService) {}

  /** @throws INVOICE_NOT_FOUND, INVOICE_FORMAT */
  @Get(':id')
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Query('format') asked: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const format = requireFormat(asked);
    const bytes = await renderInvoice(await this.invoices.document(principal, id), format);
    response.writeHead(200, {
      'content-type': CONTENT_TYPES[format],
      'content-length': bytes.length,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(bytes);
  }
}

/** @throws INVOICE_FORMAT */
function requireFormat(format: unknown): 'json' | 'pdf' {
  if (format === undefined || format === 'json') return 'json';
  if (format === 'pdf') return 'pdf';
  throw new DomainError('INVOICE_FORMAT', `expected format json or pdf, got ${quoted(format)}`);
}
