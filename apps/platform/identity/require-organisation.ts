import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { isUuid } from '../pipeline/uuid.ts';
import { Organisation } from './identity.entities.ts';

/** @throws ORGANISATION_NOT_FOUND */
export async function requireOrganisation(manager: EntityManager, id: string): Promise<void> {
  if (isUuid(id) && (await manager.existsBy(Organisation, { id }))) return;
  throw new DomainError('ORGANISATION_NOT_FOUND', 'expected an organisation, got none', 'not-found');
}
