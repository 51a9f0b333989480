import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In, MoreThan } from 'typeorm';
import { type Clock, DomainError, type Interval, interval } from '#core';
import { Database } from '#persistence';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { requireProductRow } from '../models/product-store.ts';
import { CLOCK } from '../platform.tokens.ts';
import { held } from './agreement-ends.ts';
import { publishedAs } from './forecast-series.ts';
import { daysOf, toDates } from './terms-days.ts';
import { ForecastAgreement, ForecastCharge, ForecastTerms } from './forecast-terms.entities.ts';
import { requireTerms, uncovered } from './forecast-terms.ts';
import type { ForecastFilter } from './forecast-query.ts';
import { startOfDate } from './gates.service.ts';
import { addConditions, requireOrganisationIds, toDate } from './published-filter.ts';
import { holdPublication } from './publication-lock.ts';
import type { ForecastTermsArgs, OfferForecastsInput } from './terms.types.ts';

/** Of one organisation that have not ended. */
const MAX_TERMS = 500;
const MAX_NOTICES = 100;
/** Terms looked at together. */
const TERMS_PAGE = 100;

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

  /** What the organisation paid or was paid, newest first. */
  charges(principal: Principal, page: PageArgs): Promise<Connection<ForecastCharge>> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(ForecastCharge, 'own'), page, 'DESC'),
    );
  }

  /** Which days of whose terms a filter asks for without an agreement or a charge; whether there are forecasts it does not say. @throws PRODUCT_UNKNOWN */
  async missing(principal: Principal, filter: ForecastFilter): Promise<Missing[]> {
    const consumer = principal.organisationId;
    if ((filter.from ?? -Infinity) >= (filter.to ?? Infinity)) return [];
    return this.database.asTenant(consumer, async (manager) => {
      const found: Missing[] = [];
      const wanted = await seriesOf(manager, filter);
      let page: ForecastTerms[] = [];
      do {
        page = await othersTerms(manager, consumer, wanted, page.at(-1));
        found.push(...(await uncoveredTerms(manager, consumer, page, filter)));
      } while (page.length === TERMS_PAGE && found.length < MAX_NOTICES);
      return found.slice(0, MAX_NOTICES);
    });
  }
}

/** What the filter asks for of terms, less what is agreed or paid. */
async function uncoveredTerms(
  manager: EntityManager,
  consumer: string,
  terms: readonly ForecastTerms[],
  filter: ForecastFilter,
): Promise<Missing[]> {
  if (terms.length === 0) return [];
  const about = In(terms.map(({ id }) => id));
  const agreements = await manager.findBy(ForecastAgreement, { tenantId: consumer, termsId: about });
  const agreed = await held(manager, agreements);
  const paid = await manager.findBy(ForecastCharge, {
    tenantId: consumer,
    agreementId: In(agreed.filter(({ endedEarly }) => endedEarly).map(({ id }) => id)),
  });
  return terms.flatMap((each) => {
    const own = agreed.filter(({ termsId }) => termsId === each.id);
    const days = paid.filter(({ agreementId }) => own.some(({ id }) => id === agreementId));
    return uncovered(clipped(daysOf(each), filter), [...own, ...days].map(daysOf)).map((span) => ({
      terms: each,
      span,
    }));
  });
}

/** A product is of one series: terms of others are not asked about. @throws PRODUCT_UNKNOWN */
async function seriesOf(manager: EntityManager, filter: ForecastFilter): Promise<ForecastFilter> {
  if (!isGiven(filter.productId)) return filter;
  const { series } = await requireProductRow(manager, filter.productId);
  return { ...filter, series: filter.series ?? publishedAs(series) };
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

function clipped({ startMs, endMs }: Interval, { from, to }: ForecastFilter): Interval {
  return interval(Math.max(startMs, from ?? startMs), Math.min(endMs, to ?? endMs));
}

/** A page of the terms of others that reach into what the filter asks for, by their start. */
function othersTerms(
  manager: EntityManager,
  consumer: string,
  filter: ForecastFilter,
  after: ForecastTerms | undefined,
): Promise<ForecastTerms[]> {
  const query = manager
    .createQueryBuilder(ForecastTerms, 'terms')
    .where('terms.tenantId <> :consumer', { consumer })
    .orderBy('terms.startsAt', 'ASC')
    .addOrderBy('terms.id', 'ASC')
    .limit(TERMS_PAGE);
  addConditions(query, {
    publishers: ['terms.tenantId = ANY(:publishers)', requireOrganisationIds(filter.organisationIds)],
    series: ['terms.series = :series', filter.series],
    from: ['terms.endsAt > :from', toDate(filter.from)],
    to: ['terms.startsAt < :to', toDate(filter.to)],
  });
  if (after) {
    const { startsAt, id } = after;
    query.andWhere('(terms.startsAt, terms.id) > (:startsAt, CAST(:id AS uuid))', { startsAt, id });
  }
  return query.getMany();
}
