import type { ServerResponse } from 'node:http';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { TableSender } from '../tables/table-sender.service.ts';
import { requireExport } from './export.ts';
import { ForecastTables } from './forecast-tables.service.ts';

/** `GET /forecasts/export`: the rows of the query `forecasts`, streamed page by page under the same checks and charges. */
@Controller('forecasts')
export class ExportController {
  constructor(
    private readonly tables: ForecastTables,
    private readonly sender: TableSender,
  ) {}

  /** @throws FORECAST_EXPORT_* as requireExport says, EXPORT_BUSY, EXPORT_TIME, and what the query refuses */
  @Get('export')
  async get(
    @CurrentPrincipal() principal: Principal,
    @Query() query: Readonly<Record<string, unknown>>,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const { format, filter } = requireExport(query);
    const table = this.tables.of(principal, filter);
    await this.sender.send(principal.organisationId, format, table, response);
  }
}
