import type { ServerResponse } from 'node:http';
import { Controller, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { DomainError } from '#core';
import { originOf, sendJson } from '../pipeline/plain-http.ts';
import { type PipelineRequest, readBody } from '../pipeline/request-pipeline.ts';
import { AccessTokens } from './access-tokens.service.ts';
import { AFTER, readFootprintQuery } from './footprint-query.ts';
import { FootprintReader } from './footprint-reader.service.ts';
import { PactErrorFilter, TokenErrorFilter } from './pact-error.filter.ts';

const MAX_FORM_BYTES = 4_096;
const MAX_EVENT_BYTES = 65_536;

/** `POST /auth/token`: client credentials of RFC 6749 for the endpoints below. */
@Controller('auth')
@UseFilters(TokenErrorFilter)
export class TokenController {
  constructor(private readonly tokens: AccessTokens) {}

  @Post('token')
  async token(@Req() request: PipelineRequest, @Res() response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_FORM_BYTES);
    const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
    sendJson(response, 200, await this.tokens.issue(request.headers.authorization, form));
  }
}

/** Exchange of product footprints by the HTTP API of the PACT Technical Specifications 3.0. */
@Controller('3')
@UseFilters(PactErrorFilter)
export class PactController {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly footprints: FootprintReader,
  ) {}

  @Get('footprints')
  async list(@Req() request: PipelineRequest, @Res() response: ServerResponse): Promise<void> {
    const reader = await this.tokens.principal(request.headers.authorization);
    const link = new URL(originOf(request) + request.originalUrl);
    const { data, next } = await this.footprints.list(reader, readFootprintQuery(link.searchParams));
    if (next !== null) {
      link.searchParams.set(AFTER, next);
      response.setHeader('link', `<${link.href}>; rel="next"`);
    }
    sendJson(response, 200, { data });
  }

  @Get('footprints/:id')
  async get(
    @Req() request: PipelineRequest,
    @Param('id') id: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const reader = await this.tokens.principal(request.headers.authorization);
    sendJson(response, 200, { data: await this.footprints.get(reader, id) });
  }

  /** @throws EVENT_NOT_IMPLEMENTED for every event: nothing is asked, answered or told by events here */
  @Post('events')
  async events(@Req() request: PipelineRequest): Promise<void> {
    await this.tokens.principal(request.headers.authorization);
    await readBody(request, MAX_EVENT_BYTES);
    throw new DomainError('EVENT_NOT_IMPLEMENTED', 'expected GET /3/footprints, got an event');
  }
}
