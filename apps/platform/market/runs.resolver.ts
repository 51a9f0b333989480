import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { MarketSession } from './market.entities.ts';
import { MarketSessionType } from './market.types.ts';
import type { MarketRun } from './runs.entities.ts';
import { RunsService } from './runs.service.ts';
import { MarketRunType } from './runs.types.ts';

/** A session's clearing: how far it is, another run of it, the end of it. */
@Resolver(() => MarketRunType)
export class RunsResolver {
  constructor(private readonly runs: RunsService) {}

  @Mutation(() => MarketSessionType, {
    description:
      'Another run after one that failed; it goes on with the first slot not cleared. By the organiser.',
  })
  clearMarketSession(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketSession> {
    return this.runs.start(principal, id);
  }

  @Mutation(() => MarketSessionType, {
    description: 'Ends a session that is not cleared: no trades, no settlement. By the organiser.',
  })
  cancelMarketSession(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketSession> {
    return this.runs.cancel(principal, id);
  }

  @Query(() => [MarketRunType], { description: 'Attempts to clear a session, newest first.' })
  marketRuns(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
  ): Promise<MarketRun[]> {
    return this.runs.list(principal, sessionId);
  }
}
