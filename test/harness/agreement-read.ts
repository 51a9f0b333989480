import { DomainError } from '#core';
import { AgreementReads } from '../../apps/platform/agreements/agreement-reads.service.ts';
import type { TestOrganisation, TestPlatform } from './platform.ts';

/** Reads another data set than the agreement's, as a feature of the platform would. @returns the code it is refused with */
export async function triedRead(
  { app }: TestPlatform,
  { organisationId, participant }: TestOrganisation,
  agreementId: string,
): Promise<string> {
  const principal = { kind: 'participant', id: participant.id, organisationId, roles: ['firm'] } as const;
  const dataSetId = '00000000-0000-4000-8000-000000000000';
  const asked = { agreementId, dataSetId, action: 'use', operation: 'download' };
  try {
    return await app
      .get(AgreementReads)
      .read(principal, asked, async () => ({ value: 'read', readings: 1, bytes: 1 }));
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
