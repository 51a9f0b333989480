import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, interval } from '#core';
import { Database } from '#persistence';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { type HeldAgreement, held, withEnds } from './agreement-ends.ts';
import { ForecastAgreement, ForecastAgreementEnd, ForecastTerms } from './forecast-terms.entities.ts';
import { requireAgreement, requireEnd } from './forecast-terms.ts';
import { startOfDate } from './gates.service.ts';
import { daysOf, toDates } from './terms-days.ts';
import type { EndForecastAgreementArgs, SubscribeForecastsArgs } from './terms.types.ts';

/** Agreements to the terms of others: made by the consumer, ended early by either side. */
@Injectable()
export class AgreementsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws FORECAST_TERMS_UNKNOWN, FORECAST_TERMS_OWN, FORECAST_AGREEMENT_* as requireAgreement says */
  async subscribe(
    principal: Principal,
    { termsId, from, to }: SubscribeForecastsArgs,
  ): Promise<HeldAgreement> {
    requireRole(principal, 'firm', 'market');
    const tenantId = principal.organisationId;
    return this.database.asTenant(tenantId, async (manager) => {
      await holdAgreements(manager, tenantId);
      const terms = isUuid(termsId) ? await manager.findOneBy(ForecastTerms, { id: termsId }) : null;
      if (terms === null) throw unknownTerms();
      if (terms.tenantId === tenantId) {
        throw new DomainError('FORECAST_TERMS_OWN', 'expected terms of another organisation, got own ones');
      }
      const { zone, series, pricePerDayMinor, currency, tenantId: publisherId } = terms;
      const days = interval(startOfDate(zone, from), startOfDate(zone, to));
      const agreed = await held(manager, await manager.findBy(ForecastAgreement, { tenantId, termsId }));
      requireAgreement(days, daysOf(terms), agreed.map(daysOf));
      const price = { pricePerDayMinor, currency };
      const fields = { tenantId, termsId, publisherId, series, zone, ...toDates(days), ...price };
      const row = { id: randomUUID(), ...fields, createdAt: new Date(this.clock.nowMs()) };
      await manager.insert(ForecastAgreement, row);
      return { ...row, endedEarly: false };
    });
  }

  /**
   * The agreement holds no more from a local day on; said again it changes nothing, and an earlier day may follow. Days that were
   * read before stay paid and readable.
   * @throws FORECAST_AGREEMENT_UNKNOWN, FORECAST_AGREEMENT_RANGE, FORECAST_AGREEMENT_PAST, DATE_MALFORMED
   */
  async end(principal: Principal, { agreementId, from }: EndForecastAgreementArgs): Promise<HeldAgreement> {
    requireRole(principal, 'firm', 'market');
    const tenantId = principal.organisationId;
    return this.database.asTenant(tenantId, async (manager) => {
      const agreement = await requireOwn(manager, agreementId);
      await holdAgreements(manager, agreement.tenantId);
      const [now] = await withEnds(manager, [agreement]);
      const endMs = startOfDate(agreement.zone, from);
      if (now!.endedEarly && now!.endsAt.getTime() === endMs) return now!;
      const nowMs = this.clock.nowMs();
      requireEnd(endMs, { startMs: agreement.startsAt.getTime(), endMs: now!.endsAt.getTime() }, nowMs);
      const endsAt = new Date(endMs);
      await manager.insert(ForecastAgreementEnd, {
        agreementId,
        endsAt,
        tenantId,
        createdAt: new Date(nowMs),
      });
      return { ...now!, endsAt, endedEarly: true };
    });
  }

  /** In which the organisation is consumer or publisher, newest first. */
  async list({ organisationId }: Principal, page: PageArgs): Promise<Connection<HeldAgreement>> {
    return this.database.asTenant(organisationId, async (manager) => {
      const query = manager.createQueryBuilder(ForecastAgreement, 'own');
      const { edges, pageInfo } = await pageByCreation(query, page, 'DESC');
      const now = await withEnds(
        manager,
        edges.map(({ node }) => node),
      );
      return { pageInfo, edges: edges.map(({ cursor }, i) => ({ cursor, node: now[i]! })) };
    });
  }
}

/** One at a time changes what a consumer has agreed to. */
const holdAgreements = (manager: EntityManager, consumer: string): Promise<unknown> =>
  manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`agreements ${consumer}`]);

/** Of which the tenant is a side: row-level security shows no other. @throws FORECAST_AGREEMENT_UNKNOWN */
async function requireOwn(manager: EntityManager, id: string): Promise<ForecastAgreement> {
  const agreement = isUuid(id) ? await manager.findOneBy(ForecastAgreement, { id }) : null;
  if (agreement) return agreement;
  throw new DomainError(
    'FORECAST_AGREEMENT_UNKNOWN',
    'expected an agreement of this organisation, got none of this id',
    'not-found',
  );
}

const unknownTerms = (): DomainError =>
  new DomainError('FORECAST_TERMS_UNKNOWN', 'expected terms, got none of this id', 'not-found');
