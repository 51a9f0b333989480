import { Injectable } from '@nestjs/common';
import { DomainError } from '#core';
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
import { findSession } from './session-lock.ts';
import { MarketShare, MarketSharing, type SharingMethod } from './shares.entities.ts';

export interface SessionShares {
  readonly method: SharingMethod;
  /** The settlement it is the surplus of. */
  readonly settlementVersion: number;
  readonly surplusMinor: number;
  /** For the organiser only. */
  readonly aggregatorMinor: number | null;
  readonly shares: Connection<MarketShare>;
}

/** How a settled session's surplus may be shared: the organiser sees every share, a member its own. */
@Injectable()
export class SharesService {
  constructor(private readonly database: Database) {}

  /**
   * Null until the shares of a settled session are worked out.
   * @throws SESSION_UNKNOWN, SESSION_NOT_SETTLED, SHARES_INCOMPLETE where statements are missing, BARGAIN_INFEASIBLE, GAME_TOO_LARGE
   */
  async find(
    principal: Principal,
    sessionId: string,
    method: SharingMethod,
    { first, after }: PageArgs,
  ): Promise<SessionShares | null> {
    const { organisationId, roles } = principal;
    return this.database.asTenant(organisationId, async (manager) => {
      const session = await findSession(manager, sessionId);
      requireShareable(session);
      const sharing = await manager.findOne(MarketSharing, {
        where: { sessionId, method },
        order: { settlementVersion: 'DESC' },
      });
      if (sharing === null) return null;
      requireShares(sharing);
      const { settlementVersion } = sharing;
      const organises =
        session.tenantId === organisationId && roles.some((role) => role === 'market' || role === 'operator');
      const visible = () => {
        const query = manager
          .createQueryBuilder(MarketShare, 'share')
          .where('share.session_id = :sessionId AND share.method = :method', { sessionId, method })
          .andWhere('share.settlement_version = :settlementVersion', { settlementVersion });
        return organises ? query : query.andWhere('share.tenant_id = :organisationId', { organisationId });
      };
      const page = visible()
        .orderBy('share.participant_id')
        .limit(pageSize(first) + 1);
      const [id] = decodeCursor(after, 1) ?? [];
      if (id !== undefined) page.andWhere('share.participant_id > :id', { id: requireUuid(id) });
      const total = await visible()
        .select('coalesce(sum(share.share_minor), 0)', 'minor')
        .getRawOne<{ minor: string }>();
      return {
        method,
        settlementVersion,
        surplusMinor: sharing.surplusMinor,
        aggregatorMinor: organises ? sharing.surplusMinor - Number(total!.minor) : null,
        shares: connectionOf(await page.getMany(), first, (row) => [row.participantId]),
      };
    });
  }
}

function requireShareable({
  state,
  missingDeliveries,
}: {
  readonly state: string;
  readonly missingDeliveries: number | null;
}): void {
  if (state !== 'SETTLED') {
    throw new DomainError(
      'SESSION_NOT_SETTLED',
      `expected a settled session, got one that is ${state}`,
      'conflict',
      { state },
    );
  }
  if (missingDeliveries !== 0) {
    throw new DomainError(
      'SHARES_INCOMPLETE',
      `expected a statement of every traded hour, got ${missingDeliveries} missing: what was saved is not known`,
      'conflict',
      { missingDeliveries },
    );
  }
}

function requireShares({ refusal, surplusMinor }: MarketSharing): void {
  if (refusal === null) return;
  throw new DomainError(
    refusal,
    `expected a surplus that can be shared by this method, got ${refusal} for ${surplusMinor} minor units`,
    'conflict',
  );
}
