import { Args, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { CommunityForecastService } from './community.service.ts';
import { CommunityForecast, CommunityForecastArgs } from './community.types.ts';

@Resolver()
export class CommunityForecastResolver {
  constructor(private readonly service: CommunityForecastService) {}

  @Query(() => CommunityForecast, {
    description:
      "What members' published forecasts add up to, reconciled with the operator's own forecast of the community in hours in which those of every participant are read. Free forecasts, own ones and those of days paid for are read, others are in no sum. Roles: market, analyst, firm.",
  })
  communityForecast(
    @CurrentPrincipal() principal: Principal,
    @Args() args: CommunityForecastArgs,
  ): Promise<CommunityForecast> {
    return this.service.forecast(principal, args);
  }
}
