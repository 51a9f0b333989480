import { Args, ID, Resolver, Subscription } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { NewsService, type SessionChange, type TradeFound } from './news.service.ts';
import { MarketSessionChangeType, MarketTradeFoundType } from './news.types.ts';

@Resolver()
export class NewsResolver {
  constructor(private readonly news: NewsService) {}

  @Subscription(() => MarketSessionChangeType, {
    description:
      'A session’s state and the progress of its clearing: as it is, then whenever it has changed.',
    resolve: (change: SessionChange) => change,
  })
  marketSessionChanged(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<AsyncIterableIterator<SessionChange>> {
    return this.news.followSession(principal, sessionId, after ?? null);
  }

  @Subscription(() => MarketTradeFoundType, {
    description:
      'Trades of auctions the own organisation is a party of, as sessions are cleared: after a cursor, or from now on.',
    resolve: (found: TradeFound) => found,
  })
  marketTradesFound(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID, nullable: true, description: 'Absent: of every session.' })
    sessionId: string | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null,
  ): Promise<AsyncIterableIterator<TradeFound>> {
    return this.news.followTrades(principal, sessionId ?? null, after ?? null);
  }
}
