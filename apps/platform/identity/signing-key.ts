import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import type { Principal } from '../pipeline/principal.ts';
import { Participant } from './identity.entities.ts';

/** @throws PARTICIPANT_REQUIRED */
export function requireParticipant({ kind }: Principal): void {
  if (kind === 'participant') return;
  throw new DomainError(
    'PARTICIPANT_REQUIRED',
    'expected the signed request of a participant, got a member',
    'forbidden',
  );
}

/** The key a participant signs its statements with. @throws PARTICIPANT_REQUIRED */
export async function signingKeyOf(manager: EntityManager, principal: Principal): Promise<string> {
  requireParticipant(principal);
  const { signingKey } = await manager.findOneByOrFail(Participant, { id: principal.id });
  return signingKey;
}
