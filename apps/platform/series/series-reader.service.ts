import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Clock, DomainError, isoInstant } from '#core';
import { intervalsWithin, isStepStart, requireCoarser, stepEndMs } from '#metering';
import { Database } from '#persistence';
import { AgreementReads } from '../agreements/agreement-reads.service.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  pageByCreation,
  pageSize,
} from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { RateLimiter } from '../pipeline/rate-limiter.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { type ReadingRow, readReadings, type ReadingsAsked } from './read-readings.ts';
import { HostedSeries, SeriesIngest } from './series.entities.ts';
import type { IntervalArgs, OfSeriesArgs, SeriesArgs, SeriesReadingsArgs } from './series.types.ts';

const MOST_VALUES = 10_000;
/** Of a download, held in memory at once. */
const PART = 5_000;
/** Thirty years of quarter-hours. */
const MOST_INTERVALS = 1_100_000;
/** Intervals that are looked through for one unit of the budget, beside what the query costs by its form. */
const INTERVALS_A_UNIT = 20;

export const seriesNotFound = (): DomainError =>
  new DomainError('SERIES_NOT_FOUND', 'expected a series, got none of this id', 'not-found');

interface AskedSeries {
  readonly series: HostedSeries;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly resolution: string;
}

/** Series and their readings: to their owner, and under an agreement about their data set through its gate. Roles: firm, market, analyst. */
@Injectable()
export class SeriesReader {
  constructor(
    private readonly database: Database,
    private readonly reads: AgreementReads,
    private readonly rate: RateLimiter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The own ones, and those of data sets the reader has or had an agreement about. @throws PAGE_SIZE_INVALID, CURSOR_MALFORMED */
  list(principal: Principal, { dataSetId, ...page }: SeriesArgs): Promise<Connection<HostedSeries>> {
    return this.#as(principal, (manager) => {
      const query = manager.createQueryBuilder(HostedSeries, 'series');
      if (dataSetId != null) query.where({ dataSetId: isUuid(dataSetId) ? dataSetId : In([]) });
      return pageByCreation(query, page, 'ASC');
    });
  }

  /** @throws SERIES_NOT_FOUND */
  get(principal: Principal, id: string): Promise<HostedSeries> {
    return this.#as(principal, (manager) => requireReadable(manager, id));
  }

  /** What was taken, newest first; the owner's alone. @throws SERIES_NOT_FOUND */
  ingests(principal: Principal, { seriesId, ...page }: OfSeriesArgs): Promise<Connection<SeriesIngest>> {
    return this.#as(principal, async (manager) => {
      requireOwn(await requireReadable(manager, seriesId), principal);
      const after = decodeCursor(page.after, 1)?.map(requireInstant)[0];
      const query = manager.createQueryBuilder(SeriesIngest, 'ingest').where({ seriesId });
      if (after !== undefined) query.andWhere('ingest.recordedAt < :after', { after: new Date(after) });
      const rows = await query.orderBy('ingest.recordedAt', 'DESC').limit(pageSize(page.first) + 1).getMany(); // prettier-ignore
      return connectionOf(rows, page.first, (row) => [String(row.recordedAt.getTime())]);
    });
  }

  /**
   * @throws SERIES_NOT_FOUND, SERIES_INTERVAL, RESOLUTION_UNKNOWN, RESOLUTION_FINER, SERIES_AGREEMENT_REQUIRED, PAGE_SIZE_INVALID,
   * CURSOR_MALFORMED, RATE_LIMITED, and as the gate
   */
  async page(principal: Principal, args: SeriesReadingsArgs): Promise<Connection<ReadingRow>> {
    const limit = pageSize(args.first) + 1;
    const after = decodeCursor(args.after, 1)?.map(requireInstant)[0];
    const asked = await this.#asked(principal, args);
    const { series, resolution } = asked;
    const next = after === undefined ? asked.fromMs : stepEndMs(series.zone, resolution, after);
    const fromMs = Math.max(asked.fromMs, next);
    const rows = await this.#read(principal, args, 'seriesReadings', { ...asked, fromMs, limit });
    return connectionOf(rows, args.first, (row) => [String(row.startMs)]);
  }

  /** All values of an interval at once. @throws SERIES_BLOCK_LIMIT above 10 000 of them, and as page */
  async block(principal: Principal, args: IntervalArgs): Promise<readonly ReadingRow[]> {
    const asked = await this.#asked(principal, args);
    const rows = await this.#read(principal, args, 'seriesReadingsBlock', {
      ...asked,
      limit: MOST_VALUES + 1,
    });
    if (rows.length <= MOST_VALUES) return rows;
    throw blockLimit();
  }

  /** All values of an interval in parts; under an agreement each part is a use. @throws as page */
  async *parts(principal: Principal, args: IntervalArgs): AsyncGenerator<readonly ReadingRow[]> {
    const asked = await this.#asked(principal, args);
    const { zone } = asked.series;
    for (let { fromMs } = asked; ;) {
      const rows = await this.#read(principal, args, 'seriesReadingsDownload', { ...asked, fromMs, limit: PART + 1 }); // prettier-ignore
      const part = rows.slice(0, PART);
      if (part.length > 0) yield part;
      if (rows.length <= PART) return;
      fromMs = stepEndMs(zone, asked.resolution, part.at(-1)!.startMs);
    }
  }

  async #asked(
    principal: Principal,
    { seriesId, from, until, resolution }: IntervalArgs,
  ): Promise<AskedSeries> {
    const series = await this.get(principal, seriesId);
    const step = requireCoarser(series.resolution, resolution ?? series.resolution);
    if (until <= from || intervalsWithin(series.resolution, from, until) > MOST_INTERVALS) {
      throw new DomainError('SERIES_INTERVAL', `expected an end after the beginning and at most ${MOST_INTERVALS} intervals of ${series.resolution}, got ${isoInstant(from)} to ${isoInstant(until)}`); // prettier-ignore
    }
    return { series, fromMs: from, untilMs: until, resolution: step };
  }

  async #read(
    principal: Principal,
    { agreementId, asOf, purpose, spatial }: IntervalArgs,
    operation: string,
    { series, ...interval }: AskedSeries & { readonly limit: number },
  ): Promise<ReadingRow[]> {
    const asked: ReadingsAsked = { ...interval, asOfMs: asOf ?? null };
    await this.rate.take(principal, readCost(series, asked));
    if (agreementId == null) {
      requireOwn(series, principal);
      return this.#as(principal, (manager) => readReadings(manager, series, asked));
    }
    requireRole(principal, ...READERS);
    const { dataSetId } = series;
    if (dataSetId === null) throw agreementRequired();
    const { resolution, limit } = asked;
    if (resolution !== series.resolution) requireWholeSteps(series.zone, asked, this.clock.nowMs());
    const request = { agreementId, dataSetId, action: 'use', resolution, purpose: purpose ?? undefined, spatial: spatial ?? undefined, operation }; // prettier-ignore
    return this.reads.read(principal, request, async (manager) => {
      const value = await readReadings(manager, series, asked);
      if (value.length > MOST_VALUES) throw blockLimit();
      // The one more that tells whether there is another page is not handed out.
      const given = value.slice(0, limit - 1);
      return {
        value,
        readings: given.length,
        bytes: given.length && Buffer.byteLength(JSON.stringify(given)),
      };
    });
  }

  #as<T>(principal: Principal, read: (manager: EntityManager) => Promise<T>): Promise<T> {
    requireRole(principal, ...READERS);
    return this.database.asTenant(principal.organisationId, read);
  }
}

