import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, isoInstant } from '#core';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import { lateFor } from './forecast-gate.ts';
import { ForecastReader } from './forecast-reader.service.ts';
import { ForecastRow } from './forecast.entity.ts';
import { toNotice } from './forecast-notice.ts';
import { toForecast, toRow, toType, toVersion } from './forecast-fields.ts';
import { requireProducts } from './forecast-products.ts';
import {
  type Forecast,
  forecastKey,
  nextVersions,
  requireBatch,
  type VersionedForecast,
} from './forecast.ts';
import type {
  ForecastAtArgs,
  ForecastInput,
  ForecastPublished,
  ForecastPublishedArgs,
  ForecastsArgs,
  ForecastType,
  PublishForecastsPayload,
} from './forecasts.types.ts';
import { gateRules } from './gates.service.ts';
import { holdPublication } from './publication-lock.ts';
import { type Missing, TermsService } from './terms.service.ts';

/** New forecasts reach a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 100;
/** Of one organisation that forecast one interval: far more than any has. */
const MAX_PARTICIPANTS = 100;

/** A page and what was asked for: what it leaves out follows from that. */
export interface ForecastPage extends Connection<ForecastType> {
  readonly filter: ForecastsArgs;
}

@Injectable()
export class ForecastsService {
  constructor(
    private readonly database: Database,
    private readonly reader: ForecastReader,
    private readonly terms: TermsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws PARTICIPANT_REQUIRED, PRODUCT_UNKNOWN, FORECAST_…, and as requireBatch and nextVersions say */
  async publish(principal: Principal, inputs: readonly ForecastInput[]): Promise<PublishForecastsPayload> {
    requireParticipant(principal);
    const batch = inputs.map(toForecast);
    requireBatch(batch, this.clock.nowMs());
    return this.database.asTenant(principal.organisationId, async (manager) => {
      await requireProducts(manager, batch);
      await holdPublication(manager, 'exclusive');
      const nowMs = this.clock.nowMs();
      const versions = nextVersions(batch, await latestVersions(manager, principal.id, batch));
      const rules = await gateRules(manager);
      const owner = {
        tenantId: principal.organisationId,
        participantId: principal.id,
        publishedAt: new Date(nowMs),
      };
      const rows = versions.map((version) => ({
        ...toRow(version, owner),
        lateFor: lateFor(rules, version.intervalStartMs, nowMs),
      }));
      if (rows.length > 0) await manager.insert(ForecastRow, rows);
      return { published: versions.length, unchanged: batch.length - versions.length };
    });
  }

  async list(principal: Principal, args: ForecastsArgs): Promise<ForecastPage> {
    const after = decodeCursor(args.after, 1)?.[0];
    const wanted = { after, limit: pageSize(args.first) };
    const { rows, hasMore } = await this.reader.page(principal, args, wanted);
    const { edges, pageInfo } = connectionOf(rows.map(toType), args.first, ({ id }) => [id]);
    return { edges, pageInfo: { endCursor: pageInfo.endCursor, hasNextPage: hasMore }, filter: args };
  }

  /**
   * What was known of an interval at an instant, a version for each participant of the organisation.
   * @throws FORECAST_NOT_ISSUED where nothing had been issued by then, FORECAST_AS_OF_LATER, FORECAST_AGREEMENT_REQUIRED
   */
  async at(
    principal: Principal,
    { organisationId, series, intervalStart, asOf }: ForecastAtArgs,
  ): Promise<ForecastType[]> {
    const hour = { from: intervalStart, to: intervalStart + 1 };
    const filter = { organisationIds: [organisationId], series, ...hour, asOf };
    const { rows } = await this.reader.page(principal, filter, { after: undefined, limit: MAX_PARTICIPANTS });
    if (rows.length > 0) return rows.map(toType);
    const [missing] = await this.terms.missing(principal, filter);
    if (missing !== undefined) throw agreementRequired(missing);
    throw new DomainError(
      'FORECAST_NOT_ISSUED',
      `expected a forecast of ${series} at ${isoInstant(intervalStart)} issued by ${isoInstant(asOf)}, got none`,
      'not-found',
      { series, intervalStart: isoInstant(intervalStart), asOf: isoInstant(asOf) },
    );
  }

  /** Forecasts as they come, and before them what of them is left out, whenever that changes. */
  async follow(
    principal: Principal,
    args: ForecastPublishedArgs,
  ): Promise<AsyncIterableIterator<ForecastPublished>> {
    const start = decodeCursor(args.after, 1)?.[0];
    // Whoever begins now is told of days to come, whoever reads on of all.
    const { organisationIds, series, productId } = args;
    const from = start === undefined ? this.clock.nowMs() : undefined;
    const filter = { organisationIds, series, productId, from };
    let told = '[]';
    const read = async (after: string): Promise<ForecastPublished[]> => {
      const notices = (await this.terms.missing(principal, filter)).map(toNotice);
      const { rows } = await this.reader.page(principal, args, { after, limit: FOLLOW_PAGE });
      const events = rows.map((row) => ({
        cursor: encodeCursor([row.sequence]),
        node: toType(row),
        notices: null,
      }));
      const now = JSON.stringify(notices);
      if (now === told) return events;
      told = now;
      return [{ cursor: encodeCursor([after]), node: null, notices }, ...events];
    };
    return followCursor({ read, cursorOf }, start ?? (await this.reader.lastSequence(principal)), POLL_MS);
  }
}

const cursorOf = ({ cursor }: ForecastPublished): string => decodeCursor(cursor, 1)![0]!;

function requireParticipant(principal: Principal): void {
  if (principal.kind !== 'participant') {
    throw new DomainError(
      'PARTICIPANT_REQUIRED',
      'expected the signed request of a participant, got a member',
      'forbidden',
    );
  }
}

const agreementRequired = ({ terms }: Missing): DomainError =>
  new DomainError(
    'FORECAST_AGREEMENT_REQUIRED',
    `expected an agreement to terms ${terms.id}, got none`,
    'forbidden',
    { termsId: terms.id, organisationId: terms.tenantId },
  );

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
