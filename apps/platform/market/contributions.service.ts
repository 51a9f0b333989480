import { Injectable } from '@nestjs/common';
import { DomainError, type Json } from '#core';
import { contributionStatement } from '#market';
import { Database } from '#persistence';
import { LedgerEntry } from '../ledger/ledger.entities.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import { NEWEST_CONTRIBUTION, toContribution } from './contributions.ts';
import { requireInstant } from './results.service.ts';
import { MarketContribution, MarketReputation } from './settlement.entities.ts';

/** Sessions whose delivery begins in [fromMs, toMs); null is unbounded. */
export interface Period {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export interface Certificate {
  readonly statement: Json;
  readonly entry: LedgerEntry;
}

/** Certified contributions of the own participants, and everybody's reputation. Row-level security decides who sees what. */
@Injectable()
export class ContributionsService {
  constructor(private readonly database: Database) {}

  /** The newest certificate of each of the asking organisation's participants and sessions, in order of delivery. */
  async list(
    principal: Principal,
    { fromMs, toMs }: Period,
    { first, after }: PageArgs,
  ): Promise<Connection<MarketContribution>> {
    const [startsAt, sessionId, participantId] = decodeCursor(after, 3) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(MarketContribution, 'contribution')
        .where(NEWEST_CONTRIBUTION)
        .orderBy('contribution.starts_at')
        .addOrderBy('contribution.session_id')
        .addOrderBy('contribution.participant_id')
        .limit(pageSize(first) + 1);
      if (fromMs !== null) query.andWhere('contribution.starts_at >= :from', { from: new Date(fromMs) });
      if (toMs !== null) query.andWhere('contribution.starts_at < :to', { to: new Date(toMs) });
      if (startsAt !== undefined && sessionId !== undefined && participantId !== undefined) {
        query.andWhere(
          '(contribution.starts_at, contribution.session_id, contribution.participant_id) > (:startsAt, :session, :participant)',
          {
            startsAt: requireInstant(startsAt),
            session: requireUuid(sessionId),
            participant: requireUuid(participantId),
          },
        );
      }
      return query.getMany();
    });
    return connectionOf(rows, first, (row) => [row.startsAt.toISOString(), row.sessionId, row.participantId]);
  }

  /** A certificate of an own participant, of any version. @throws CONTRIBUTION_UNKNOWN */
  async certificate(principal: Principal, hash: string): Promise<Certificate> {
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const row = await manager.findOneBy(MarketContribution, { hash: hash.slice(0, 64) });
      if (row === null) {
        throw new DomainError(
          'CONTRIBUTION_UNKNOWN',
          'expected the certificate of an own participant, got none of this id',
          'not-found',
          { id: hash.slice(0, 64) },
        );
      }
      const entry = await manager.findOneByOrFail(LedgerEntry, { index: row.entryIndex });
      return { statement: contributionStatement(toContribution(row)), entry };
    });
  }

  /** Of all members with three settled sessions or more, by participant. */
  async reputations(principal: Principal, { first, after }: PageArgs): Promise<Connection<MarketReputation>> {
    const [id] = decodeCursor(after, 1) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(MarketReputation, 'reputation')
        .orderBy('reputation.participant_id')
        .limit(pageSize(first) + 1);
      if (id !== undefined) query.where('reputation.participant_id > :id', { id: requireUuid(id) });
      return query.getMany();
    });
    return connectionOf(rows, first, (row) => [row.participantId]);
  }
}
