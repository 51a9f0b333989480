import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { MemberIdentity } from './identity.entities.ts';
import { IdentityLinks } from './identity-links.service.ts';
import { LinkIdentityInput, MemberIdentityConnection, MemberIdentityType } from './identity.types.ts';

@Resolver()
export class IdentityLinksResolver {
  constructor(private readonly links: IdentityLinks) {}

  @Query(() => MemberIdentityConnection, {
    description: 'Role admin: subjects of the identity provider linked to own members, oldest first.',
  })
  memberIdentities(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<MemberIdentity>> {
    return this.links.list(principal, page);
  }

  @Mutation(() => MemberIdentityType, {
    description: 'Role admin: a subject of the identity provider acts as a member of the own organisation.',
  })
  linkIdentity(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: LinkIdentityInput,
  ): Promise<MemberIdentity> {
    return this.links.link(principal, input);
  }

  @Mutation(() => MemberIdentityType, { description: 'Role admin: bites on the next request.' })
  unlinkIdentity(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MemberIdentity> {
    return this.links.unlink(principal, id);
  }
}
