import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isDefaultOrder } from '#market';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { MarketDefaultDeclaration } from './defaults.entities.ts';
import { DefaultsService } from './defaults.service.ts';
import {
  DeclareDefaultOrdersInput,
  DefaultDeclarationConnection,
  DefaultDeclarationType,
  RevokeDefaultOrdersInput,
  SessionDefaultsType,
  WithdrawDefaultOrdersInput,
} from './defaults.types.ts';
import type { MarketTrade } from './market.entities.ts';
import { MarketTradeType } from './results.types.ts';
import { type SessionDefaults, SessionDefaultsService } from './session-defaults.service.ts';

@Resolver(() => DefaultDeclarationType)
export class DefaultsResolver {
  constructor(
    private readonly defaults: DefaultsService,
    private readonly sessions: SessionDefaultsService,
  ) {}

  @Mutation(() => DefaultDeclarationType, {
    description:
      'Orders of a participant that are placed at the gate of sessions from which none of its own came; signed by it.',
  })
  declareDefaultOrders(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: DeclareDefaultOrdersInput,
  ): Promise<MarketDefaultDeclaration> {
    return this.defaults.declare(principal, input);
  }

  @Mutation(() => DefaultDeclarationType, {
    description: 'No more orders of a declaration; what was placed stands. Signed by its participant.',
  })
  revokeDefaultOrders(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { declaration, signature }: RevokeDefaultOrdersInput,
  ): Promise<MarketDefaultDeclaration> {
    return this.defaults.revoke(principal, declaration, signature);
  }

  @Mutation(() => [SessionDefaultsType], {
    description: 'No default orders of a participant in one session, before its gate. Signed by it.',
  })
  async withdrawDefaultOrders(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { sessionId, signature }: WithdrawDefaultOrdersInput,
  ): Promise<SessionDefaults[]> {
    await this.defaults.withdraw(principal, sessionId, signature);
    return this.sessions.find(principal, sessionId);
  }

  @Query(() => DefaultDeclarationConnection, {
    description: 'Of the own organisation’s participants, the newest first.',
  })
  defaultDeclarations(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<MarketDefaultDeclaration>> {
    return this.defaults.list(principal, page);
  }

  @Query(() => [SessionDefaultsType], {
    description:
      'What stands by default for the own organisation’s participants in a session, or since its gate was placed.',
  })
  sessionDefaults(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
  ): Promise<SessionDefaults[]> {
    return this.sessions.find(principal, sessionId);
  }
}

/** Tells a party of a trade whether its own side came by default; of the other side it is not told. */
@Resolver(() => MarketTradeType)
export class TradeDefaultsResolver {
  @ResolveField(() => Boolean, {
    nullable: true,
    description: 'Whether the own organisation bought by a default order; null where it is not the buyer.',
  })
  boughtByDefault(@CurrentPrincipal() principal: Principal, @Parent() trade: MarketTrade): boolean | null {
    return trade.buyerTenantId === principal.organisationId ? isDefaultOrder(trade.buyOrderId) : null;
  }

  @ResolveField(() => Boolean, {
    nullable: true,
    description: 'Whether the own organisation sold by a default order; null where it is not the seller.',
  })
  soldByDefault(@CurrentPrincipal() principal: Principal, @Parent() trade: MarketTrade): boolean | null {
    return trade.sellerTenantId === principal.organisationId ? isDefaultOrder(trade.sellOrderId) : null;
  }
}
