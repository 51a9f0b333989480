import { Injectable } from '@nestjs/common';
import { DomainError } from '#core';
import { GridService } from '../carbon/grid.service.ts';
import { PublicationService } from '../carbon/publication.service.ts';
import { requireExport } from '../forecasts/export.ts';
import { ForecastTables } from '../forecasts/forecast-tables.service.ts';
import { ResultsService } from '../market/results.service.ts';
import { type Connection, MAX_PAGE_SIZE, type PageArgs } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { SeriesReader } from '../series/series-reader.service.ts';
import type { TableFormat } from '../tables/formats.ts';
import type { Column } from '../tables/table.ts';
import type { SentTable } from '../tables/table-sender.service.ts';
import { AddressArguments } from './address-arguments.ts';
import {
  CLEARING_COLUMNS,
  EMISSIONS_COLUMNS,
  INTENSITY_COLUMNS,
  type IntensityRow,
  READING_COLUMNS,
  SETTLEMENT_COLUMNS,
  TRADE_COLUMNS,
} from './download-columns.ts';

/** A year and a day, as of exported forecasts. */
const MAX_GRID_HOURS = 366 * 24;

/** Hands a table on; the type of its rows is its own business. */
type Handed = (to: <R>(table: SentTable<R>) => Promise<void>) => Promise<void>;

export interface Download {
  readonly format: TableFormat;
  readonly hand: Handed;
}

type Open = (principal: Principal, asked: AddressArguments) => Handed;

/** What can be downloaded: each is the rows of a query, by the same service and under the same checks. */
@Injectable()
export class DownloadTables {
  readonly #kinds: ReadonlyMap<string, Open>;

  constructor(
    private readonly forecasts: ForecastTables,
    private readonly results: ResultsService,
    private readonly grid: GridService,
    private readonly publications: PublicationService,
    private readonly series: SeriesReader,
  ) {
    this.#kinds = new Map<string, Open>([
      ['market-clearings', (...asked) => this.#clearings(...asked)],
      ['market-trades', (...asked) => this.#trades(...asked)],
      ['market-settlements', (...asked) => this.#settlements(...asked)],
      ['grid-intensity', (...asked) => this.#intensity(...asked)],
      ['published-emissions', (...asked) => this.#emissions(...asked)],
      ['series-readings', (...asked) => this.#readings(...asked)],
    ]);
  }

  /** Reads nothing yet. @throws DOWNLOAD_UNKNOWN, DOWNLOAD_FORMAT, DOWNLOAD_QUERY, INSTANT_MALFORMED, of forecasts as requireExport */
  open(principal: Principal, what: string, query: Readonly<Record<string, unknown>>): Download {
    if (what === 'forecasts') {
      const { format, filter } = requireExport(query);
      return { format, hand: handed(this.forecasts.of(principal, filter)) };
    }
    const kind = this.#kinds.get(what);
    if (kind === undefined) {
      const known = ['forecasts', ...this.#kinds.keys()].join(', ');
      throw new DomainError('DOWNLOAD_UNKNOWN', `expected one of ${known}, got another`, 'not-found');
    }
    const asked = new AddressArguments(query);
    const download = { format: asked.format(), hand: kind(principal, asked) };
    asked.end();
    return download;
  }

  #clearings(principal: Principal, asked: AddressArguments): Handed {
    const sessionId = asked.required('sessionId');
    return paged(CLEARING_COLUMNS, (page) => this.results.clearings(principal, sessionId, page));
  }

  #trades(principal: Principal, asked: AddressArguments): Handed {
    const sessionId = asked.required('sessionId');
    return paged(TRADE_COLUMNS, (page) => this.results.trades(principal, sessionId, page));
  }

  #settlements(principal: Principal, asked: AddressArguments): Handed {
    const [sessionId, history] = [asked.required('sessionId'), asked.flag('history')];
    return paged(SETTLEMENT_COLUMNS, (page) => this.results.settlements(principal, sessionId, history, page));
  }

  #intensity(principal: Principal, asked: AddressArguments): Handed {
    const range = { from: asked.instant('from'), to: asked.instant('to') };
    const seriesId = asked.optional('seriesId');
    const { grid } = this;
    async function* pages(): AsyncGenerator<readonly IntensityRow[]> {
      const { series, hours } = await grid.intensity(principal, range, seriesId, MAX_GRID_HOURS);
      yield hours.map(({ start, kgCo2ePerKwh }) => ({ start, kgCo2ePerKwh, seriesId: series.id }));
    }
    return handed({ columns: INTENSITY_COLUMNS, pages: pages() });
  }

  #emissions(principal: Principal, asked: AddressArguments): Handed {
    const filter = { from: asked.instant('from'), to: asked.instant('to'), latest: asked.flag('latest') };
    const organisationIds = asked.list('organisationIds') ?? null;
    return paged(EMISSIONS_COLUMNS, ({ first, after }) => this.publications.list(principal, { ...filter, organisationIds, first: first ?? null, after: after ?? null })); // prettier-ignore
  }

  #readings(principal: Principal, asked: AddressArguments): Handed {
    const args = {
      seriesId: asked.required('seriesId'),
      from: asked.instant('from'),
      until: asked.instant('until'),
      agreementId: asked.optional('agreementId') ?? null,
      resolution: asked.optional('resolution') ?? null,
      purpose: asked.optional('purpose') ?? null,
      spatial: asked.optional('spatial') ?? null,
      asOf: asked.optionalInstant('asOf'),
    };
    return handed({ columns: READING_COLUMNS, pages: this.series.parts(principal, args) });
  }
}

const handed =
  <R>(table: SentTable<R>): Handed =>
  (to) =>
    to(table);

/** A list of the API, read to its end. */
function paged<N>(columns: readonly Column<N>[], list: (page: PageArgs) => Promise<Connection<N>>): Handed {
  async function* pages(): AsyncGenerator<readonly N[]> {
    for (let after: string | null = null; ;) {
      const { edges, pageInfo } = await list({ first: MAX_PAGE_SIZE, after });
      if (edges.length > 0) yield edges.map(({ node }) => node);
      if (!pageInfo.hasNextPage) return;
      after = pageInfo.endCursor;
    }
  }
  return handed({ columns, pages: pages() });
}
