import type { ServerResponse } from 'node:http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { canonicalJson, type Json } from '#core';
import { originOf } from '../pipeline/plain-http.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { PipelineRequest } from '../pipeline/request-pipeline.ts';
import { CatalogueDcat } from './catalogue-dcat.service.ts';

/** `GET /catalogue.jsonld`: listed data sets for harvesters, a page at a time, in canonical JSON. */
@Controller()
export class CatalogueDcatController {
  constructor(private readonly dcat: CatalogueDcat) {}

  @Get('catalogue.jsonld')
  async get(
    @CurrentPrincipal() principal: Principal,
    @Req() request: PipelineRequest,
    @Res() response: ServerResponse,
    @Query('after') after?: string,
  ): Promise<void> {
    const { document, next } = await this.dcat.page(principal, originOf(request), after ?? null);
    response.writeHead(200, {
      'content-type': 'application/ld+json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(next === null ? {} : { link: `<${next}>; rel="next"` }),
    });
    response.end(canonicalJson(document as Json));
  }
}
