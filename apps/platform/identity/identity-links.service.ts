import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { DomainError } from '#core';
import { Database } from '#persistence';
import { AuditReader } from '../audit/audit.entities.ts';
import { recordDecision } from '../audit/record-decision.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole, type Role } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { requireRoles } from './given-roles.ts';
import { MemberIdentity } from './identity.entities.ts';
import { memberNamed, requireText } from './identity.service.ts';
import { IdentityProof } from './identity-proof.ts';
import { OidcVerifier } from './oidc-verifier.ts';

/** Which subjects of the identity provider act as which members of an organisation. */
@Injectable()
export class IdentityLinks {
  constructor(
    private readonly database: Database,
    private readonly oidc: OidcVerifier,
    private readonly proof: IdentityProof,
  ) {}

  /**
   * Recorded in the organisation's chain of decisions. A subject acts for one organisation at a time.
   * @throws ROLE_MISSING, ROLES_EMPTY, TEXT_LENGTH, IDENTITY_PROVIDER_NONE, IDENTITY_UNPROVEN, IDENTITY_TAKEN
   */
  async link(
    principal: Principal,
    draft: { memberName: string; subject: string; linkCode: string; roles: readonly Role[] },
  ): Promise<MemberIdentity> {
    requireRole(principal, 'admin', 'operator');
    requireRoles(principal, draft.roles);
    const [name, subject] = [
      requireText('memberName', draft.memberName),
      requireText('subject', draft.subject),
    ];
    const issuer = this.#issuer();
    this.proof.require({ issuer, subject }, draft.linkCode);
    const { organisationId: tenantId } = principal;
    return this.database.asSystem(async (manager) => {
      if (draft.roles.includes('auditor')) await manager.upsert(AuditReader, { tenantId }, ['tenantId']);
      const { id: memberId } = await memberNamed(manager, tenantId, name);
      const id = randomUUID();
      const roles = [...new Set(draft.roles)];
      const row = { id, tenantId, memberId, issuer, subject, roles, createdAt: new Date(), unlinkedAt: null };
      await manager.createQueryBuilder().insert().into(MemberIdentity).values(row).orIgnore().execute();
      const linked = await manager.findOneBy(MemberIdentity, { id });
      if (linked === null)
        throw new DomainError('IDENTITY_TAKEN', 'expected a subject that is not linked, got one that is', 'conflict'); // prettier-ignore
      await recordDecision(manager, changed(principal, 'identity.link'));
      return linked;
    });
  }

  /** Bites on the next request. Idempotent: what is unlinked keeps its first date. @throws IDENTITY_NOT_FOUND */
  async unlink(principal: Principal, id: string): Promise<MemberIdentity> {
    requireRole(principal, 'admin', 'operator');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const where = { id: isUuid(id) ? id : IsNull() };
      const linked = await manager.findOne(MemberIdentity, { where, lock: { mode: 'pessimistic_write' } });
      if (linked === null)
        throw new DomainError('IDENTITY_NOT_FOUND', 'expected a linked subject, got none', 'not-found', { id }); // prettier-ignore
      if (linked.unlinkedAt !== null) return linked;
      linked.unlinkedAt = new Date();
      await recordDecision(manager, changed(principal, 'identity.unlink'));
      return manager.save(linked);
    });
  }

  /** Of the own organisation, unlinked ones too, oldest first. */
  async list(principal: Principal, page: PageArgs): Promise<Connection<MemberIdentity>> {
    requireRole(principal, 'admin', 'operator');
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(MemberIdentity, 'identity'), page, 'ASC'),
    );
  }

  #issuer(): string {
    if (this.oidc.settings !== undefined) return this.oidc.settings.issuer;
    throw new DomainError('IDENTITY_PROVIDER_NONE', 'expected a platform with an identity provider, got one without', 'conflict'); // prettier-ignore
  }
}

const changed = (principal: Principal, operation: string) => ({
  principal,
  agreementId: null,
  operation,
  rows: 1,
  bytes: 0,
  decision: 'PERMIT' as const,
});
