import { Injectable } from '@nestjs/common';
import { DomainError, interval, requireZone } from '#core';
import { Database } from '#persistence';
import { addConditions, requireOrganisationIds, toDate } from '../forecasts/published-filter.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { PublishedEmissionsRow } from './carbon.entities.ts';
import { emissionsCsv, type PublishedDay, sumEmissions } from './emissions.ts';
import type { Emissions, EmissionsArgs } from './emissions.types.ts';
import { NEWER_VERSION } from './publication.service.ts';

/** Ten members' days of three years. */
const MAX_DAYS = 10_000;
const MAX_PARTICIPANTS = 100;

/** Days that begin at or after `from` and before `to`, of all publishers unless some are named. */
type PublishedDaysFilter = Pick<EmissionsArgs, 'from' | 'to' | 'organisationIds' | 'participantIds'>;

/** Sums of what members have published. */
@Injectable()
export class EmissionsService {
  constructor(private readonly database: Database) {}

  /** @throws ZONE_UNKNOWN, and as days */
  async sums(principal: Principal, args: EmissionsArgs): Promise<Emissions> {
    requireZone(args.zone);
    const days = await this.days(principal, args);
    // What nobody publishes has no sums, not sums of zero.
    if ((args.scope ?? 2) !== 2 || (args.carrier ?? 'electricity') !== 'electricity') return tableOf([]);
    return tableOf(sumEmissions(days, args));
  }

  /**
   * The newest versions of published days.
   * @throws INTERVAL_EMPTY, ORGANISATION_IDS, PARTICIPANT_IDS, EMISSIONS_TOO_MANY beyond 10 000 published days
   */
  async days(principal: Principal, filter: PublishedDaysFilter): Promise<PublishedDay[]> {
    interval(filter.from, filter.to);
    const organisationIds = requireOrganisationIds(filter.organisationIds);
    const participantIds = requireParticipantIds(filter.participantIds);
    const days = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager.createQueryBuilder(PublishedEmissionsRow, 'published').limit(MAX_DAYS + 1);
      addConditions(query, {
        tenants: ['published.tenantId = ANY(:tenants)', organisationIds],
        participants: ['published.participantId = ANY(:participants)', participantIds],
        from: ['published.startsAt >= :from', toDate(filter.from)],
        to: ['published.startsAt < :to', toDate(filter.to)],
      });
      return query.andWhere(`NOT EXISTS (${NEWER_VERSION})`).getMany();
    });
    if (days.length > MAX_DAYS) {
      throw new DomainError(
        'EMISSIONS_TOO_MANY',
        `expected at most ${MAX_DAYS} published days, got more: ask for a shorter time or fewer members`,
        'limit',
      );
    }
    return days;
  }
}

function requireParticipantIds(ids: readonly string[] | null | undefined): readonly string[] | undefined {
  if (ids === null || ids === undefined) return undefined;
  if (ids.length <= MAX_PARTICIPANTS && ids.every((id) => isUuid(id))) return ids;
  throw new DomainError(
    'PARTICIPANT_IDS',
    `expected at most ${MAX_PARTICIPANTS} participant ids, got others`,
  );
}

const tableOf = (sums: ReturnType<typeof sumEmissions>): Emissions => ({
  sums: sums.map(({ startMs, endMs, ...sum }) => ({ ...sum, start: startMs, end: endMs })),
  csv: emissionsCsv(sums),
});
