import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CarbonReport } from '#carbon';
import { type Clock, DomainError, parseInstant } from '#core';
import { Database } from '#persistence';
import { reportOfBytes, verifyReportBytes } from '#studies';
import { BlobService } from '../blobs/blob.service.ts';
import { blobNotFound } from '../blobs/blob-store.ts';
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
import { PublishedReportRow } from './published-report.entity.ts';
import type { PublishedReport, PublishedReportArgs } from './published-report.types.ts';

/** A quarter of a year by the hour: computing it again takes the platform less than half a second. */
const MAX_BYTES = 2 * 2 ** 20;

/** Whole reports that members show. */
@Injectable()
export class PublishedReportService {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Verifies and keeps a report; the same again changes nothing, another of the same period is its next version.
   * @throws PARTICIPANT_REQUIRED, BLOB_NOT_FOUND unless all may read it, REPORT_TOO_LARGE, REPORT_SUBJECT, REPORT_TOO_EARLY, and
   * the code of the check that failed
   */
  async publish(principal: Principal, blob: string): Promise<PublishedReport> {
    if (principal.kind !== 'participant') {
      throw new DomainError(
        'PARTICIPANT_REQUIRED',
        'expected the signed request of a participant, got a member',
        'forbidden',
      );
    }
    const size = (await this.blobs.sharedSizes(principal, [blob])).get(blob);
    if (size === undefined) throw blobNotFound(blob);
    if (size > MAX_BYTES)
      throw new DomainError('REPORT_TOO_LARGE', `expected at most ${MAX_BYTES} bytes, got ${size}`, 'limit');
    const bytes = await this.blobs.read(blob);
    const { signingKey } = await this.database.asTenant(principal.organisationId, (manager) =>
      manager.findOneByOrFail(Participant, { id: principal.id }),
    );
    const report = await requireVerified(bytes, signingKey);
    const nowMs = this.clock.nowMs();
    requireOwnPast(report, principal.id, nowMs);
    return this.database.asTenant(principal.organisationId, (manager) =>
      store(manager, report, { tenantId: principal.organisationId, blob, publishedAt: new Date(nowMs) }),
    );
  }

  /** Everybody's, in the order of publication. */
  async list(principal: Principal, args: PublishedReportArgs): Promise<Connection<PublishedReport>> {
    const after = requireSequence(decodeCursor(args.after, 1)?.[0]);
    const limit = pageSize(args.first) + 1;
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(PublishedReportRow, 'report')
        .orderBy('report.sequence', 'ASC');
      addConditions(query, {
        after: ['report.sequence > :after', after],
        tenants: ['report.tenantId = ANY(:tenants)', requireOrganisationIds(args.organisationIds)],
        from: ['report.startsAt >= :from', toDate(args.from)],
        to: ['report.startsAt < :to', toDate(args.to)],
      });
      return query.limit(limit).getMany();
    });
    return connectionOf(rows.map(toType), args.first, ({ id }) => [id]);
  }
}

async function requireVerified(bytes: Uint8Array, publicKey: string): Promise<CarbonReport> {
  const { checks } = await verifyReportBytes(bytes, { publicKey });
  const failed = checks.find(({ ok }) => !ok);
  // What a check expected and got may be a figure of the report.
  if (failed)
    throw new DomainError(
      failed.code ?? 'REPORT_DIFFERS',
      `expected a report that verifies, got one that fails at ${failed.name}`,
    );
  return reportOfBytes(bytes);
}

function requireOwnPast({ subject, period }: CarbonReport, participantId: string, nowMs: number): void {
  if (subject.participantId !== participantId)
    throw new DomainError(
      'REPORT_SUBJECT',
      'expected a report of the participant itself, got another',
      'forbidden',
    );
  if (parseInstant(period.end) > nowMs)
    throw new DomainError('REPORT_TOO_EARLY', 'expected a period that is over, got another');
}

async function store(
  manager: EntityManager,
  { subject, period, hash, method }: CarbonReport,
  about: Pick<PublishedReportRow, 'tenantId' | 'blob' | 'publishedAt'>,
): Promise<PublishedReport> {
  // One publisher at a time, so that sequence numbers become visible in their order.
  await manager.query("SELECT pg_advisory_xact_lock(hashtext('published_report'))");
  const of = {
    participantId: subject.participantId!,
    startsAt: new Date(period.start),
    endsAt: new Date(period.end),
  };
  const latest = await manager.findOne(PublishedReportRow, { where: of, order: { version: 'DESC' } });
  if (latest?.blob === about.blob) return toType(latest);
  const row = manager.create(PublishedReportRow, {
    ...about,
    ...of,
    hash,
    methodVersion: method,
    version: (latest?.version ?? 0) + 1,
    restates: latest?.hash ?? null,
  });
  return toType(await manager.save(row));
}

const toType = ({
  sequence,
  tenantId,
  startsAt,
  endsAt,
  ...fields
}: PublishedReportRow): PublishedReport => ({
  ...fields,
  id: sequence,
  organisationId: tenantId,
  start: startsAt,
  end: endsAt,
});
