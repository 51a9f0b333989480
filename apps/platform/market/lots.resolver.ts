import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Clock } from '#core';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { type SessionLots, LotsService } from './lots.service.ts';
import { MarketLotType, MarketPhaseEnum, SessionLotsType } from './lots.types.ts';
import type { MarketLot } from './lots.entities.ts';
import type { MarketSession } from './market.entities.ts';
import { MarketSessionType } from './market.types.ts';
import { SessionPageArgs } from './results.types.ts';
import { phaseOf, type SessionPhase } from './phases.ts';
import { SessionsService } from './sessions.service.ts';

@Resolver(() => MarketSessionType)
export class LotsResolver {
  constructor(
    private readonly sessions: SessionsService,
    private readonly lots: LotsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Mutation(() => MarketSessionType, {
    description: 'No more commitments, orders from now on. By the organiser of a session that draws lots.',
  })
  openBids(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketSession> {
    return this.sessions.openBids(principal, id);
  }

  @Mutation(() => MarketLotType, {
    description: 'A participant’s signed commitment, before bids open; without one its orders are refused.',
  })
  commitLot(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
    @Args('commitment', { description: '32 bytes, lower-case hexadecimal' }) commitment: string,
    @Args('signature') signature: string,
  ): Promise<MarketLot> {
    return this.lots.commit(principal, sessionId, { commitment, signature });
  }

  @Mutation(() => MarketLotType, {
    description:
      'The nonce behind the commitment, after the gate; a participant that withholds it loses its orders.',
  })
  revealLot(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
    @Args('nonce', { description: '32 bytes, lower-case hexadecimal' }) nonce: string,
  ): Promise<MarketLot> {
    return this.lots.reveal(principal, sessionId, nonce);
  }

  @Query(() => SessionLotsType, { nullable: true, description: 'Null in a session that draws no lots.' })
  marketLots(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, ...page }: SessionPageArgs,
  ): Promise<SessionLots | null> {
    return this.lots.find(principal, sessionId, page);
  }

  @ResolveField(() => MarketPhaseEnum, { nullable: true, description: 'What the session takes now.' })
  phase(@Parent() session: MarketSession): SessionPhase | null {
    return phaseOf(session, this.clock.nowMs());
  }
}
