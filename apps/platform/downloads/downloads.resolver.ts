import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { isoInstant } from '#core';
import type { GraphqlContext } from '../pipeline/graphql.options.ts';
import { originOf } from '../pipeline/plain-http.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { SeriesReader } from '../series/series-reader.service.ts';
import { DownloadLinks } from './download-links.service.ts';
import { DownloadTables } from './download-tables.service.ts';
import {
  type DownloadFormat,
  DownloadLink,
  EmissionsDownloadArgs,
  ForecastsDownloadArgs,
  GridDownloadArgs,
  ReadingsDownloadArgs,
  SessionDownloadArgs,
  SettlementsDownloadArgs,
} from './downloads.types.ts';

const LINK = 'Made for an API key, for ten minutes.';

/** Which arguments of a link are instants. */
const INSTANTS: ReadonlySet<string> = new Set(['from', 'to', 'until', 'asOf']);

/** Links to files of what a query answers. The rows are read, charged for and counted when the link is followed. */
@Resolver()
export class DownloadsResolver {
  constructor(
    private readonly links: DownloadLinks,
    private readonly tables: DownloadTables,
    private readonly series: SeriesReader,
  ) {}

  @Query(() => DownloadLink, { description: `Rows of \`forecasts\`. ${LINK}` })
  forecastsDownload(
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
    @Args() args: ForecastsDownloadArgs,
  ): Promise<DownloadLink> {
    return this.#link('forecasts', principal, context, args);
  }

  @Query(() => DownloadLink, { description: `Quantity and price of each slot of a session. ${LINK}` })
  marketClearingsDownload(
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
    @Args() args: SessionDownloadArgs,
  ): Promise<DownloadLink> {
    return this.#link('market-clearings', principal, context, args);
  }

  @Query(() => DownloadLink, { description: `Own trades of a session. ${LINK}` })
  marketTradesDownload(
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
    @Args() args: SessionDownloadArgs,
  ): Promise<DownloadLink> {
    return this.#link('market-trades', principal, context, args);
  }

  @Query(() => DownloadLink, { description: `Settlements of own participants. ${LINK}` })
  marketSettlementsDownload(
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
    @Args() args: SettlementsDownloadArgs,
  ): Promise<DownloadLink> {
    return this.#link('market-settlements', principal, context, args);
  }

  @Query(() => DownloadLink, { description: `Hours of a grid series, by default the community’s. ${LINK}` })
  gridIntensityDownload(
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
    @Args() args: GridDownloadArgs,
  ): Promise<DownloadLink> {
    return this.#link('grid-intensity', principal, context, args);
  }

  @Query(() => DownloadLink, { description: `Totals that members have published. ${LINK}` })
  publishedEmissionsDownload(
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
    @Args() args: EmissionsDownloadArgs,
  ): Promise<DownloadLink> {
    return this.#link('published-emissions', principal, context, args);
  }

  @Query(() => DownloadLink, {
    description: `Readings of a hosted series; another's under an agreement, of which each 5 000 values are a use. ${LINK}`,
  })
  async seriesReadingsDownload(
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
    @Args() args: ReadingsDownloadArgs,
  ): Promise<DownloadLink> {
    await this.series.get(principal, args.seriesId);
    return this.#link('series-readings', principal, context, args);
  }

  async #link(
    what: string,
    principal: Principal,
    { req }: GraphqlContext,
    args: { readonly format: DownloadFormat },
  ): Promise<DownloadLink> {
    const asked = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
    const query = Object.fromEntries(asked.map(([name, value]) => [name, textOf(name, value)]));
    this.tables.open(principal, what, query);
    const address = `/downloads/${what}?${new URLSearchParams(query).toString()}`;
    const { path, expiresAt } = await this.links.sign(principal, address, req.headers.authorization);
    return { url: originOf(req) + path, format: args.format, expiresAt };
  }
}

const textOf = (name: string, value: unknown): string =>
  INSTANTS.has(name) ? isoInstant(Number(value)) : Array.isArray(value) ? value.join(',') : String(value);
