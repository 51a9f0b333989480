import { Args, ArgsType, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { NetworkStatement } from './carriage.ts';
import type { MarketCarriage, MarketConnection, MarketFeeder } from './feeders.entities.ts';
import { FeedersService } from './feeders.service.ts';
import {
  AddFeederInput,
  FeederConnectionInput,
  FeederPlaceConnection,
  MarketFeederConnection,
  MarketFeederType,
  SlotNetworkType,
  TradeCarriageConnection,
} from './feeders.types.ts';
import type { MarketClearing } from './market.entities.ts';
import { MarketClearingType, SessionPageArgs } from './results.types.ts';
import { ResultsService } from './results.service.ts';

@ArgsType()
class FeederPageArgs extends PageArgs {
  @Field(() => ID) feederId!: string;
}

/** Feeders, who is where, and what became of trades on them. */
@Resolver(() => MarketFeederType)
export class FeedersResolver {
  constructor(
    private readonly service: FeedersService,
    private readonly results: ResultsService,
  ) {}

  @Mutation(() => MarketFeederType, { description: 'Roles: market, operator. A feeder is never changed.' })
  addFeeder(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: AddFeederInput,
  ): Promise<MarketFeeder> {
    return this.service.add(principal, input);
  }

  @Mutation(() => MarketFeederType, {
    description: 'Connects more participants; nobody is moved to another bus. Roles: market, operator.',
  })
  connectParticipants(
    @CurrentPrincipal() principal: Principal,
    @Args('feederId', { type: () => ID }) feederId: string,
    @Args('connections', { type: () => [FeederConnectionInput] }) connections: FeederConnectionInput[],
  ): Promise<MarketFeeder> {
    return this.service.connect(principal, feederId, connections);
  }

  @Query(() => MarketFeederConnection, { description: 'Of the own organisation, newest first.' })
  feeders(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<MarketFeeder>> {
    return this.service.list(principal, page);
  }

  @Query(() => MarketFeederType, { description: 'Of the own organisation.' })
  feeder(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketFeeder> {
    return this.service.find(principal, id);
  }

  @Query(() => FeederPlaceConnection, {
    description: 'Who is connected where: all for the feeder’s owner, a member’s own participants for it.',
  })
  feederPlaces(
    @CurrentPrincipal() principal: Principal,
    @Args() { feederId, ...page }: FeederPageArgs,
  ): Promise<Connection<MarketConnection>> {
    return this.service.connections(principal, feederId, page);
  }

  @Query(() => TradeCarriageConnection, {
    description:
      'What became on the feeder of trades that the own organisation is a party of, withdrawn ones too, in order of time.',
  })
  tradeCarriages(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, ...page }: SessionPageArgs,
  ): Promise<Connection<MarketCarriage>> {
    return this.results.carriages(principal, sessionId, page);
  }
}

@Resolver(() => MarketClearingType)
export class SlotNetworkResolver {
  @ResolveField(() => SlotNetworkType, {
    nullable: true,
    description: 'Null where the session honours no feeder.',
  })
  network(@Parent() { certificate }: MarketClearing): NetworkStatement | null {
    return (certificate as { readonly network?: NetworkStatement }).network ?? null;
  }
}
