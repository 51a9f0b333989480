import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Put, Req, Res } from '@nestjs/common';
import { DomainError } from '#core';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type PipelineRequest, requireDigest } from '../pipeline/request-pipeline.ts';
import type { Audience } from './blob.entity.ts';
import { BlobService, type StoredBlob } from './blob.service.ts';

/** `PUT` and `GET /blobs/<sha256>`: streamed, never held in memory whole. */
@Controller('blobs')
export class BlobController {
  constructor(private readonly blobs: BlobService) {}

  @Put(':sha256')
  async put(
    @CurrentPrincipal() principal: Principal,
    @Param('sha256') sha256: string,
    @Req() request: PipelineRequest,
  ): Promise<StoredBlob> {
    if (request.bodyDigest !== undefined) requireDigest(sha256, request.bodyDigest);
    return this.blobs.put(principal, sha256, request as AsyncIterable<Uint8Array>, {
      audience: readAudience(request.headers['gridcommons-audience']),
      declaredBytes: Number(request.headers['content-length'] ?? 0),
    });
  }

  @Get(':sha256')
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('sha256') sha256: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const { bytes, stream } = await this.blobs.open(principal, sha256);
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': bytes,
      'cache-control': 'private, immutable',
      'x-content-type-options': 'nosniff',
    });
    await pipeline(stream, response);
  }
}

/** @throws AUDIENCE_UNKNOWN */
function readAudience(header: string | readonly string[] | undefined): Audience | undefined {
  if (header === undefined || header === 'private' || header === 'community') return header;
  throw new DomainError(
    'AUDIENCE_UNKNOWN',
    "expected gridcommons-audience 'private' or 'community', got another value",
  );
}
