import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, quoted, requireSignature, sha256Hex, utf8 } from '#core';
import { agreementKeyPair, maskKey } from '#encryption';
import { Database } from '#persistence';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole, type Role } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { AuditReader } from '../audit/audit.entities.ts';
import { issueApiKey } from './api-key.ts';
import { requireRoles } from './given-roles.ts';
import { ApiKey, EnrolmentToken, Member, Organisation, Participant } from './identity.entities.ts';

/** What a participant signs to show that it holds the key it enrols. */
export const ENROL_CONTEXT = 'gridcommons/enrol/1';

const HOUR_MS = 3_600_000;
const DEFAULT_TOKEN_HOURS = 24;
const MAX_TOKEN_HOURS = 24 * 30;

export interface Enrolment {
  readonly token: string;
  /** Ed25519 public key, hex. */
  readonly signingKey: string;
  /** X25519 public key, hex. */
  readonly agreementKey: string;
  /** `signJson` by the signing key over {tokenHash, signingKey, agreementKey} in the context above. */
  readonly proof: string;
}

/** Organisations, their members, credentials and participants. */
@Injectable()
export class IdentityService {
  constructor(private readonly database: Database) {}

  /** @throws LEGAL_ID_TAKEN */
  async createOrganisation(
    principal: Principal,
    draft: { name: string; legalId: string; adminName: string; auditor?: boolean },
  ): Promise<{ organisation: Organisation; apiKey: string }> {
    requireRole(principal, 'operator');
    const name = requireText('name', draft.name);
    const legalId = requireText('legalId', draft.legalId);
    const adminName = requireText('adminName', draft.adminName);
    const id = randomUUID();
    const { auditor = false } = draft;
    return this.database.asSystem(async (manager) => {
      if (await manager.existsBy(Organisation, { legalId })) {
        throw new DomainError('LEGAL_ID_TAKEN', `expected a new legal id, got ${legalId}`, 'conflict', {
          legalId,
        });
      }
      const organisation = await manager.save(Organisation, { id, name, legalId });
      if (auditor) await manager.insert(AuditReader, { tenantId: id });
      const { text } = await addApiKey(manager, id, adminName, auditor ? ['auditor'] : ['admin', 'firm']);
      return { organisation, apiKey: text };
    });
  }

  async findOrganisation(principal: Principal): Promise<Organisation> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      manager.findOneByOrFail(Organisation, { id: principal.organisationId }),
    );
  }

  /** A key for a member of the own organisation; the member is made when there is none of that name. */
  async createApiKey(
    principal: Principal,
    draft: { memberName: string; roles: readonly Role[] },
  ): Promise<{ apiKey: ApiKey; text: string }> {
    requireRole(principal, 'admin', 'operator');
    const memberName = requireText('memberName', draft.memberName);
    requireRoles(principal, draft.roles);
    const { organisationId } = principal;
    return this.database.asSystem(async (manager) => {
      // Row-level security knows organisations, not roles: it shows chains of decisions to those that may have auditors.
      if (draft.roles.includes('auditor'))
        await manager.upsert(AuditReader, { tenantId: organisationId }, ['tenantId']);
      return addApiKey(manager, organisationId, memberName, [...new Set(draft.roles)]);
    });
  }

  /** Idempotent: a revoked key keeps its first date. @throws API_KEY_NOT_FOUND */
  async revokeApiKey(principal: Principal, id: string): Promise<ApiKey> {
    requireRole(principal, 'admin', 'operator');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const apiKey = await manager.findOne(ApiKey, {
        where: { id: requireUuid(id) },
        lock: { mode: 'pessimistic_write' },
      });
      if (apiKey === null)
        throw new DomainError('API_KEY_NOT_FOUND', 'expected an API key, got none', 'not-found', { id });
      apiKey.revokedAt ??= new Date();
      return manager.save(apiKey);
    });
  }

  /** By the operator for any organisation, by an admin for the own one. @throws ORGANISATION_NOT_FOUND */
  async createEnrolmentToken(
    principal: Principal,
    draft: { organisationId?: string | undefined; validHours?: number | undefined },
  ): Promise<{ token: string; expiresAt: Date }> {
    const tenantId = requireUuid(draft.organisationId ?? principal.organisationId);
    requireRole(
      principal,
      ...(tenantId === principal.organisationId ? (['admin', 'operator'] as const) : ['operator' as const]),
    );
    const expiresAt = new Date(Date.now() + tokenHours(draft.validHours) * HOUR_MS);
    const token = `gce_${randomBytes(32).toString('hex')}`;
    const tokenHash = await sha256Hex(utf8(token));
    await this.database.asTenant(tenantId, async (manager) => {
      if (!(await manager.existsBy(Organisation, { id: tenantId }))) {
        throw new DomainError('ORGANISATION_NOT_FOUND', 'expected an organisation, got none', 'not-found', {
          id: tenantId,
        });
      }
      await manager.insert(EnrolmentToken, {
        tokenHash,
        tenantId,
        issuerId: principal.organisationId,
        expiresAt,
      });
    });
    return { token, expiresAt };
  }

  /**
   * Enrols a participant; the token is the credential. Repeating the same enrolment returns the same participant, so a
   * lost answer costs nothing.
   * @throws ENROLMENT_TOKEN_INVALID, ENROLMENT_TOKEN_USED, ENROLMENT_TOKEN_EXPIRED, KEY_ALREADY_REGISTERED,
   *   KEY_MALFORMED, AGREEMENT_KEY_INVALID, ENROLMENT_NOT_FIRST, SIGNATURE_INVALID
   */
  async enrolParticipant(enrolment: Enrolment): Promise<Participant> {
    const { token, signingKey, agreementKey, proof } = enrolment;
    requireKey('signingKey', signingKey);
    requireKey('agreementKey', agreementKey);
    // A point of low order agrees with nobody: whoever deals to it would be stopped.
    maskKey(agreementKeyPair().privateKey, agreementKey, '0'.repeat(64));
    const tokenHash = await sha256Hex(utf8(token));
    await requireSignature(signingKey, ENROL_CONTEXT, { tokenHash, signingKey, agreementKey }, proof);
    return this.database.asSystem(async (manager) => {
      const row = await manager.findOne(EnrolmentToken, {
        where: { tokenHash },
        lock: { mode: 'pessimistic_write' },
      });
      if (row === null) {
        throw new DomainError(
          'ENROLMENT_TOKEN_INVALID',
          'expected an enrolment token, got an unknown one',
          'unauthenticated',
        );
      }
      if (row.participantId !== null) return this.sameEnrolment(manager, row.participantId, enrolment);
      if (row.expiresAt.getTime() <= Date.now()) {
        throw new DomainError(
          'ENROLMENT_TOKEN_EXPIRED',
          'expected a valid token, got an expired one',
          'unauthenticated',
        );
      }
      await requireOwnOrFirst(manager, row);
      if (await manager.existsBy(Participant, [{ signingKey }, { agreementKey }])) {
        throw new DomainError(
          'KEY_ALREADY_REGISTERED',
          'expected new keys, got keys of a participant',
          'conflict',
        );
      }
      const participant = manager.create(Participant, {
        id: randomUUID(),
        tenantId: row.tenantId,
        signingKey,
        agreementKey,
      });
      await manager.save(participant);
      await manager.update(EnrolmentToken, { tokenHash }, { participantId: participant.id });
      return participant;
    });
  }

  /** Everybody's participants, oldest first: their public keys are what others verify and seal with. */
  async listParticipants(principal: Principal, page: PageArgs): Promise<Connection<Participant>> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(Participant, 'participant'), page, 'ASC'),
    );
  }

  private async sameEnrolment(
    manager: EntityManager,
    id: string,
    enrolment: Enrolment,
  ): Promise<Participant> {
    const { signingKey, agreementKey } = enrolment;
    const participant = await manager.findOneBy(Participant, { id, signingKey, agreementKey });
    if (participant === null) {
      throw new DomainError(
        'ENROLMENT_TOKEN_USED',
        'expected an unused token, got a used one',
        'unauthenticated',
      );
    }
    return participant;
  }
}

