import { Injectable } from '@nestjs/common';
import type { EntityTarget, SelectQueryBuilder } from 'typeorm';
import { type CertificateKind, type CertificateState, LINEAGE_FORM } from '#certificates';
import { DomainError, type Json } from '#core';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import { requireInteger, requireUuid } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { requireInstant } from '../market/results.service.ts';
import { CertificateClaim, CertificateRow, CertificateShortfall, CertificateTransfer } from './certificates.entities.ts'; // prettier-ignore
import { eventsBehind } from './history.ts';
import { toTaken } from './registry-store.ts';

export interface CertificateFilter {
  readonly state: CertificateState | null;
  readonly kind: CertificateKind | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** Certificates and what became of them. Row-level security decides who sees what. */
@Injectable()
export class CertificateReaderService {
  constructor(private readonly database: Database) {}

  /** What the own organisation holds, or has claimed or let expire, in order of time. */
  async list(
    principal: Principal,
    { state, kind, fromMs, toMs }: CertificateFilter,
    { first, after }: PageArgs,
  ): Promise<Connection<CertificateRow>> {
    const [startsAt, id] = decodeCursor(after, 2) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(CertificateRow, 'certificate')
        .where('certificate.standing')
        .orderBy('certificate.starts_at')
        .addOrderBy('certificate.id')
        .limit(pageSize(first) + 1);
      if (state !== null) query.andWhere('certificate.state = :state', { state });
      if (kind !== null) query.andWhere('certificate.kind = :kind', { kind });
      if (fromMs !== null) query.andWhere('certificate.starts_at >= :from', { from: new Date(fromMs) });
      if (toMs !== null) query.andWhere('certificate.starts_at < :to', { to: new Date(toMs) });
      if (startsAt !== undefined && id !== undefined) {
        query.andWhere('(certificate.starts_at, certificate.id) > (:startsAt, :id)', {
          startsAt: requireInstant(startsAt),
          id: requireUuid(id),
        });
      }
      return query.getMany();
    });
    return connectionOf(rows, first, (row) => [row.startsAt.toISOString(), row.id]);
  }

  /** Transfers that the own organisation made or received, in their order. */
  transfers(principal: Principal, page: PageArgs): Promise<Connection<CertificateTransfer>> {
    return this.#inOrder(principal, CertificateTransfer, page);
  }

  /** Own claims, in their order. */
  claims(principal: Principal, page: PageArgs): Promise<Connection<CertificateClaim>> {
    return this.#inOrder(principal, CertificateClaim, page);
  }

  /** Own slots in which certificates say more than corrected meters. */
  async shortfalls(
    principal: Principal,
    { first, after }: PageArgs,
  ): Promise<Connection<CertificateShortfall>> {
    const [startsAt, sessionId, participantId, kind] = decodeCursor(after, 4) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query: SelectQueryBuilder<CertificateShortfall> = manager
        .createQueryBuilder(CertificateShortfall, 'short')
        .orderBy('short.starts_at')
        .addOrderBy('short.session_id')
        .addOrderBy('short.participant_id')
        .addOrderBy('short.kind')
        .limit(pageSize(first) + 1);
      if (startsAt !== undefined && sessionId !== undefined && participantId !== undefined) {
        query.where(
          '(short.starts_at, short.session_id, short.participant_id, short.kind) > (:startsAt, :session, :participant, :kind)',
          {
            startsAt: requireInstant(startsAt),
            session: requireUuid(sessionId),
            participant: requireUuid(participantId),
            kind,
          },
        );
      }
      return query.getMany();
    });
    return connectionOf(rows, first, (row) => [
      row.startsAt.toISOString(),
      row.sessionId,
      row.participantId,
      row.kind,
    ]);
  }

  /** A certificate that the own organisation holds with every event behind it. @throws CERTIFICATE_UNKNOWN */
  async lineage(principal: Principal, certificateId: string): Promise<Json> {
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const row = isUuid(certificateId)
        ? await manager.findOneBy(CertificateRow, { id: certificateId, standing: true })
        : null;
      if (row === null) {
        throw new DomainError(
          'CERTIFICATE_UNKNOWN',
          'expected a certificate of the own organisation, got none of this id',
          'not-found',
        );
      }
      const events = await eventsBehind(manager, row);
      return { form: LINEAGE_FORM, certificate: { ...toTaken(row) }, events };
    });
  }

  async #inOrder<T extends CertificateTransfer | CertificateClaim>(
    principal: Principal,
    entity: EntityTarget<T>,
    { first, after }: PageArgs,
  ): Promise<Connection<T>> {
    const [sequence] = decodeCursor(after, 1) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(entity, 'row')
        .orderBy('row.sequence')
        .limit(pageSize(first) + 1);
      if (sequence !== undefined) query.where('row.sequence > :after', { after: requireInteger(sequence) });
      return query.getMany();
    });
    return connectionOf(rows, first, (row) => [row.sequence]);
  }
}
