import { Injectable } from '@nestjs/common';
import type { Principal } from '../pipeline/principal.ts';
import type { SentTable } from '../tables/table-sender.service.ts';
import { EXPORT_COLUMNS } from './export-columns.ts';
import type { ForecastFilter } from './forecast-query.ts';
import { ForecastReader } from './forecast-reader.service.ts';
import type { ForecastRow } from './forecast.entity.ts';
import { TermsService } from './terms.service.ts';

const PAGE = 2_000;
const MAX_NAMED_TERMS = 20;

/** The rows of the query `forecasts` as a table, under the same checks and charges. */
@Injectable()
export class ForecastTables {
  constructor(
    private readonly reader: ForecastReader,
    private readonly terms: TermsService,
  ) {}

  /** Throws as it is read what the query refuses. */
  of(principal: Principal, filter: ForecastFilter): SentTable<ForecastRow> {
    return {
      columns: EXPORT_COLUMNS,
      pages: this.#pages(principal, filter),
      headers: () => this.#notice(principal, filter),
    };
  }

  async *#pages(principal: Principal, filter: ForecastFilter): AsyncGenerator<readonly ForecastRow[]> {
    const through = await this.reader.lastSequence(principal);
    for (let after: string | undefined; ;) {
      const { rows, hasMore } = await this.reader.page(principal, filter, { after, limit: PAGE, through });
      if (rows.length > 0) yield rows;
      if (rows.length === 0 || !hasMore) return;
      after = rows.at(-1)!.sequence;
    }
  }

  async #notice(principal: Principal, filter: ForecastFilter): Promise<Record<string, string>> {
    const missing = await this.terms.missing(principal, filter);
    const left = [...new Set(missing.map(({ terms }) => terms.id))].slice(0, MAX_NAMED_TERMS);
    return left.length === 0 ? {} : { 'gridcommons-notice': `FORECAST_AGREEMENT_REQUIRED ${left.join(' ')}` };
  }
}
