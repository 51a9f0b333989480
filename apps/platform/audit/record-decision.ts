import { randomBytes } from 'node:crypto';
import { type EntityManager, MoreThan } from 'typeorm';
import { HOUR_MS } from '#core';
import { appendAuditEntry, type AuditDecision, type AuditDraft, GENESIS } from '#ledger';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { AuditChain, AuditRow } from './audit.entities.ts';

/** Of one organisation in one chain within an hour; an organisation may name agreements that there are not in any number. */
const MAX_REFUSALS = 100;

/** The two organisations of an agreement. */
export interface Parties {
  readonly consumerId: string;
  readonly providerId: string;
}

/** What was decided about whose request. */
export interface Decision {
  readonly principal: Principal;
  /** As the request names it; what is no UUID names none. */
  readonly agreementId: string | null;
  /** Begins the agreement's chain where there is none yet; give them with every decision made over a loaded agreement. */
  readonly parties?: Parties;
  readonly operation: string;
  readonly rows: number;
  readonly bytes: number;
  readonly decision: AuditDecision;
  /** The refusal's code; absent where it was permitted. */
  readonly code?: string;
}

/**
 * Appends a decision to its chain in the caller's transaction, a tenant's or the system's: it is recorded if and only if
 * that commits. Later decisions about the same agreement wait for it, others do not; whoever records about several in one
 * transaction goes by their ids in order. An agreement that the asking organisation is no party of keeps no word of the
 * attempt: that stands in the organisation's own chain, so that nobody writes into another's. A refusal that was recorded within
 * the hour is counted beside its entry (`AuditRepeat`).
 * The instant is the wall clock's, as in authentication: a replayed day must not date what was done today.
 * @throws AUDIT_ENTRY_INVALID
 */
export async function recordDecision(manager: EntityManager, decided: Decision): Promise<void> {
  const { principal, parties, operation, rows, bytes, decision, code = null } = decided;
  const agreementId =
    decided.agreementId !== null && isUuid(decided.agreementId) ? decided.agreementId : null;
  const chain = await lockedChain(manager, principal.organisationId, agreementId, parties);
  const draft = {
    organisationId: principal.organisationId,
    actorKind: principal.kind,
    actorId: principal.id,
    agreementId,
    operation,
    rows,
    bytes,
    decision,
    code,
    atMs: Date.now(),
  };
  if (decision === 'DENY' && (await isCountedAgain(manager, chain.id, draft))) return;
  const salt = randomBytes(16).toString('hex');
  const { atMs, ...entry } = await appendAuditEntry(chain.id, chain, draft, salt);
  await manager.insert(AuditRow, { ...entry, at: new Date(atMs) });
  await manager.update(AuditChain, { id: chain.id }, { index: entry.index, hash: entry.hash });
}

async function lockedChain(
  manager: EntityManager,
  organisationId: string,
  agreementId: string | null,
  parties: Parties | undefined,
): Promise<AuditChain> {
  if (agreementId !== null) {
    if (parties !== undefined && isParty(organisationId, parties)) await begin(manager, agreementId, parties);
    const own = await locked(manager, agreementId);
    if (own !== null && isParty(organisationId, { consumerId: own.tenantId, providerId: own.providerId }))
      return own;
  }
  await begin(manager, organisationId, { consumerId: organisationId, providerId: organisationId });
  const outside = await locked(manager, organisationId);
  if (outside === null) throw new Error('expected the chain of the organisation, got none');
  return outside;
}

const isParty = (organisationId: string, { consumerId, providerId }: Parties): boolean =>
  organisationId === consumerId || organisationId === providerId;

const begin = (manager: EntityManager, id: string, { consumerId, providerId }: Parties) =>
  manager
    .createQueryBuilder()
    .insert()
    .into(AuditChain)
    .values({ id, tenantId: consumerId, providerId, index: GENESIS.index, hash: GENESIS.hash })
    .orIgnore()
    .execute();

const locked = (manager: EntityManager, id: string): Promise<AuditChain | null> =>
  manager.findOne(AuditChain, { where: { id }, lock: { mode: 'pessimistic_write' } });

/** A refusal is told apart by who is refused what and why, not by whose key it was: keys are made in any number. */
const KIND = ['organisationId', 'agreementId', 'operation', 'code'] as const;

/** Counts a refusal beside the one of its kind of the last hour, or beside the last one where that hour is full. */
async function isCountedAgain(manager: EntityManager, chain: string, draft: AuditDraft): Promise<boolean> {
  const { organisationId, atMs } = draft;
  const recent = await manager.find(AuditRow, {
    where: { chain, organisationId, decision: 'DENY', at: MoreThan(new Date(atMs - HOUR_MS)) },
    order: { at: 'DESC' },
    take: MAX_REFUSALS,
  });
  const same = recent.find((row) => KIND.every((key) => row[key] === draft[key]));
  const entry = same ?? (recent.length < MAX_REFUSALS ? undefined : recent[0]);
  if (entry === undefined) return false;
  await manager.query(
    `INSERT INTO audit_repeat AS r (chain, index, count, last_at) VALUES ($1, $2, 1, $3)
     ON CONFLICT (chain, index) DO UPDATE SET count = r.count + 1, last_at = $3`,
    [chain, entry.index, new Date(atMs)],
  );
  return true;
}
