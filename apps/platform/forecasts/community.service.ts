import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, HOUR_MS, type Interval, interval } from '#core';
import { Database } from '#persistence';
import { MIN_ORGANISATIONS } from '../carbon/accounting.ts';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { OPERATOR_LEGAL_ID } from '../identity/operator-bootstrap.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { communityHours, type PublishedForecast } from './community.ts';
import type { CommunityForecast, CommunityForecastArgs } from './community.types.ts';
import { type ForecastSeries, requireEnergy } from './forecast-series.ts';
import { requireOrganisationIds } from './published-filter.ts';

const MAX_HOURS = 96;

/** Sums of published forecasts, by hour. */
@Injectable()
export class CommunityForecastService {
  constructor(private readonly database: Database) {}

  /** @throws ROLE_MISSING, FORECAST_SERIES_NOT_ENERGY, INTERVAL_EMPTY, INTERVAL_TOO_LONG, CORRELATION_OUTSIDE, ORGANISATION_IDS, GROUP_TOO_SMALL */
  async forecast(principal: Principal, args: CommunityForecastArgs): Promise<CommunityForecast> {
    requireRole(principal, 'market', 'analyst', 'firm');
    const { series, correlation } = args;
    requireEnergy(series);
    const wanted = requireInterval(args);
    requireCorrelation(correlation);
    const group = requireGroup(args.organisationIds);
    const hours = await this.database.asTenant(principal.organisationId, async (manager) => {
      const { id: operatorId } = await manager.findOneByOrFail(Organisation, { legalId: OPERATOR_LEGAL_ID });
      const participants = await manager
        .createQueryBuilder(Participant, 'participant')
        .where('participant.tenantId <> :operatorId', { operatorId })
        .getCount();
      const forecasts = await latestForecasts(manager, series, wanted);
      const floorWh = series === 'net' ? Number.NEGATIVE_INFINITY : 0;
      return communityHours(forecasts, { operatorId, participants, correlation, group, floorWh });
    });
    return {
      series,
      correlation,
      hours: hours.map(({ intervalStartMs, ...hour }) => ({
        ...hour,
        intervalStart: new Date(intervalStartMs),
      })),
    };
  }
}

function requireInterval({ from, to }: CommunityForecastArgs): Interval {
  const wanted = interval(from, to);
  if (to - from > MAX_HOURS * HOUR_MS) {
    throw new DomainError('INTERVAL_TOO_LONG', `expected at most ${MAX_HOURS} hours, got more`, 'limit');
  }
  return wanted;
}

function requireCorrelation(correlation: number): void {
  if (correlation >= 0 && correlation <= 1) return;
  throw new DomainError('CORRELATION_OUTSIDE', `expected a correlation from 0 to 1, got ${correlation}`);
}

/** A sum of fewer organisations would tell each of them about fewer than three others. */
function requireGroup(ids: readonly string[] | null | undefined): ReadonlySet<string> | undefined {
  const group = requireOrganisationIds(ids);
  if (group === undefined) return undefined;
  const distinct = new Set(group);
  if (distinct.size >= MIN_ORGANISATIONS) return distinct;
  throw new DomainError(
    'GROUP_TOO_SMALL',
    `expected at least ${MIN_ORGANISATIONS} organisations, got ${distinct.size}`,
    'invalid',
    { least: MIN_ORGANISATIONS, organisations: distinct.size },
  );
}

interface LatestRow {
  readonly tenant_id: string;
  readonly interval_start: Date;
  readonly p10: string;
  readonly p50: string;
  readonly p90: string;
}

/** The operator's newest comes first where more than one of its participants published an hour. */
async function latestForecasts(
  manager: EntityManager,
  series: ForecastSeries,
  { startMs, endMs }: Interval,
): Promise<PublishedForecast[]> {
  const rows = await manager.query<LatestRow[]>(LATEST, [series, new Date(startMs), new Date(endMs)]);
  return rows.map((row) => ({
    organisationId: row.tenant_id,
    intervalStartMs: row.interval_start.getTime(),
    p10: Number(row.p10),
    p50: Number(row.p50),
    p90: Number(row.p90),
  }));
}

const LATEST = `
  SELECT * FROM (
    SELECT DISTINCT ON (interval_start, participant_id) *
    FROM forecast WHERE series = $1 AND interval_start >= $2 AND interval_start < $3
    ORDER BY interval_start, participant_id, version DESC) latest
  ORDER BY latest.sequence DESC`;
