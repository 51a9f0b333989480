import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { ForecastRow } from './forecast.entity.ts';
import { ExportSlots } from './export-slots.ts';
import { streamWithin } from './export-stream.ts';
import { type ExportRequest, requireExport } from './export.ts';
import { ForecastReader, type ForecastRows } from './forecast-reader.service.ts';
import { TermsService } from './terms.service.ts';

const PAGE = 2_000;
/** A client that takes nothing for so long gives its place up. */
const IDLE_MS = 60_000;
/** From the head of the answer on; a year of a large community takes a part of it. */
const MAX_MS = 600_000;
const MAX_NAMED_TERMS = 20;

/** `GET /forecasts/export`: the rows of the query `forecasts`, streamed page by page under the same checks and charges. */
@Controller('forecasts')
export class ExportController {
  readonly #slots = new ExportSlots();

  constructor(
    private readonly reader: ForecastReader,
    private readonly terms: TermsService,
  ) {}

  /** @throws FORECAST_EXPORT_* as requireExport says, FORECAST_EXPORT_BUSY, FORECAST_EXPORT_TIME, and what the query refuses */
  @Get('export')
  async get(
    @CurrentPrincipal() principal: Principal,
    @Query() query: Readonly<Record<string, unknown>>,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const request = requireExport(query);
    const giveBack = this.#slots.take(principal.organisationId);
    try {
      await this.#stream(principal, request, response);
    } finally {
      giveBack();
    }
  }

  async #stream(
    principal: Principal,
    { format, filter }: ExportRequest,
    response: ServerResponse,
  ): Promise<void> {
    const through = await this.reader.lastSequence(principal);
    const read = (after: string | undefined) =>
      this.reader.page(principal, filter, { after, limit: PAGE, through });
    // Read before the head is sent: a refusal is answered as one.
    const first = await read(undefined);
    const missing = await this.terms.missing(principal, filter);
    const left = [...new Set(missing.map(({ terms }) => terms.id))].slice(0, MAX_NAMED_TERMS);
    response.writeHead(200, {
      'content-type': format.contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(left.length > 0 && { 'gridcommons-notice': `FORECAST_AGREEMENT_REQUIRED ${left.join(' ')}` }),
    });
    response.setTimeout(IDLE_MS, () => response.destroy());
    const bytes = Readable.from(format.encode(pagesFrom(first, read)), { objectMode: false });
    await streamWithin(bytes, response, MAX_MS);
  }
}

async function* pagesFrom(
  first: ForecastRows,
  read: (after: string | undefined) => Promise<ForecastRows>,
): AsyncGenerator<readonly ForecastRow[]> {
  for (let page = first; page.rows.length > 0; page = await read(page.rows.at(-1)!.sequence)) {
    yield page.rows;
    if (!page.hasMore) return;
  }
}
