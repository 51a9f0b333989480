import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { GridService } from './grid.service.ts';
import { GridIntensityType, GridSeriesType, ImportGridIntensityInput } from './grid.types.ts';

@Resolver(() => GridSeriesType)
export class GridResolver {
  constructor(private readonly service: GridService) {}

  @Mutation(() => GridSeriesType, {
    description: "Roles: operator (the community's default from now on), analyst (for whoever names it).",
  })
  importGridIntensity(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: ImportGridIntensityInput,
  ): Promise<GridSeriesType> {
    return this.service.import(principal, input);
  }

  @Query(() => GridIntensityType, { description: 'At most 31 days.' })
  gridIntensity(
    @CurrentPrincipal() principal: Principal,
    @Args('from', { type: () => InstantScalar }) from: number,
    @Args('to', { type: () => InstantScalar }) to: number,
    @Args('seriesId', { type: () => ID, nullable: true }) seriesId?: string | null,
  ): Promise<GridIntensityType> {
    return this.service.intensity(principal, { from, to }, seriesId);
  }
}
