import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { GatesService } from './gates.service.ts';
import { ForecastGateType, SetForecastGateInput } from './gates.types.ts';

@Resolver()
export class GatesResolver {
  constructor(private readonly gates: GatesService) {}

  @Mutation(() => ForecastGateType, { description: 'By the operator. No gate that has closed is moved.' })
  setForecastGate(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: SetForecastGateInput,
  ): Promise<ForecastGateType> {
    return this.gates.set(principal, input);
  }

  @Query(() => [ForecastGateType], { description: 'Every rule there is or was, by name and begin.' })
  forecastGates(@CurrentPrincipal() principal: Principal): Promise<ForecastGateType[]> {
    return this.gates.list(principal);
  }
}
