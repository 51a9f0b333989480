import { Args, Float, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { toldTypicalMase } from './day-close.ts';
import type { ModelVersionRow } from './model-version.entity.ts';
import type { ModelDayScoreRow } from './product.entities.ts';
import {
  ModelDayScoreConnection,
  ModelDayScoresArgs,
  ModelDayScoreType,
  ReportForecastScoresInput,
  ReportForecastScoresPayload,
} from './products.types.ts';
import { ModelVersionType } from './registry.types.ts';
import { ScoresService } from './scores.service.ts';

@Resolver(() => ModelVersionType)
export class ScoresResolver {
  constructor(private readonly scores: ScoresService) {}

  @Mutation(() => ReportForecastScoresPayload, {
    description:
      'By a participant that chooses to: errors of its own forecasts, without unit, within 48 h of the day.',
  })
  reportForecastScores(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: ReportForecastScoresInput,
  ): Promise<ReportForecastScoresPayload> {
    return this.scores.report(principal, input);
  }

  @ResolveField(() => ModelDayScoreType, {
    nullable: true,
    description: 'Of the newest day with figures of it, in whichever product.',
  })
  latestScore(
    @CurrentPrincipal() principal: Principal,
    @Parent() { modelHash }: Pick<ModelVersionRow, 'modelHash'>,
  ): Promise<ModelDayScoreRow | null> {
    return this.scores.latest(principal, modelHash);
  }

  @Query(() => ModelDayScoreConnection, {
    description: 'Figures of models that the reader may see, newest day first.',
  })
  modelDayScores(
    @CurrentPrincipal() principal: Principal,
    @Args() args: ModelDayScoresArgs,
  ): Promise<Connection<ModelDayScoreRow>> {
    return this.scores.figures(principal, args);
  }
}

/** Figures as members are told them. */
@Resolver(() => ModelDayScoreType)
export class ModelDayScoreResolver {
  @ResolveField(() => Float, {
    nullable: true,
    description:
      'Mean without the highest and the lowest quarter, in which drift is seen; told of eight organisations or more.',
  })
  typicalMase(@Parent() score: ModelDayScoreRow): number | null {
    return toldTypicalMase(score);
  }
}
