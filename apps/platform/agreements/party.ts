import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { DomainError, quoted } from '#core';
import type { Party } from '#exchange';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';

const MAX_PID = 200;
const MAX_REASON = 500;

interface OfTwo {
  readonly consumerId: string;
  readonly providerId: string;
}

/**
 * On which side a principal speaks. Consumers' roles: firm, market, analyst; the provider's: firm.
 * @throws ROLE_MISSING
 */
export function partyOf(principal: Principal, { consumerId }: OfTwo): Party {
  if (principal.organisationId === consumerId) {
    requireConsumer(principal);
    return 'consumer';
  }
  requireRole(principal, 'firm');
  return 'provider';
}

/** How a policy may name an organisation. */
export const namesOf = (organisationId: string): readonly string[] => [
  organisationId,
  `urn:uuid:${organisationId}`,
];

/** @throws ROLE_MISSING */
export const requireConsumer = (principal: Principal): void =>
  requireRole(principal, 'firm', 'market', 'analyst');

/** The side that alone may do something. @throws PARTY_OTHER for the other one */
export function requireParty(party: Party, expected: Party): void {
  if (party === expected) return;
  throw new DomainError('PARTY_OTHER', `expected the ${expected}, got the ${party}`, 'forbidden');
}

/**
 * One at a time changes what two organisations have between them, in one order for all, so that nobody waits in a circle; what
 * an organisation sees of the messages is in the order of their commits then.
 */
export async function lockParties(manager: EntityManager, { consumerId, providerId }: OfTwo): Promise<void> {
  for (const id of [consumerId, providerId].toSorted()) {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`exchange ${id}`]);
  }
}

/** A row of which the tenant is a side: row-level security shows no other. @throws `code` */
export async function requireOwn<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  { id, what, code }: { readonly id: string; readonly what: string; readonly code: string },
): Promise<T> {
  const row = isUuid(id) ? await manager.findOneBy<T>(entity, { id } as never) : null;
  if (row !== null) return row;
  throw new DomainError(code, `expected ${what} of this organisation, got none of this id`, 'not-found');
}

/** A consumer's own name of a process: an IRI, a UUID, a word. @throws PID_MALFORMED */
export function requirePid(pid: string): string {
  if (new RegExp(`^[\\x21-\\x7e]{1,${MAX_PID}}$`).test(pid)) return pid;
  throw new DomainError(
    'PID_MALFORMED',
    `expected 1–${MAX_PID} visible ASCII characters, got ${quoted(pid)}`,
  );
}

export interface Reason {
  readonly reasonCode: string;
  readonly reason: string | null;
}

/** Why a side ends something, for the other one. @throws REASON_MALFORMED */
export function requireReason(code: string, reason: string | null | undefined): Reason {
  if (/^[\w.:-]{1,64}$/.test(code) && (reason ?? '').length <= MAX_REASON) {
    return { reasonCode: code, reason: reason ?? null };
  }
  throw new DomainError(
    'REASON_MALFORMED',
    `expected a code of 1–64 letters, digits, '_', '.', ':' or '-' and at most ${MAX_REASON} characters of reason, got ${quoted(code)} and ${(reason ?? '').length}`,
  );
}
