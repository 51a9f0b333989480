import { Args, Query, Resolver } from '@nestjs/graphql';
import { RULE_PROPERTIES } from '#community';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { communityPrices } from './community-prices.ts';
import {
  CommunityPricesInput,
  CommunityPricesType,
  CommunityRulePropertiesType,
  PriceRuleEnum,
} from './community-prices.types.ts';

/** Communities without orders. Nothing is stored: the platform has no statements of hours in which nobody traded. */
@Resolver()
export class CommunityPricesResolver {
  @Query(() => CommunityPricesType, {
    description: 'Prices and bills of one interval by a price rule, on what is sent; keeps nothing.',
  })
  communityPrices(
    @CurrentPrincipal() _principal: Principal,
    @Args('input') input: CommunityPricesInput,
  ): CommunityPricesType {
    return communityPrices(input);
  }

  @Query(() => [CommunityRulePropertiesType], { description: 'What each price rule promises.' })
  communityPriceRules(): CommunityRulePropertiesType[] {
    return Object.values(PriceRuleEnum).map((rule) => ({ rule, ...RULE_PROPERTIES[rule] }));
  }
}
