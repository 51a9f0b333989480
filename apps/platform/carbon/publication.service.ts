import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, LessThan, MoreThan, type SelectQueryBuilder } from 'typeorm';
import { EMISSIONS_CONTEXT, type EmissionsTotals, emissionsStatement } from '#carbon';
import { type Clock, DomainError, requireSignature } from '#core';
import { Database } from '#persistence';
import {
  addConditions,
  requireOrganisationIds,
  requireSequence,
  toDate,
} from '../forecasts/published-filter.ts';
import { Participant } from '../identity/identity.entities.ts';
import { type Connection, connectionOf, decodeCursor, pageSize } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { GridSeries, PublishedEmissionsRow } from './carbon.entities.ts';
import { requirePublishable } from './publication.ts';
import type {
  PublishedEmissions,
  PublishedEmissionsArgs,
  PublishEmissionsInput,
} from './publication.types.ts';

/** What members publish of their own emissions, as they choose. */
@Injectable()
export class PublicationService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores signed totals; the same again changes nothing, others of the same day become the next version.
   * @throws PARTICIPANT_REQUIRED, EMISSIONS_*, SIGNATURE_INVALID, SERIES_UNKNOWN
   */
  async publish(principal: Principal, input: PublishEmissionsInput): Promise<PublishedEmissions> {
    if (principal.kind !== 'participant') {
      throw new DomainError(
        'PARTICIPANT_REQUIRED',
        'expected the signed request of a participant, got a member',
        'forbidden',
      );
    }
    const { start, end, signature, ...fields } = input;
    const totals: EmissionsTotals = { ...fields, startMs: start, endMs: end };
    const nowMs = this.clock.nowMs();
    requirePublishable(totals, nowMs);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const { signingKey } = await manager.findOneByOrFail(Participant, { id: principal.id });
      await requireSignature(
        signingKey,
        EMISSIONS_CONTEXT,
        emissionsStatement(principal.id, totals),
        signature,
      );
      await requireSeries(manager, totals);
      // One publisher at a time, so that sequence numbers become visible in their order.
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('published_emissions'))");
      const latest = await latestVersion(manager, principal.id, totals);
      // Ed25519 is deterministic: the same signature means the same words.
      if (latest?.signature === signature) return toType(latest);
      if (latest === null) await requireDayApart(manager, principal.id, totals);
      const row = manager.create(PublishedEmissionsRow, {
        ...fields,
        tenantId: principal.organisationId,
        participantId: principal.id,
        startsAt: new Date(start),
        endsAt: new Date(end),
        version: (latest?.version ?? 0) + 1,
        signature,
        publishedAt: new Date(nowMs),
      });
      return toType(await manager.save(row));
    });
  }

  /** Everybody's, in the order of publication: published means shared with the community. */
  async list(principal: Principal, args: PublishedEmissionsArgs): Promise<Connection<PublishedEmissions>> {
    const after = requireSequence(decodeCursor(args.after, 1)?.[0]);
    const limit = pageSize(args.first) + 1;
    const rows = await this.database.asTenant(principal.organisationId, (manager) =>
      filtered(manager, args, after).limit(limit).getMany(),
    );
    return connectionOf(rows.map(toType), args.first, ({ id }) => [id]);
  }
}

async function requireSeries(manager: EntityManager, { factorIds, basis }: EmissionsTotals): Promise<void> {
  if (!(await manager.existsBy(GridSeries, { id: factorIds[0]!, basis }))) {
    throw new DomainError(
      'SERIES_UNKNOWN',
      'expected an imported grid series of that basis, got none',
      'not-found',
    );
  }
}

/** Days of one participant do not overlap: sums would count hours twice, and differences tell those of an hour. @throws EMISSIONS_OVERLAP */
async function requireDayApart(
  manager: EntityManager,
  participantId: string,
  { startMs, endMs }: EmissionsTotals,
): Promise<void> {
  const day = { startsAt: LessThan(new Date(endMs)), endsAt: MoreThan(new Date(startMs)) };
  if (!(await manager.existsBy(PublishedEmissionsRow, { participantId, ...day }))) return;
  throw new DomainError(
    'EMISSIONS_OVERLAP',
    'expected a day apart from those published, or a new version of one, got one that overlaps another',
    'conflict',
  );
}

function latestVersion(
  manager: EntityManager,
  participantId: string,
  { startMs, endMs }: EmissionsTotals,
): Promise<PublishedEmissionsRow | null> {
  return manager.findOne(PublishedEmissionsRow, {
    where: { participantId, startsAt: new Date(startMs), endsAt: new Date(endMs) },
    order: { version: 'DESC' },
  });
}

function filtered(
  manager: EntityManager,
  { organisationIds, from, to, latest }: PublishedEmissionsArgs,
  after: string | undefined,
): SelectQueryBuilder<PublishedEmissionsRow> {
  const query = manager
    .createQueryBuilder(PublishedEmissionsRow, 'published')
    .orderBy('published.sequence', 'ASC');
  addConditions(query, {
    after: ['published.sequence > :after', after],
    tenants: ['published.tenantId = ANY(:tenants)', requireOrganisationIds(organisationIds)],
    from: ['published.startsAt >= :from', toDate(from)],
    to: ['published.startsAt < :to', toDate(to)],
  });
  if (latest) query.andWhere(`NOT EXISTS (${NEWER_VERSION})`);
  return query;
}

/** A later version of what `published` names. */
export const NEWER_VERSION = `SELECT FROM published_emissions newer
  WHERE newer.participant_id = published.participant_id AND newer.starts_at = published.starts_at
    AND newer.ends_at = published.ends_at AND newer.version > published.version`;

const toType = ({
  sequence,
  tenantId,
  startsAt,
  endsAt,
  ...fields
}: PublishedEmissionsRow): PublishedEmissions => ({
  ...fields,
  id: sequence,
  organisationId: tenantId,
  start: startsAt,
  end: endsAt,
});
