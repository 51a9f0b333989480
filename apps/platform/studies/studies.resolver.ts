import {
  Args,
  Float,
  ID,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import type { Json } from '#core';
import { inputSchema, optionsSchema, STUDIES, type Study } from '#studies';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { StudiesService } from './studies.service.ts';
import {
  MarketStudyConnection,
  MarketStudyErrorType,
  MarketStudyKindType,
  MarketStudyType,
  SubmitMarketStudyInput,
} from './studies.types.ts';
import type { MarketStudyRow } from './study.entity.ts';

@Resolver(() => MarketStudyType)
export class StudiesResolver {
  constructor(private readonly studies: StudiesService) {}

  @Query(() => MarketStudyType)
  marketStudy(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketStudyRow> {
    return this.studies.find(principal, id);
  }

  @Query(() => MarketStudyConnection, { description: 'Of the own organisation, newest first.' })
  marketStudies(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<MarketStudyRow>> {
    return this.studies.list(principal, page);
  }

  @Mutation(() => MarketStudyType, {
    description:
      'By firm, analyst, market or operator: asks for a computation. At most 20 of an organisation wait or run; two run at a time, organisations in turn.',
  })
  submitMarketStudy(
    @CurrentPrincipal() principal: Principal,
    @Args('input', { type: () => SubmitMarketStudyInput }) draft: SubmitMarketStudyInput,
  ): Promise<MarketStudyRow> {
    const { verb, method = null, input, options, timeLimitSeconds, idempotencyKey } = draft;
    return this.studies.submit(principal, {
      verb,
      method,
      input,
      options: options ?? {},
      timeLimitSeconds,
      idempotencyKey,
    });
  }

  @Mutation(() => MarketStudyType, { description: 'Ends a study that waits or runs.' })
  cancelMarketStudy(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketStudyRow> {
    return this.studies.cancel(principal, id);
  }

  @Subscription(() => MarketStudyType, {
    description: 'The study now, then at every change until it is finished.',
    resolve: (study: MarketStudyRow) => study,
  })
  marketStudyChanged(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<AsyncIterableIterator<MarketStudyRow>> {
    return this.studies.follow(principal, id);
  }

  @ResolveField(() => JsonScalar)
  input(@CurrentPrincipal() principal: Principal, @Parent() { id }: MarketStudyRow): Promise<Json | null> {
    return this.studies.document(principal, id, 'input');
  }

  @ResolveField(() => JsonScalar)
  options(@CurrentPrincipal() principal: Principal, @Parent() { id }: MarketStudyRow): Promise<Json | null> {
    return this.studies.document(principal, id, 'options');
  }

  @ResolveField(() => JsonScalar, {
    nullable: true,
    description: 'What `gridcommons market … --json` prints of the same input; null until it is DONE.',
  })
  async result(
    @CurrentPrincipal() principal: Principal,
    @Parent() { id, state }: MarketStudyRow,
  ): Promise<Json | null> {
    return state === 'DONE' ? this.studies.document(principal, id, 'result') : null;
  }

  @ResolveField(() => MarketStudyErrorType, { nullable: true })
  error(@Parent() { errorCode, errorMessage, errorData }: MarketStudyRow): MarketStudyErrorType | null {
    if (errorCode === null) return null;
    return { code: errorCode, message: errorMessage ?? '', data: (errorData ?? {}) as Json };
  }

  @ResolveField(() => Float)
  timeLimitSeconds(@Parent() { timeLimitMs }: MarketStudyRow): number {
    return timeLimitMs / 1_000;
  }
}

@Resolver(() => MarketStudyKindType)
export class StudyKindsResolver {
  @Query(() => [MarketStudyKindType], {
    description: 'What can be asked for; of one verb, where it is named.',
  })
  marketStudyKinds(
    @CurrentPrincipal() _principal: Principal,
    @Args('verb', { type: () => String, nullable: true }) verb?: string | null,
  ): readonly Study[] {
    return STUDIES.filter((study) => (verb ?? study.verb) === study.verb);
  }

  @ResolveField(() => JsonScalar, { description: 'JSON Schema of the input.' })
  inputSchema(@Parent() study: Study): object {
    return inputSchema(study);
  }

  @ResolveField(() => JsonScalar, { description: 'JSON Schema of the options.' })
  optionsSchema(@Parent() study: Study): object {
    return optionsSchema(study);
  }
}
