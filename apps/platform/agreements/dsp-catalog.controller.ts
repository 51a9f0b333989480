import type { ServerResponse } from 'node:http';
import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { DomainError } from '#core';
import { sendJson } from '../pipeline/plain-http.ts';
import type { PipelineRequest } from '../pipeline/request-pipeline.ts';
import { DspCatalog } from './dsp-catalog.service.ts';
import { DspErrorFilter } from './dsp-error.filter.ts';
import { rootDataset, toCatalog, toDataset, uuidOf } from './dsp-messages.ts';
import { baseOf, Connectors, messageOf } from './dsp-request.ts';

/** What a foreign connector asks first, without credentials. */
@Controller('.well-known')
export class DspVersionController {
  @Get('dspace-version')
  versions(): object {
    return { protocolVersions: [{ version: '2025-1', path: '/dsp', binding: 'HTTPS' }] };
  }
}

/** Catalogue of the Dataspace Protocol 2025-1, HTTPS binding. */
@Controller('dsp/catalog')
@UseFilters(DspErrorFilter)
export class DspCatalogController {
  constructor(
    private readonly connectors: Connectors,
    private readonly catalog: DspCatalog,
  ) {}

  @Post('request')
  async request(
    @Req() request: PipelineRequest,
    @Res() response: ServerResponse,
    @Query('after') after?: string,
  ): Promise<void> {
    const connector = await this.connectors.of(request);
    requireNoFilter((await messageOf(request, 'CatalogRequestMessage'))['filter']);
    const base = baseOf(request);
    const { found, next } = await this.catalog.page(connector, after ?? null);
    if (next !== null) response.setHeader('link', `<${base}/catalog/request?after=${next}>; rel="next"`);
    const datasets = found.map(({ dataSet, offers }) => toDataset(dataSet, offers, base));
    sendJson(response, 200, toCatalog(datasets, base));
  }

  @Get('datasets/:id')
  async dataset(
    @Req() request: PipelineRequest,
    @Param('id') id: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const connector = await this.connectors.of(request);
    const { dataSet, offers } = await this.catalog.get(connector, uuidOf(id));
    sendJson(response, 200, rootDataset(toDataset(dataSet, offers, baseOf(request))));
  }
}

/** @throws DSP_FILTER: the protocol leaves filters to implementers, and has them refuse what they have not */
function requireNoFilter(filter: unknown): void {
  if (filter === undefined || (Array.isArray(filter) && filter.length === 0)) return;
  throw new DomainError('DSP_FILTER', 'expected no filter, got one');
}
