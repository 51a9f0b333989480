import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Json } from '#core';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { FootprintService } from './footprint.service.ts';
import {
  Footprint,
  FootprintConnection,
  FootprintGrant,
  FootprintGrantConnection,
} from './footprint.types.ts';

@Resolver(() => Footprint)
export class FootprintResolver {
  constructor(private readonly service: FootprintService) {}

  @Mutation(() => Footprint, {
    description:
      'By a participant: keeps a product footprint of its own, which nobody else reads until it is granted. Those it names in precedingPfIds are deprecated.',
  })
  publishFootprint(
    @CurrentPrincipal() principal: Principal,
    @Args('document', {
      type: () => JsonScalar,
      description: 'ProductFootprint of the PACT Technical Specifications 3.0.',
    })
    document: Json,
  ): Promise<Footprint> {
    return this.service.publish(principal, document);
  }

  @Mutation(() => FootprintGrant, {
    description: 'Role firm or admin: lets an organisation read a footprint of the own one.',
  })
  grantFootprint(
    @CurrentPrincipal() principal: Principal,
    @Args('footprintId', { type: () => ID }) footprintId: string,
    @Args('organisationId', { type: () => ID }) organisationId: string,
  ): Promise<FootprintGrant> {
    return this.service.grant(principal, footprintId, organisationId);
  }

  @Mutation(() => FootprintGrant, { description: 'Role firm or admin: bites on the next read.' })
  revokeFootprint(
    @CurrentPrincipal() principal: Principal,
    @Args('footprintId', { type: () => ID }) footprintId: string,
    @Args('organisationId', { type: () => ID }) organisationId: string,
  ): Promise<FootprintGrant> {
    return this.service.revoke(principal, footprintId, organisationId);
  }

  @Query(() => FootprintConnection, { description: 'Of the own organisation, in order of publication.' })
  footprints(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<Footprint>> {
    return this.service.list(principal, page);
  }

  @Query(() => FootprintGrantConnection, {
    description: 'Role firm or admin: who may read a footprint of the own organisation, and who could.',
  })
  footprintGrants(
    @CurrentPrincipal() principal: Principal,
    @Args('footprintId', { type: () => ID }) footprintId: string,
    @Args() page: PageArgs,
  ): Promise<Connection<FootprintGrant>> {
    return this.service.grants(principal, footprintId, page);
  }
}
