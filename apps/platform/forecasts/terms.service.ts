import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, type EntityTarget, In, MoreThan, type ObjectLiteral } from 'typeorm';
import { type Clock, DomainError, type Interval, interval } from '#core';
import { Database } from '#persistence';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { ForecastAgreement, ForecastCharge, ForecastTerms } from './forecast-terms.entities.ts';
import { requireAgreement, requireTerms, uncovered } from './forecast-terms.ts';
import type { ForecastFilter } from './forecast-query.ts';
import { startOfDate } from './gates.service.ts';
import { addConditions, requireOrganisationIds, toDate } from './published-filter.ts';
import { holdPublication } from './publication-lock.ts';
import type { ForecastTermsArgs, OfferForecastsInput, SubscribeForecastsArgs } from './terms.types.ts';

/** Of one organisation that have not ended. */
const MAX_TERMS = 500;
const MAX_NOTICES = 100;

/** What a filter leaves out for want of an agreement. */
export interface Missing {
  readonly terms: ForecastTerms;
  readonly span: Interval;
}

@Injectable()
export class TermsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws FORECAST_TERMS_* as requireTerms says, FORECAST_TERMS_LIMIT, INTERVAL_EMPTY, DATE_MALFORMED, ZONE_UNKNOWN */
  async offer(principal: Principal, input: OfferForecastsInput): Promise<ForecastTerms> {
    requireRole(principal, 'firm', 'market');
    const { series, zone, pricePerDayMinor, currency, licence } = input;
    const days = interval(startOfDate(zone, input.from), startOfDate(zone, input.to));
    const tenantId = principal.organisationId;
    return this.database.asTenant(tenantId, async (manager) => {
      await holdPublication(manager, 'exclusive');
      const nowMs = this.clock.nowMs();
      const own = await manager.findBy(ForecastTerms, { tenantId, endsAt: MoreThan(new Date(nowMs)) });
      if (own.length >= MAX_TERMS) {
        throw new DomainError(
          'FORECAST_TERMS_LIMIT',
          `expected at most ${MAX_TERMS} terms, got more`,
          'limit',
        );
      }
      const taken = own.filter((terms) => terms.series === series).map(daysOf);
      requireTerms({ days, pricePerDayMinor, currency }, taken, nowMs);
      const fields = { series, zone, ...toDates(days), pricePerDayMinor, currency, licence };
      const row = { id: randomUUID(), tenantId, ...fields, createdAt: new Date(nowMs) };
      await manager.insert(ForecastTerms, row);
      return row;
    });
  }

  /** @throws FORECAST_TERMS_UNKNOWN, FORECAST_TERMS_OWN, FORECAST_AGREEMENT_* as requireAgreement says */
  async subscribe(
    principal: Principal,
    { termsId, from, to }: SubscribeForecastsArgs,
  ): Promise<ForecastAgreement> {
    requireRole(principal, 'firm', 'market');
    const tenantId = principal.organisationId;
    return this.database.asTenant(tenantId, async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `agreements ${tenantId}`,
      ]);
      const terms = UUID.test(termsId) ? await manager.findOneBy(ForecastTerms, { id: termsId }) : null;
      if (terms === null) throw unknownTerms();
      if (terms.tenantId === tenantId) {
        throw new DomainError('FORECAST_TERMS_OWN', 'expected terms of another organisation, got own ones');
      }
      const { zone, series, pricePerDayMinor, currency, tenantId: publisherId } = terms;
      const days = interval(startOfDate(zone, from), startOfDate(zone, to));
      const agreed = await manager.findBy(ForecastAgreement, { tenantId, termsId });
      requireAgreement(days, daysOf(terms), agreed.map(daysOf));
      const price = { pricePerDayMinor, currency };
      const fields = { tenantId, termsId, publisherId, series, zone, ...toDates(days), ...price };
      const row = { id: randomUUID(), ...fields, createdAt: new Date(this.clock.nowMs()) };
      await manager.insert(ForecastAgreement, row);
      return row;
    });
  }

  /** Everybody's, newest first. @throws ORGANISATION_IDS */
  async terms(
    principal: Principal,
    { organisationId, series, ...page }: ForecastTermsArgs,
  ): Promise<Connection<ForecastTerms>> {
    const [publisher] = requireOrganisationIds(isGiven(organisationId) ? [organisationId] : []) ?? [];
    return this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager.createQueryBuilder(ForecastTerms, 'terms');
      addConditions(query, {
        publisher: ['terms.tenantId = :publisher', publisher],
        series: ['terms.series = :series', series],
      });
      return pageByCreation(query, page, 'DESC');
    });
  }

  /** In which the organisation is consumer or publisher, newest first. */
  agreements(principal: Principal, page: PageArgs): Promise<Connection<ForecastAgreement>> {
    return this.#own(principal, ForecastAgreement, page);
  }

  /** What the organisation paid or was paid, newest first. */
  charges(principal: Principal, page: PageArgs): Promise<Connection<ForecastCharge>> {
    return this.#own(principal, ForecastCharge, page);
  }

  /** Which days of whose terms a filter asks for without an agreement; whether there are forecasts it does not say. */
  async missing(principal: Principal, filter: ForecastFilter): Promise<Missing[]> {
    const consumer = principal.organisationId;
    if ((filter.from ?? -Infinity) >= (filter.to ?? Infinity)) return [];
    return this.database.asTenant(consumer, async (manager) => {
      const terms = await othersTerms(manager, consumer, filter);
      if (terms.length === 0) return [];
      const about = In(terms.map(({ id }) => id));
      const agreements = await manager.findBy(ForecastAgreement, { tenantId: consumer, termsId: about });
      return terms
        .flatMap((each) => {
          const agreed = agreements.filter(({ termsId }) => termsId === each.id).map(daysOf);
          return uncovered(clipped(daysOf(each), filter), agreed).map((span) => ({ terms: each, span }));
        })
        .slice(0, MAX_NOTICES);
    });
  }

  #own<T extends ObjectLiteral & { readonly id: string; readonly createdAt: Date }>(
    { organisationId }: Principal,
    entity: EntityTarget<T>,
    page: PageArgs,
  ): Promise<Connection<T>> {
    return this.database.asTenant(organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(entity, 'own'), page, 'DESC'),
    );
  }
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const unknownTerms = (): DomainError =>
  new DomainError('FORECAST_TERMS_UNKNOWN', 'expected terms, got none of this id', 'not-found');

