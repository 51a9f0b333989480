import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type EmissionFactor, type GridIntensity, type IntensityHour, parseIntensityCsv } from '#carbon';
import { DomainError, hashJson, HOUR_MS, interval, type Interval, sha256Hex, utf8 } from '#core';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { JOB_QUEUE } from '../platform.tokens.ts';
import { GridIntensityHour, GridSeries } from './carbon.entities.ts';
import { ACCOUNT_JOB, ACCOUNT_KEY } from './carbon.jobs.ts';
import type {
  EmissionFactorType,
  GridIntensityType,
  GridSeriesType,
  ImportGridIntensityInput,
} from './grid.types.ts';

/** Two leap years; a longer history is imported in parts. */
const MAX_SERIES_HOURS = 2 * 366 * 24;
const MAX_QUERY_HOURS = 31 * 24 + 1;
const INSERT_ROWS = 1_000;

/** Grid intensity series: imported once, read by the community. */
@Injectable()
export class GridService {
  constructor(
    private readonly database: Database,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /**
   * Imports a series; the same text with the same declarations again is the same series. The operator's newest series of
   * an hour is what the community's figures use; an analyst's is there for whoever names it.
   * @throws ROLE_MISSING, INTENSITY_* with line and column, SERIES_TOO_LONG, SERIES_TEXT
   */
  async import(principal: Principal, input: ImportGridIntensityInput): Promise<GridSeriesType> {
    requireRole(principal, 'operator', 'analyst');
    const { hours, findings } = parseIntensityCsv(input.csv);
    if (hours.length > MAX_SERIES_HOURS) {
      throw new DomainError(
        'SERIES_TOO_LONG',
        `expected at most ${MAX_SERIES_HOURS} hours, got ${hours.length}`,
        'limit',
      );
    }
    const declared = {
      region: requireText('region', input.region),
      source: requireText('source', input.source),
      basis: input.basis,
    };
    const csvSha256 = await sha256Hex(utf8(input.csv));
    const hash = await hashJson({ ...declared, csvSha256, organisation: principal.organisationId });
    const series = {
      ...declared,
      id: `grid/${hash.slice(0, 32)}`,
      tenantId: principal.organisationId,
      csvSha256,
      communityDefault: principal.roles.includes('operator'),
      firstHour: new Date(hours[0]!.startMs),
      lastHour: new Date(hours.at(-1)!.startMs),
      hours: hours.length,
      findings,
    };
    const stored = await this.database.asTenant(principal.organisationId, (manager) =>
      store(manager, series, hours),
    );
    if (stored.communityDefault) await this.queue.enqueue(ACCOUNT_JOB, {}, { key: ACCOUNT_KEY });
    return toSeriesType(stored);
  }

  /** Hours of a series: of the named one, or of the operator's newest that reaches into the interval. @throws SERIES_UNKNOWN */
  async intensity(
    principal: Principal,
    range: { from: number; to: number },
    seriesId?: string | null,
    maxHours = MAX_QUERY_HOURS,
  ): Promise<GridIntensityType> {
    const wanted = interval(range.from, range.to);
    if (wanted.endMs - wanted.startMs > maxHours * HOUR_MS) {
      throw new DomainError('INTERVAL_TOO_LONG', `expected at most ${maxHours} hours, got more`, 'limit');
    }
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const series = await findSeries(manager, wanted, seriesId);
      if (series === null)
        throw new DomainError(
          'SERIES_UNKNOWN',
          'expected a grid series of that interval, got none',
          'not-found',
        );
      const hours = await hoursOf(manager, series, wanted);
      return {
        series: toSeriesType(series),
        hours: hours.map(({ startsAt, kgCo2ePerKwh }) => ({ start: startsAt, kgCo2ePerKwh })),
      };
    });
  }
}

/** The named series, or the newest of the operator's that reaches into the interval. */
export async function findSeries(
  manager: EntityManager,
  { startMs, endMs }: Interval,
  seriesId?: string | null,
): Promise<GridSeries | null> {
  if (seriesId !== null && seriesId !== undefined) return manager.findOneBy(GridSeries, { id: seriesId });
  return manager
    .createQueryBuilder(GridSeries, 'series')
    .where('series.communityDefault AND series.firstHour < :end AND series.lastHour >= :start', {
      start: new Date(startMs),
      end: new Date(endMs),
    })
    .orderBy('series.importedAt', 'DESC')
    .addOrderBy('series.id')
    .limit(1)
    .getOne();
}

export async function loadGrid(
  manager: EntityManager,
  series: GridSeries,
  range: Interval,
): Promise<GridIntensity> {
  const hours = await hoursOf(manager, series, range);
  return {
    id: series.id,
    basis: series.basis,
    kgCo2ePerKwhByHour: new Map(
      hours.map(({ startsAt, kgCo2ePerKwh }) => [startsAt.getTime(), kgCo2ePerKwh]),
    ),
  };
}

function hoursOf(manager: EntityManager, series: GridSeries, range: Interval): Promise<GridIntensityHour[]> {
  return manager
    .createQueryBuilder(GridIntensityHour, 'hour')
    .where(
      'hour.tenantId = :tenantId AND hour.seriesId = :seriesId AND hour.startsAt >= :start AND hour.startsAt < :end',
      {
        tenantId: series.tenantId,
        seriesId: series.id,
        start: new Date(range.startMs),
        end: new Date(range.endMs),
      },
    )
    .orderBy('hour.startsAt')
    .getMany();
}

async function store(
  manager: EntityManager,
  series: Omit<GridSeries, 'importedAt'>,
  hours: readonly IntensityHour[],
): Promise<GridSeries> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [series.id]);
  const known = await manager.findOneBy(GridSeries, { id: series.id });
  if (known !== null) return known;
  const stored = await manager.save(manager.create(GridSeries, series));
  for (let at = 0; at < hours.length; at += INSERT_ROWS) {
    const part = hours.slice(at, at + INSERT_ROWS);
    // One statement after the other: they share the transaction's connection.
    await manager.query(
      `INSERT INTO grid_intensity (series_id, tenant_id, starts_at, kg_co2e_per_kwh)
       SELECT $1, $2, to_timestamp(hour.start_ms / 1000.0), hour.kg FROM unnest($3::bigint[], $4::text[]) AS hour (start_ms, kg)`,
      [
        series.id,
        series.tenantId,
        part.map(({ startMs }) => startMs),
        part.map(({ kgCo2ePerKwh }) => kgCo2ePerKwh),
      ],
    );
  }
  return stored;
}

export const toSeriesType = ({ tenantId, findings, ...series }: GridSeries): GridSeriesType => ({
  ...series,
  organisationId: tenantId,
  findings: findings.map(({ startMs, ...finding }) => ({ ...finding, start: startMs })),
});

export const toFactorType = ({ validFromMs, validToMs, ...factor }: EmissionFactor): EmissionFactorType => ({
  ...factor,
  validFrom: validFromMs,
  validTo: validToMs,
});

function requireText(field: string, value: string): string {
  const text = value.trim();
  if (text.length === 0 || text.length > 500) {
    throw new DomainError(
      'SERIES_TEXT',
      `expected ${field} of 1–500 characters, got ${text.length}`,
      'invalid',
      { field },
    );
  }
  return text;
}
