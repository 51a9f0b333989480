import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, quoted, requireZone } from '#core';
import { conversion, csvReadings, ReadingBatch, requireStep, requireUnit } from '#metering';
import { Database } from '#persistence';
import { BlobService } from '../blobs/blob.service.ts';
import { requireOwnDataSet } from '../catalogue/catalogue-reader.service.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { RateLimiter } from '../pipeline/rate-limiter.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { HostedSeries, SeriesIngest } from './series.entities.ts';
import { seriesNotFound } from './series-reader.service.ts';
import type { CreateSeriesInput, IngestReadingsInput, UploadReadingsInput } from './series.types.ts';
import { type StoredCounts, storeReadings, type StoreTarget } from './store-readings.ts';

export const MOST_READINGS = 10_000;
const MOST_SERIES = 10_000;
/** Readings of a file that are written in one statement. */
const PIECE = 20_000;
const MOST_TOLD = 100;
/** In the message itself. */
const MOST_NAMED = 3;
/** For one unit of the budget, beside what the request costs by its form: about 20 readings either way. */
const READINGS_A_UNIT = 20;
const BYTES_A_UNIT = 800;

/** A batch as it was taken, with the rows that were not. */
export interface Ingested {
  readonly ingest: SeriesIngest;
  readonly refused: ReadingBatch['refused'];
}

/** What an owner does with the series it hosts. Role: firm. */
@Injectable()
export class SeriesWriter {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobService,
    private readonly rate: RateLimiter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @throws SERIES_NOT_OPEN, SERIES_KEY, SERIES_KEY_TAKEN, SERIES_LIMIT, DATA_SET_NOT_FOUND, UNIT_UNKNOWN, ZONE_UNKNOWN,
   * RESOLUTION_UNKNOWN
   */
  create(principal: Principal, input: CreateSeriesInput): Promise<HostedSeries> {
    const series = requireSeries(input);
    return this.#asOwner(principal, async (manager, tenantId) => {
      await lock(manager, `hosted_series ${tenantId}`);
      if (series.dataSetId !== null) await requireOwnDataSet(manager, tenantId, series.dataSetId);
      await requireKnownZone(manager, series.zone);
      if (await manager.existsBy(HostedSeries, { tenantId, key: series.key })) {
        throw new DomainError('SERIES_KEY_TAKEN', 'expected a key that is free, got one taken', 'conflict');
      }
      if ((await manager.countBy(HostedSeries, { tenantId })) >= MOST_SERIES) {
        throw new DomainError('SERIES_LIMIT', `expected at most ${MOST_SERIES} series`, 'limit');
      }
      const now = new Date(this.clock.nowMs());
      const row = { id: randomUUID(), tenantId, ...series, declaredOpenAt: now, createdAt: now };
      await manager.insert(HostedSeries, row);
      return row;
    });
  }

  /** Takes what can be taken and tells the rest by row. @throws SERIES_NOT_FOUND, READINGS_LIMIT, RATE_LIMITED, UNIT_UNKNOWN, UNIT_UNFIT, ZONE_UNKNOWN */
  async ingest(principal: Principal, input: IngestReadingsInput): Promise<Ingested> {
    const { readings } = input;
    if (readings.length < 1 || readings.length > MOST_READINGS) {
      throw new DomainError('READINGS_LIMIT', `expected 1 to ${MOST_READINGS} readings, got ${readings.length}`, 'limit'); // prettier-ignore
    }
    await this.rate.take(principal, Math.ceil(readings.length / READINGS_A_UNIT));
    return this.#take(principal, input, { source: 'MUTATION', sha256: null }, async (batch, store) => {
      for (const reading of readings) batch.add(reading);
      await store();
    });
  }

  /**
   * Takes a stored file whole, in one transaction: unless told to skip them, one row that is refused refuses all.
   * @throws SERIES_NOT_FOUND, BLOB_NOT_FOUND, RATE_LIMITED, UNIT_UNKNOWN, UNIT_UNFIT, ZONE_UNKNOWN, SERIES_ROWS_REFUSED with the first rows,
   * as csvReadings
   */
  async upload(principal: Principal, input: UploadReadingsInput): Promise<Ingested> {
    requireRole(principal, 'firm');
    const { sha256, startColumn, valueColumn, qualityColumn, skipRefused } = input;
    const { stream, bytes } = await this.blobs.open(principal, sha256);
    const columns = { start: startColumn, value: valueColumn, quality: qualityColumn };
    try {
      await this.rate.take(principal, Math.ceil(bytes / BYTES_A_UNIT));
      return await this.#take(principal, input, { source: 'CSV', sha256 }, async (batch, store) => {
        for await (const rows of csvReadings(stream, columns)) {
          for (const row of rows) {
            if (row === undefined) batch.refuse('FIELDS_MISSING');
            else batch.add(row);
          }
          if (batch.waiting >= PIECE) await store();
        }
        if (batch.refusedCount > 0 && !skipRefused) throw rowsRefused(batch);
        await store();
      });
    } finally {
      stream.destroy();
    }
  }

  #take(
    principal: Principal,
    { seriesId, unit, zone }: { seriesId: string; unit?: string | null; zone?: string | null },
    source: Pick<SeriesIngest, 'source' | 'sha256'>,
    fill: (batch: ReadingBatch, store: () => Promise<void>) => Promise<void>,
  ): Promise<Ingested> {
    if (zone != null) requireZone(zone);
    return this.#asOwner(principal, async (manager, tenantId) => {
      const series = isUuid(seriesId)
        ? await manager.findOneBy(HostedSeries, { id: seriesId, tenantId })
        : null;
      if (series === null) throw seriesNotFound();
      const target: StoreTarget = {
        tenantId,
        seriesId,
        conversion: conversion(unit ?? series.unit, series.unit),
        recordedAt: await this.#nextInstant(manager, seriesId),
      };
      const grid = { zone: series.zone, clock: zone ?? undefined, resolution: series.resolution };
      const batch = new ReadingBatch(grid, this.clock.nowMs());
      const counts = { accepted: 0, corrected: 0, unchanged: 0 };
      await fill(batch, async () => add(counts, await storeReadings(manager, target, batch.take())));
      const ingest = {
        id: randomUUID(),
        tenantId,
        seriesId,
        ...source,
        ...counts,
        rejected: batch.refusedCount,
        findings: batch.findings(),
        recordedAt: target.recordedAt,
      };
      await manager.insert(SeriesIngest, ingest);
      return { ingest, refused: batch.refused };
    });
  }

  /** Batches of a series are taken one after another, each at an instant of its own: `asOf` tells them apart. */
  async #nextInstant(manager: EntityManager, seriesId: string): Promise<Date> {
    await lock(manager, `series_readings ${seriesId}`);
    const [last] = await manager.find(SeriesIngest, { where: { seriesId }, order: { recordedAt: 'DESC' }, take: 1 }); // prettier-ignore
    const lastMs = last?.recordedAt.getTime() ?? 0;
    return new Date(Math.max(this.clock.nowMs(), lastMs + 1));
  }

  #asOwner<T>(
    principal: Principal,
    run: (manager: EntityManager, tenantId: string) => Promise<T>,
  ): Promise<T> {
    requireRole(principal, 'firm');
    const { organisationId } = principal;
    return this.database.asTenant(organisationId, (manager) => run(manager, organisationId));
  }
}

