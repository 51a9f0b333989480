import { randomUUID } from 'node:crypto';
import { DomainError } from '#core';
import { Database } from '#persistence';
import { AuditService } from '../../apps/platform/audit/audit.service.ts';
import { type Parties, recordDecision } from '../../apps/platform/audit/record-decision.ts';
import type { TestParticipant } from './participant.ts';
import type { TestPlatform } from './platform.ts';

/** Reads under an agreement as a feature of the platform makes them, without any data behind. */
export function decisionsOf(platform: TestPlatform, agreement: Parties & { readonly agreementId: string }) {
  const { agreementId, consumerId, providerId } = agreement;
  const asked = ({ id }: TestParticipant, organisationId: string) => ({
    principal: { kind: 'participant' as const, id, organisationId, roles: ['firm' as const] },
    agreementId,
    parties: { consumerId, providerId },
    operation: 'download',
  });
  const database = platform.app.get(Database);
  const read = (
    who: TestParticipant,
    organisationId: string,
    amount: { rows: number; bytes: number },
    code?: string,
  ): Promise<void> =>
    platform.app.get(AuditService).recordingRefusals(asked(who, organisationId), () =>
      database.asTenant(organisationId, async (manager) => {
        await recordDecision(manager, { ...asked(who, organisationId), ...amount, decision: 'PERMIT' });
        // After its permission was written, which is undone with it.
        if (code !== undefined)
          throw new DomainError(code, 'expected a readable agreement, got another', 'forbidden');
      }),
    );
  return {
    /** Asks for an agreement that there is not. */
    guess: ({ id }: TestParticipant, organisationId: string): Promise<void> =>
      platform.app.get(AuditService).recordRefusal(
        {
          principal: { kind: 'participant', id, organisationId, roles: ['firm'] },
          agreementId: randomUUID(),
          operation: 'download',
        },
        'AGREEMENT_NOT_FOUND',
      ),
    permit: (who: TestParticipant, organisationId: string, amount: { rows: number; bytes: number }) =>
      read(who, organisationId, amount),
    async refuse(who: TestParticipant, organisationId: string, code: string): Promise<void> {
      try {
        await read(who, organisationId, { rows: 1, bytes: 1 }, code);
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== code) throw error;
      }
    },
  };
}
