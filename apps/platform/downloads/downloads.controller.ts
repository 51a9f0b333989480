import type { ServerResponse } from 'node:http';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { type Principal, requirePrincipal } from '../pipeline/principal.ts';
import { RateLimiter } from '../pipeline/rate-limiter.ts';
import { type PipelineRequest, STREAM_COST } from '../pipeline/request-pipeline.ts';
import { TableSender } from '../tables/table-sender.service.ts';
import { DownloadLinks, LINK_ARGUMENTS } from './download-links.service.ts';
import { DownloadTables } from './download-tables.service.ts';

/** `GET /downloads/<what>?format=…`: the rows of a query as a file, for who shows credentials or holds a link. */
@Controller('downloads')
export class DownloadsController {
  constructor(
    private readonly links: DownloadLinks,
    private readonly rate: RateLimiter,
    private readonly tables: DownloadTables,
    private readonly sender: TableSender,
  ) {}

  /** @throws UNAUTHENTICATED, as DownloadLinks.principal and DownloadTables.open, EXPORT_BUSY, EXPORT_TIME, and what the query refuses */
  @Get(':what')
  async get(
    @Req() request: PipelineRequest,
    @Param('what') what: string,
    @Query() query: Readonly<Record<string, unknown>>,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const principal = await this.#principal(request);
    const asked = Object.entries(query).filter(([name]) => !LINK_ARGUMENTS.includes(name));
    const { format, hand } = this.tables.open(principal, what, Object.fromEntries(asked));
    const named = { 'content-disposition': `attachment; filename="${what}.${format.name}"` };
    await hand((table) =>
      this.sender.send(
        principal.organisationId,
        format,
        { ...table, headers: async () => ({ ...named, ...(await table.headers?.()) }) },
        response,
      ),
    );
  }

  /** The pipeline has taken the cost of a request with credentials. */
  async #principal({ principal, originalUrl }: PipelineRequest): Promise<Principal> {
    if (principal !== undefined) return principal;
    const holder = requirePrincipal(await this.links.principal(originalUrl));
    await this.rate.take(holder, STREAM_COST);
    return holder;
  }
}