const READERS = ['firm', 'market', 'analyst'] as const;

const agreementRequired = (): DomainError =>
  new DomainError('SERIES_AGREEMENT_REQUIRED', "expected an agreement about the series' data set, got none", 'forbidden'); // prettier-ignore
const blockLimit = (): DomainError =>
  new DomainError('SERIES_BLOCK_LIMIT', `expected an interval of at most ${MOST_VALUES} values, got more`, 'limit'); // prettier-ignore

/** Row-level security shows a series to its owner and to consumers of its data set. @throws SERIES_NOT_FOUND */
async function requireReadable(manager: EntityManager, id: string): Promise<HostedSeries> {
  const series = isUuid(id) ? await manager.findOneBy(HostedSeries, { id }) : null;
  if (series === null) throw seriesNotFound();
  return series;
}

/** @throws SERIES_AGREEMENT_REQUIRED */
function requireOwn({ tenantId }: HostedSeries, { organisationId }: Principal): void {
  if (tenantId !== organisationId) throw agreementRequired();
}

/** A page of a coarser step looks through all that is left of the interval, however few of its values are asked for. */
function readCost(series: HostedSeries, { fromMs, untilMs, resolution, limit }: ReadingsAsked): number {
  const intervals = intervalsWithin(series.resolution, fromMs, Math.max(fromMs, untilMs));
  const most = resolution === series.resolution ? Math.min(intervals, limit) : intervals;
  return Math.ceil(most / INTERVALS_A_UNIT);
}

/**
 * A step that an agreement allows and that is cut off by the interval asked for, by the present or by `asOf` would say what finer
 * ones do, or differ from itself by just that.
 * @throws SERIES_INTERVAL
 */
function requireWholeSteps(
  zone: string,
  { fromMs, untilMs, resolution, asOfMs }: ReadingsAsked,
  nowMs: number,
): void {
  const isWhole = [fromMs, untilMs].every((ms) => isStepStart(zone, resolution, ms));
  if (isWhole && untilMs <= nowMs && asOfMs === null) return;
  throw new DomainError('SERIES_INTERVAL', `expected whole past steps of ${resolution} in ${zone} as they stand now, got ${isoInstant(fromMs)} to ${isoInstant(untilMs)}${asOfMs === null ? '' : ` as of ${isoInstant(asOfMs)}`}`); // prettier-ignore
}

/** @throws CURSOR_MALFORMED */
function requireInstant(text: string): number {
  const ms = Number(/^-?\d{1,14}$/.test(text) ? text : Number.NaN);
  if (ms >= Date.UTC(1900, 0, 1) && ms < Date.UTC(2200, 0, 1)) return ms;
  throw new DomainError('CURSOR_MALFORMED', 'expected a cursor of this list, got something else');
}
