import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type ForecastPage, ForecastsService } from './forecasts.service.ts';
import {
  ForecastAtArgs,
  ForecastConnection,
  ForecastPublished,
  ForecastPublishedArgs,
  ForecastsArgs,
  ForecastType,
  PublishForecastsInput,
  PublishForecastsPayload,
} from './forecasts.types.ts';

@Resolver()
export class ForecastsResolver {
  constructor(private readonly service: ForecastsService) {}

  @Mutation(() => PublishForecastsPayload, {
    description:
      'By a participant about its own organisation. A later issue makes a new version; none is changed.',
  })
  publishForecasts(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: PublishForecastsInput,
  ): Promise<PublishForecastsPayload> {
    return this.service.publish(principal, input.forecasts);
  }

  @Query(() => ForecastConnection, {
    description:
      'What the community has published, in the order of publication. Roles: market, analyst, firm.',
  })
  forecasts(@CurrentPrincipal() principal: Principal, @Args() args: ForecastsArgs): Promise<ForecastPage> {
    return this.service.list(principal, args);
  }

  @Query(() => [ForecastType], {
    description:
      'What was known of an interval at an instant, one version for each participant of the organisation. Roles: market, analyst, firm.',
  })
  forecastAt(
    @CurrentPrincipal() principal: Principal,
    @Args() args: ForecastAtArgs,
  ): Promise<ForecastType[]> {
    return this.service.at(principal, args);
  }

  @Subscription(() => ForecastPublished, {
    description: 'New forecasts as they are published. Roles: market, analyst, firm.',
    resolve: (published: ForecastPublished) => published,
  })
  forecastPublished(
    @CurrentPrincipal() principal: Principal,
    @Args() args: ForecastPublishedArgs,
  ): Promise<AsyncIterableIterator<ForecastPublished>> {
    return this.service.follow(principal, args);
  }
}
