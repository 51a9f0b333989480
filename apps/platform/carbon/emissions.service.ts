import { Injectable } from '@nestjs/common';
import { DomainError, interval, requireZone } from '#core';
import { Database } from '#persistence';
import { addConditions, requireOrganisationIds, toDate } from '../forecasts/published-filter.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { PublishedEmissionsRow } from './carbon.entities.ts';
import { emissionsCsv, sumEmissions } from './emissions.ts';
import type { Emissions, EmissionsArgs } from './emissions.types.ts';
import { NEWER_VERSION } from './publication.service.ts';

/** Ten members' days of three years. */
const MAX_DAYS = 10_000;
const MAX_PARTICIPANTS = 100;

/** Sums of what members have published. */
@Injectable()
export class EmissionsService {
  constructor(private readonly database: Database) {}

  /** @throws INTERVAL_EMPTY, ZONE_UNKNOWN, ORGANISATION_IDS, PARTICIPANT_IDS, EMISSIONS_TOO_MANY beyond 10 000 published days */
  async sums(principal: Principal, args: EmissionsArgs): Promise<Emissions> {
    interval(args.from, args.to);
    requireZone(args.zone);
    const organisationIds = requireOrganisationIds(args.organisationIds);
    const participantIds = requireParticipantIds(args.participantIds);
    // What nobody publishes has no sums, not sums of zero.
    if ((args.scope ?? 2) !== 2 || (args.carrier ?? 'electricity') !== 'electricity') return tableOf([]);
    const days = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager.createQueryBuilder(PublishedEmissionsRow, 'published').limit(MAX_DAYS + 1);
      addConditions(query, {
        tenants: ['published.tenantId = ANY(:tenants)', organisationIds],
        participants: ['published.participantId = ANY(:participants)', participantIds],
        from: ['published.startsAt >= :from', toDate(args.from)],
        to: ['published.startsAt < :to', toDate(args.to)],
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
    return tableOf(sumEmissions(days, args));
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
