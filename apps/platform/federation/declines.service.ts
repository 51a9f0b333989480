import { Injectable } from '@nestjs/common';
import { DomainError } from '#core';
import { Database } from '#persistence';
import type { Principal } from '../pipeline/principal.ts';
import { FederationDecline } from './decline.entity.ts';
import { FederationMember } from './federation.entities.ts';
import { requireVisible } from './federation.service.ts';

const MAX_REASON_LENGTH = 300;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
/** It is shown on the terminals of others: nothing that moves a cursor or turns the direction of text. */
const CONTROL = /\p{C}/u;

/** Who keeps out of a task, and why. Whoever speaks in the task after that has thought better of it. */
@Injectable()
export class DeclinesService {
  constructor(private readonly database: Database) {}

  /**
   * Remembers why the participant's organisation takes no part; a later word replaces the earlier.
   * @throws PARTICIPANT_REQUIRED, DECLINE_CODE, DECLINE_REASON, TASK_UNKNOWN, TASK_ENDED, NOT_IN_ROSTER
   */
  async decline(
    principal: Principal,
    taskId: string,
    said: { readonly code: string; readonly reason: string },
  ): Promise<FederationDecline> {
    requireParticipant(principal);
    requireTellable(said);
    const tenantId = principal.organisationId;
    return this.database.asTenant(tenantId, async (manager) => {
      const { phase } = await requireVisible(manager, taskId);
      if (phase === 'released' || phase === 'failed') {
        throw new DomainError(
          'TASK_ENDED',
          `expected a task under way, got one that is ${phase}`,
          'conflict',
        );
      }
      if (!(await manager.existsBy(FederationMember, { taskId, tenantId }))) {
        throw new DomainError('NOT_IN_ROSTER', 'expected a member of the roster, got another', 'forbidden');
      }
      // The database's time, as in the transcript: the two are compared.
      const row = { tenantId, taskId, code: said.code, reason: said.reason, declinedAt: () => 'now()' };
      await manager.upsert(FederationDecline, row, ['tenantId', 'taskId']);
      return manager.findOneByOrFail(FederationDecline, { tenantId, taskId });
    });
  }

  /** In the order in which they were said. */
  async declines(principal: Principal, taskId: string): Promise<FederationDecline[]> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager
        .createQueryBuilder(FederationDecline, 'decline')
        .where('decline.taskId = :taskId', { taskId })
        .andWhere(`NOT EXISTS (${SPOKEN_SINCE})`)
        .orderBy('decline.declinedAt', 'ASC')
        .getMany(),
    );
  }
}

const SPOKEN_SINCE = `SELECT FROM federation_entry entry
  WHERE entry.task_id = decline.task_id AND entry.message->>'sender' = decline.tenant_id::text
    AND entry.created_at > decline.declined_at`;

function requireParticipant({ kind }: Principal): void {
  if (kind !== 'participant') {
    throw new DomainError(
      'PARTICIPANT_REQUIRED',
      'expected the signed request of a participant, got a member',
      'forbidden',
    );
  }
}

function requireTellable({ code, reason }: { readonly code: string; readonly reason: string }): void {
  if (!CODE.test(code)) {
    throw new DomainError('DECLINE_CODE', 'expected a code such as CONSENT_SERIES, got something else');
  }
  if (reason.length === 0 || reason.length > MAX_REASON_LENGTH || CONTROL.test(reason)) {
    throw new DomainError(
      'DECLINE_REASON',
      `expected 1 to ${MAX_REASON_LENGTH} printable characters, got ${reason.length} or others`,
      'invalid',
      { limit: MAX_REASON_LENGTH },
    );
  }
}
