import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { BlobService } from '../blobs/blob.service.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { type BlobRange, parseRange } from './range.ts';

/** `GET /deliveries/<agreement>/<version>/<index>`: one encrypted chunk, or with `Range` a part of it; `…/list`: their hashes. */
@Controller('deliveries')
export class DeliveryController {
  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly blobs: BlobService,
  ) {}

  @Get(':agreementId/:versionId/list')
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('agreementId') agreementId: string,
    @Param('versionId') versionId: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    await this.#send(await this.deliveries.chunkList(principal, { agreementId, versionId }), response);
  }

  @Get(':agreementId/:versionId/:index')
  async chunk(
    @CurrentPrincipal() principal: Principal,
    @Param() { agreementId, versionId, index }: { agreementId: string; versionId: string; index: string },
    @Headers('range') range: string | undefined,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const at = /^\d{1,9}$/.test(index) ? Number(index) : Number.NaN;
    const of = { agreementId, versionId };
    await this.#send(await this.deliveries.chunk(principal, of, at, parseRange(range)), response);
  }

  /** After the read has been decided and recorded: what fails from here on was permitted. */
  async #send(range: BlobRange, response: ServerResponse): Promise<void> {
    const { sha256, start, end, size } = range;
    const isPart = end - start < size;
    response.writeHead(isPart ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'content-length': end - start,
      ...(isPart && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await pipeline(this.blobs.stream(sha256, { start, end }), response);
  }
}
