import { Args, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { LowestCarbonWindowService } from './window.service.ts';
import { LowestCarbonWindow, LowestCarbonWindowArgs } from './window.types.ts';

@Resolver()
export class LowestCarbonWindowResolver {
  constructor(private readonly service: LowestCarbonWindowService) {}

  @Query(() => LowestCarbonWindow, {
    description:
      'When an energy need emits least by the latest published forecasts of a carbon intensity. Priced ones are charged as they are read. Roles: market, analyst, firm.',
  })
  lowestCarbonWindow(
    @CurrentPrincipal() principal: Principal,
    @Args() args: LowestCarbonWindowArgs,
  ): Promise<LowestCarbonWindow> {
    return this.service.window(principal, args);
  }
}