const lock = (manager: EntityManager, name: string): Promise<unknown> =>
  manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);

function add(counts: { -readonly [K in keyof StoredCounts]: StoredCounts[K] }, more: StoredCounts): void {
  counts.accepted += more.accepted;
  counts.corrected += more.corrected;
  counts.unchanged += more.unchanged;
}

function requireSeries({ declaredOpen, key, unit, zone, resolution, dataSetId }: CreateSeriesInput) {
  if (!declaredOpen) {
    throw new DomainError('SERIES_NOT_OPEN', 'expected a series declared open: the operator can read it; got one that is not'); // prettier-ignore
  }
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(key)) {
    throw new DomainError(
      'SERIES_KEY',
      `expected 1–100 of a–z, 0–9, '.', '_' and '-' as key, got ${quoted(key)}`,
    );
  }
  requireUnit(unit);
  // PostgreSQL reads the sign of an offset the other way round.
  if (!zone.includes('/') && zone !== 'UTC') {
    throw zoneUnknown(zone);
  }
  requireZone(zone);
  return { key, unit, zone, resolution: requireStep(resolution), dataSetId: dataSetId ?? null };
}

/** Days are cut by the database too, whose list of zones is not Node's. @throws ZONE_UNKNOWN */
async function requireKnownZone(manager: EntityManager, zone: string): Promise<void> {
  const found = await manager.query<unknown[]>('SELECT FROM pg_timezone_names WHERE lower(name) = lower($1)', [zone]); // prettier-ignore
  if (found.length === 0) throw zoneUnknown(zone);
}

const zoneUnknown = (zone: string): DomainError =>
  new DomainError('ZONE_UNKNOWN', `expected an IANA time zone, got ${quoted(zone)}`);

function rowsRefused({ refused, refusedCount }: ReadingBatch): DomainError {
  const rows = refused.slice(0, MOST_TOLD).map(({ index, code }) => `${index + 1} ${code}`);
  const named = refused.slice(0, MOST_NAMED).map(({ index, code, message }) => `row ${index + 1} ${code}: ${message}`); // prettier-ignore
  const more = refusedCount > named.length ? `; and ${refusedCount - named.length} more` : '';
  return new DomainError('SERIES_ROWS_REFUSED', `expected readings alone, got ${refusedCount} rows that are none (the first after the header is row 1): ${named.join('; ')}${more}`, 'invalid', { count: refusedCount, rows }); // prettier-ignore
}
