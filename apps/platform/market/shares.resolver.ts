import { Args, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type SessionShares, SharesService } from './shares.service.ts';
import { SessionSharesArgs, SessionSharesType } from './shares.types.ts';

@Resolver(() => SessionSharesType)
export class SharesResolver {
  constructor(private readonly shares: SharesService) {}

  @Query(() => SessionSharesType, {
    nullable: true,
    description:
      'Shares of a settled session’s surplus: the organiser (role market or operator) sees all, a member its own. Null until worked out.',
  })
  sessionShares(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, method, ...page }: SessionSharesArgs,
  ): Promise<SessionShares | null> {
    return this.shares.find(principal, sessionId, method, page);
  }
}
