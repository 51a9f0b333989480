import { Args, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { EmissionsService } from './emissions.service.ts';
import { Emissions, EmissionsArgs } from './emissions.types.ts';

@Resolver(() => Emissions)
export class EmissionsResolver {
  constructor(private readonly service: EmissionsService) {}

  @Query(() => Emissions, {
    description:
      'What members have published of their own emissions, added up; each of it anybody here may read.',
  })
  emissions(@CurrentPrincipal() principal: Principal, @Args() args: EmissionsArgs): Promise<Emissions> {
    return this.service.table(principal, args);
  }
}
