import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PrivacyCostType } from '../federation/task-progress.types.ts';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { ModelVersionRow } from './model-version.entity.ts';
import { RegistryService } from './registry.service.ts';
import { DataEpochType, ModelsArgs, ModelVersionConnection, ModelVersionType } from './registry.types.ts';

@Resolver(() => ModelVersionType)
export class RegistryResolver {
  constructor(private readonly registry: RegistryService) {}

  @Query(() => ModelVersionConnection, {
    description: "Models of the organisation's released tasks, newest first.",
  })
  models(
    @CurrentPrincipal() principal: Principal,
    @Args() args: ModelsArgs,
  ): Promise<Connection<ModelVersionRow>> {
    return this.registry.list(principal, args);
  }

  @Query(() => ModelVersionType, {
    description: 'By the hash of its card or of the model; of several tasks with one model the oldest.',
  })
  modelVersion(
    @CurrentPrincipal() principal: Principal,
    @Args('hash', { type: () => String }) hash: string,
  ): Promise<ModelVersionRow> {
    return this.registry.find(principal, hash);
  }

  @ResolveField(() => DataEpochType)
  train(@Parent() { trainStart, trainEnd }: ModelVersionRow): DataEpochType {
    return { start: trainStart, end: trainEnd };
  }

  @ResolveField(() => DataEpochType)
  validation(@Parent() { validationStart, validationEnd }: ModelVersionRow): DataEpochType {
    return { start: validationStart, end: validationEnd };
  }

  @ResolveField(() => PrivacyCostType, {
    nullable: true,
    description: 'What it has cost each organisation; null: exact sums, which nothing bounds.',
  })
  privacy(@Parent() { epsilon, delta }: ModelVersionRow): PrivacyCostType | null {
    return epsilon === null || delta === null ? null : { epsilon, delta };
  }
}
