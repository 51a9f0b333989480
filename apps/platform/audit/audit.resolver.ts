import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { AuditChain } from './audit.entities.ts';
import { AuditService } from './audit.service.ts';
import {
  AuditChainConnection,
  AuditChainType,
  AuditEntryConnection,
  type AuditEntryType,
  AuditHeadType,
} from './audit.types.ts';

@Resolver(() => AuditChainType)
export class AuditResolver {
  constructor(private readonly audit: AuditService) {}

  @Query(() => AuditChainConnection, {
    description: 'Chains of the own agreements and of the own organisation; to role auditor all.',
  })
  auditChains(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<AuditChain>> {
    return this.audit.listChains(principal, page);
  }

  @Query(() => AuditEntryConnection, {
    description: 'Decisions under an agreement, oldest first: to its two parties and role auditor.',
  })
  auditEntries(
    @CurrentPrincipal() principal: Principal,
    @Args('agreementId', {
      type: () => ID,
      nullable: true,
      description: 'The own organisation’s chain when absent.',
    })
    agreementId: string | null,
    @Args() page: PageArgs,
  ): Promise<Connection<AuditEntryType>> {
    return this.audit.listEntries(principal, agreementId ?? principal.organisationId, page);
  }

  @Query(() => AuditHeadType, { description: 'Where the chain of an agreement ends now, signed.' })
  async auditHead(
    @CurrentPrincipal() principal: Principal,
    @Args('agreementId', {
      type: () => ID,
      nullable: true,
      description: 'The own organisation’s chain when absent.',
    })
    agreementId: string | null,
  ): Promise<AuditHeadType> {
    const { atMs: at, ...head } = await this.audit.head(principal, agreementId ?? principal.organisationId);
    return { ...head, at };
  }

  @ResolveField()
  consumerId(@Parent() chain: AuditChain): string {
    return chain.tenantId;
  }
}
