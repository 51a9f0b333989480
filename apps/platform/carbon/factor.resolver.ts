import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { FactorService } from './factor.service.ts';
import {
  CombustionFactorConnection,
  CombustionFactorsArgs,
  type CombustionFactorType,
  EmissionFactorConnection,
  FactorsArgs,
  FactorSetType,
  ImportFactorSetInput,
  ResolvedCombustionFactorArgs,
  ResolvedCombustionFactorType,
  ResolvedFactorArgs,
  ResolvedFactorType,
} from './factor.types.ts';
import { EmissionFactorType } from './grid.types.ts';

@Resolver(() => FactorSetType)
export class FactorResolver {
  constructor(private readonly service: FactorService) {}

  @Mutation(() => FactorSetType, {
    description: "Roles: analyst (the own organisation's), operator (also the community's).",
  })
  importFactorSet(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: ImportFactorSetInput,
  ): Promise<FactorSetType> {
    return this.service.import(principal, input);
  }

  @Query(() => [FactorSetType], { description: 'What ships, the community’s and the own, the newest first.' })
  factorSets(@CurrentPrincipal() principal: Principal): Promise<FactorSetType[]> {
    return this.service.sets(principal);
  }

  @Query(() => EmissionFactorConnection, { description: 'Factors by the kWh, in the order of their ids.' })
  factors(
    @CurrentPrincipal() principal: Principal,
    @Args() args: FactorsArgs,
  ): Promise<Connection<EmissionFactorType>> {
    return this.service.factors(principal, args);
  }

  @Query(() => CombustionFactorConnection, { description: 'Factors by the fuel, in the order of their ids.' })
  combustionFactors(
    @CurrentPrincipal() principal: Principal,
    @Args() args: CombustionFactorsArgs,
  ): Promise<Connection<CombustionFactorType>> {
    return this.service.combustionFactors(principal, args);
  }

  @Query(() => EmissionFactorType, { description: 'The factor that a figure names.' })
  factor(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<EmissionFactorType> {
    return this.service.factor(principal, id);
  }

  @Query(() => ResolvedFactorType, {
    description:
      'Own sets before the community’s, these before what ships; in each the zone, what it is a part of, the default.',
  })
  resolvedFactor(
    @CurrentPrincipal() principal: Principal,
    @Args() args: ResolvedFactorArgs,
  ): Promise<ResolvedFactorType> {
    return this.service.resolved(principal, args);
  }

  @Query(() => ResolvedCombustionFactorType, { description: 'The same for a TJ burnt.' })
  resolvedCombustionFactor(
    @CurrentPrincipal() principal: Principal,
    @Args() args: ResolvedCombustionFactorArgs,
  ): Promise<ResolvedCombustionFactorType> {
    return this.service.resolvedCombustion(principal, args);
  }
}
