import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import { MarketCharge } from './lots.entities.ts';
import { requireInstant } from './results.service.ts';
import { requireSessionId } from './session.ts';

/** What the asking organisation's participants owe beside their trades, slot by slot. */
@Injectable()
export class ChargesService {
  constructor(private readonly database: Database) {}

  /** In order of time. Whose rows are seen is decided by row-level security, not here. */
  async list(principal: Principal, sessionId: string, page: PageArgs): Promise<Connection<MarketCharge>> {
    const [startsAt, participantId, kind] = decodeCursor(page.after, 3) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(MarketCharge, 'row')
        .where('row.session_id = :sessionId', { sessionId: requireSessionId(sessionId) })
        .orderBy('row.starts_at')
        .addOrderBy('row.participant_id')
        .addOrderBy('row.kind')
        .limit(pageSize(page.first) + 1);
      if (startsAt !== undefined && participantId !== undefined) {
        const after = {
          startsAt: requireInstant(startsAt),
          participantId: requireUuid(participantId),
          kind,
        };
        query.andWhere(
          '(row.starts_at, row.participant_id, row.kind) > (:startsAt, :participantId, :kind)',
          after,
        );
      }
      return query.getMany();
    });
    return connectionOf(rows, page.first, (row) => [row.startsAt.toISOString(), row.participantId, row.kind]);
  }
}