/** Adds a key, and its member where there is none of that name, to `tenantId` in the running transaction. */
export async function addApiKey(
  manager: EntityManager,
  tenantId: string,
  memberName: string,
  roles: readonly Role[],
): Promise<{ apiKey: ApiKey; text: string }> {
  const issued = await issueApiKey();
  const member = await memberNamed(manager, tenantId, memberName);
  const apiKey = await manager.save(
    manager.create(ApiKey, {
      id: randomUUID(),
      tenantId,
      memberId: member.id,
      prefix: issued.prefix,
      secretHash: issued.secretHash,
      roles: [...roles],
      revokedAt: null,
    }),
  );
  return { apiKey, text: issued.text };
}

/** The member of the name, made where there is none. */
export async function memberNamed(manager: EntityManager, tenantId: string, name: string): Promise<Member> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(Member)
    .values({ id: randomUUID(), tenantId, name })
    .orIgnore()
    .execute();
  return manager.findOneByOrFail(Member, { tenantId, name });
}

/** @throws TEXT_LENGTH */
export function requireText(field: string, value: string): string {
  const text = value.trim();
  if (text.length === 0 || text.length > 200) {
    throw new DomainError(
      'TEXT_LENGTH',
      `expected ${field} of 1–200 characters, got ${text.length}`,
      'invalid',
      { field },
    );
  }
  return text;
}

/** The operator may help a firm to its first participant; a further one could read what is the firm's alone. */
async function requireOwnOrFirst(manager: EntityManager, token: EnrolmentToken): Promise<void> {
  const { issuerId, tenantId } = token;
  if (issuerId !== tenantId && (await manager.existsBy(Participant, { tenantId }))) {
    throw new DomainError(
      'ENROLMENT_NOT_FIRST',
      "expected a token of the organisation's own admin, which has a participant, got the operator's",
      'forbidden',
    );
  }
}

function requireKey(field: string, value: string): void {
  if (!/^[0-9a-f]{64}$/.test(value)) {
    throw new DomainError(
      'KEY_MALFORMED',
      `expected ${field} as 32 bytes in hex, got another form`,
      'invalid',
      { field },
    );
  }
}

function requireUuid(id: string): string {
  if (!isUuid(id)) {
    throw new DomainError('ID_MALFORMED', `expected a UUID, got ${quoted(id)}`);
  }
  return id;
}

function tokenHours(validHours: number = DEFAULT_TOKEN_HOURS): number {
  if (!Number.isInteger(validHours) || validHours < 1 || validHours > MAX_TOKEN_HOURS) {
    throw new DomainError(
      'TOKEN_VALIDITY',
      `expected validHours within 1–${MAX_TOKEN_HOURS}, got ${validHours}`,
    );
  }
  return validHours;
}
