import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { READING_QUALITIES } from '#metering';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { ReadingRow } from './read-readings.ts';
import { SeriesReader } from './series-reader.service.ts';
import { type Ingested, SeriesWriter } from './series-writer.service.ts';
import type { HostedSeries, SeriesIngest } from './series.entities.ts';
import {
  CreateSeriesInput,
  HostedSeriesConnection,
  HostedSeriesType,
  IngestedReadingsType,
  IngestReadingsInput,
  IntervalArgs,
  OfSeriesArgs,
  SeriesArgs,
  SeriesIngestConnection,
  type SeriesIngestType,
  SeriesReadingConnection,
  SeriesReadingsArgs,
  SeriesReadingsBlockType,
  type SeriesReadingType,
  UploadReadingsInput,
} from './series.types.ts';

@Resolver()
export class SeriesResolver {
  constructor(
    private readonly writer: SeriesWriter,
    private readonly reader: SeriesReader,
  ) {}

  @Mutation(() => HostedSeriesType, {
    description: 'A series hosted in the clear: the operator of the platform can read it. Role: firm.',
  })
  async createSeries(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CreateSeriesInput,
  ): Promise<HostedSeriesType> {
    return toSeries(await this.writer.create(principal, input));
  }

  @Mutation(() => IngestedReadingsType, {
    description:
      'Takes readings of an own series; rows that cannot be taken are told by their index. Another value of an interval is its next revision. Role: firm.',
  })
  async ingestReadings(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: IngestReadingsInput,
  ): Promise<IngestedReadingsType> {
    return toIngested(await this.writer.ingest(principal, input));
  }

  @Mutation(() => IngestedReadingsType, {
    description: 'Takes a CSV file stored as a blob, all of it or nothing. Role: firm.',
  })
  async uploadReadings(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: UploadReadingsInput,
  ): Promise<IngestedReadingsType> {
    return toIngested(await this.writer.upload(principal, input));
  }

  @Query(() => HostedSeriesConnection, {
    description: 'The own ones and those of data sets under an own agreement, oldest first.',
  })
  async allHostedSeries(
    @CurrentPrincipal() principal: Principal,
    @Args() args: SeriesArgs,
  ): Promise<Connection<HostedSeriesType>> {
    return nodes(await this.reader.list(principal, args), toSeries);
  }

  @Query(() => HostedSeriesType)
  async hostedSeries(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<HostedSeriesType> {
    return toSeries(await this.reader.get(principal, id));
  }

  @Query(() => SeriesIngestConnection, { description: 'Batches taken of an own series, newest first.' })
  async seriesIngests(
    @CurrentPrincipal() principal: Principal,
    @Args() args: OfSeriesArgs,
  ): Promise<Connection<SeriesIngestType>> {
    return nodes(await this.reader.ingests(principal, args), toIngest);
  }

  @Query(() => SeriesReadingConnection, {
    description:
      "What is known of an interval, in order of time; another's series under an agreement, where each page is a use.",
  })
  async seriesReadings(
    @CurrentPrincipal() principal: Principal,
    @Args() args: SeriesReadingsArgs,
  ): Promise<Connection<SeriesReadingType>> {
    return nodes(await this.reader.page(principal, args), toReading);
  }

  @Query(() => SeriesReadingsBlockType, {
    description: 'The same in columns, up to 10 000 values at once; one use.',
  })
  async seriesReadingsBlock(
    @CurrentPrincipal() principal: Principal,
    @Args() args: IntervalArgs,
  ): Promise<SeriesReadingsBlockType> {
    const rows = await this.reader.block(principal, args);
    return {
      start: rows.map(({ startMs }) => startMs),
      value: rows.map(({ value }) => value),
      known: rows.map(({ known }) => known),
      expected: rows.map(({ expected }) => expected),
    };
  }
}

const nodes = <T, U>({ edges, pageInfo }: Connection<T>, to: (node: T) => U): Connection<U> => ({
  edges: edges.map(({ cursor, node }) => ({ cursor, node: to(node) })),
  pageInfo,
});

const toSeries = ({ tenantId, ...fields }: HostedSeries): HostedSeriesType => ({
  ...fields,
  organisationId: tenantId,
});

const toIngest = ({ findings, ...fields }: SeriesIngest): SeriesIngestType => ({
  ...fields,
  findings: [...findings],
});

const toIngested = ({ ingest, refused }: Ingested): IngestedReadingsType => ({
  ingest: toIngest(ingest),
  rejected: [...refused],
});

const toReading = ({ startMs, endMs, quality, ...fields }: ReadingRow): SeriesReadingType => ({
  ...fields,
  start: startMs,
  end: endMs,
  quality: quality === null ? null : READING_QUALITIES[quality]!,
});
