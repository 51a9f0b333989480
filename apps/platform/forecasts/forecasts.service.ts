import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
} from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import { ForecastRow } from './forecast.entity.ts';
import {
  type Forecast,
  FORECAST_RESOLUTION,
  forecastKey,
  nextVersions,
  requireBatch,
  type VersionedForecast,
} from './forecast.ts';
import type {
  ForecastInput,
  ForecastPublished,
  ForecastPublishedArgs,
  ForecastsArgs,
  ForecastType,
  PublishForecastsPayload,
} from './forecasts.types.ts';
import { addConditions, requireOrganisationIds, requireSequence, toDate } from './published-filter.ts';

/** New forecasts reach a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 100;

interface ForecastFilter extends Pick<
  ForecastsArgs,
  'organisationIds' | 'series' | 'from' | 'to' | 'issuedAfter'
> {
  readonly latest?: boolean;
}

@Injectable()
export class ForecastsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async publish(principal: Principal, inputs: readonly ForecastInput[]): Promise<PublishForecastsPayload> {
    requireParticipant(principal);
    const nowMs = this.clock.nowMs();
    const batch = inputs.map(toForecast);
    requireBatch(batch, nowMs);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      // One publisher at a time, so that sequence numbers become visible in their order: a reader that has seen n will
      // never find a smaller one later.
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('forecast'))");
      const versions = nextVersions(batch, await latestVersions(manager, principal.id, batch));
      const owner = {
        tenantId: principal.organisationId,
        participantId: principal.id,
        publishedAt: new Date(nowMs),
      };
      if (versions.length > 0)
        await manager.insert(
          ForecastRow,
          versions.map((version) => toRow(version, owner)),
        );
      return { published: versions.length, unchanged: batch.length - versions.length };
    });
  }

  async list(principal: Principal, args: ForecastsArgs): Promise<Connection<ForecastType>> {
    requireReader(principal);
    const after = decodeCursor(args.after, 1)?.[0];
    const limit = pageSize(args.first) + 1;
    const rows = await this.database.asTenant(principal.organisationId, (manager) =>
      filtered(manager, args, after).limit(limit).getMany(),
    );
    return connectionOf(rows.map(toType), args.first, ({ id }) => [id]);
  }

  async follow(
    principal: Principal,
    args: ForecastPublishedArgs,
  ): Promise<AsyncIterableIterator<ForecastPublished>> {
    requireReader(principal);
    const inTenant = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
      this.database.asTenant(principal.organisationId, work);
    const start = decodeCursor(args.after, 1)?.[0] ?? (await inTenant(lastSequence));
    const read = async (after: string): Promise<ForecastPublished[]> => {
      const rows = await inTenant((manager) => filtered(manager, args, after).limit(FOLLOW_PAGE).getMany());
      return rows.map(toType).map((node) => ({ cursor: encodeCursor([node.id]), node }));
    };
    return followCursor({ read, cursorOf: ({ node }) => node.id }, start, POLL_MS);
  }
}

function requireParticipant(principal: Principal): void {
  if (principal.kind !== 'participant') {
    throw new DomainError(
      'PARTICIPANT_REQUIRED',
      'expected the signed request of a participant, got a member',
      'forbidden',
    );
  }
}

/** Published means shared with the community: every organisation's readers see it, whoever published it. */
const requireReader = (principal: Principal): void => requireRole(principal, 'market', 'analyst', 'firm');

function toForecast(input: ForecastInput): Forecast {
  if (input.resolution !== FORECAST_RESOLUTION) {
    throw new DomainError('FORECAST_RESOLUTION', `expected resolution ${FORECAST_RESOLUTION}, got another`);
  }
  const { series, intervalStart, p10Wh, p50Wh, p90Wh, issuedAt, modelHash, taskCardHash = null } = input;
  return {
    series,
    intervalStartMs: intervalStart,
    p10Wh,
    p50Wh,
    p90Wh,
    issuedAtMs: issuedAt,
    modelHash,
    taskCardHash,
  };
}

function toRow(
  { intervalStartMs, issuedAtMs, ...fields }: VersionedForecast,
  owner: Pick<ForecastRow, 'tenantId' | 'participantId' | 'publishedAt'>,
): Omit<ForecastRow, 'sequence'> {
  return { ...fields, ...owner, intervalStart: new Date(intervalStartMs), issuedAt: new Date(issuedAtMs) };
}

const toType = ({ sequence, tenantId, ...fields }: ForecastRow): ForecastType => ({
  ...fields,
  id: sequence,
  organisationId: tenantId,
  resolution: FORECAST_RESOLUTION,
});

async function latestVersions(
  manager: EntityManager,
  participantId: string,
  batch: readonly Forecast[],
): Promise<Map<string, VersionedForecast>> {
  const starts = [...new Set(batch.map(({ intervalStartMs }) => intervalStartMs))].map((ms) => new Date(ms));
  const rows = await manager
    .createQueryBuilder(ForecastRow, 'forecast')
    .where('forecast.participantId = :participantId', { participantId })
    .andWhere('forecast.intervalStart IN (:...starts)', { starts })
    .orderBy('forecast.version', 'ASC')
    .getMany();
  return new Map(rows.map(toVersion).map((version) => [forecastKey(version), version]));
}

const toVersion = ({ intervalStart, issuedAt, ...fields }: ForecastRow): VersionedForecast => ({
  ...fields,
  intervalStartMs: intervalStart.getTime(),
  issuedAtMs: issuedAt.getTime(),
});

function filtered(
  manager: EntityManager,
  filter: ForecastFilter,
  after: string | undefined,
): SelectQueryBuilder<ForecastRow> {
  const query = manager.createQueryBuilder(ForecastRow, 'forecast').orderBy('forecast.sequence', 'ASC');
  addConditions(query, {
    after: ['forecast.sequence > :after', requireSequence(after)],
    tenants: ['forecast.tenantId = ANY(:tenants)', requireOrganisationIds(filter.organisationIds)],
    series: ['forecast.series = :series', filter.series],
    from: ['forecast.intervalStart >= :from', toDate(filter.from)],
    to: ['forecast.intervalStart < :to', toDate(filter.to)],
    issuedAfter: ['forecast.issuedAt > :issuedAfter', toDate(filter.issuedAfter)],
  });
  if (filter.latest === true) query.andWhere(`NOT EXISTS (${NEWER_VERSION})`);
  return query;
}

const NEWER_VERSION = `SELECT FROM forecast newer
  WHERE newer.participant_id = forecast.participant_id AND newer.series = forecast.series
    AND newer.interval_start = forecast.interval_start AND newer.version > forecast.version`;

async function lastSequence(manager: EntityManager): Promise<string> {
  const last = await manager
    .createQueryBuilder(ForecastRow, 'forecast')
    .orderBy('forecast.sequence', 'DESC')
    .limit(1)
    .getOne();
  return last?.sequence ?? '0';
}