const daysOf = ({ startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date }): Interval =>
  interval(startsAt.getTime(), endsAt.getTime());

const toDates = ({ startMs, endMs }: Interval): { startsAt: Date; endsAt: Date } => ({
  startsAt: new Date(startMs),
  endsAt: new Date(endMs),
});

function clipped({ startMs, endMs }: Interval, { from, to }: ForecastFilter): Interval {
  return interval(Math.max(startMs, from ?? startMs), Math.min(endMs, to ?? endMs));
}

/** Terms of others that reach into what the filter asks for. */
function othersTerms(
  manager: EntityManager,
  consumer: string,
  filter: ForecastFilter,
): Promise<ForecastTerms[]> {
  const query = manager
    .createQueryBuilder(ForecastTerms, 'terms')
    .where('terms.tenantId <> :consumer', { consumer })
    .orderBy('terms.startsAt', 'ASC')
    .addOrderBy('terms.id', 'ASC')
    .limit(MAX_NOTICES);
  addConditions(query, {
    publishers: ['terms.tenantId = ANY(:publishers)', requireOrganisationIds(filter.organisationIds)],
    series: ['terms.series = :series', filter.series],
    from: ['terms.endsAt > :from', toDate(filter.from)],
    to: ['terms.startsAt < :to', toDate(filter.to)],
  });
  return query.getMany();
}
