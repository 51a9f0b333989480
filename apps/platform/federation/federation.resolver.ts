import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import type { FederationTask } from './federation.entities.ts';
import { FederationService } from './federation.service.ts';
import { CreateTaskInput, TaskConnection, TaskType, TranscriptEntryType } from './federation.types.ts';

@Resolver(() => TaskType)
export class FederationResolver {
  constructor(private readonly federation: FederationService) {}

  @Query(() => TaskConnection, { description: "The organisation's federated tasks, newest first." })
  tasks(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<FederationTask>> {
    return this.federation.tasks(principal, page);
  }

  @Query(() => TaskType)
  task(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<FederationTask> {
    return this.federation.task(principal, id);
  }

  @Query(() => [TranscriptEntryType], {
    description: 'Entries after an index (−1: from the card on), at most 100.',
  })
  transcript(
    @CurrentPrincipal() principal: Principal,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('after', { type: () => Int, defaultValue: -1 }) after: number,
    @Args('first', { type: () => Int, defaultValue: 100 }) first: number,
  ): Promise<TranscriptEntryType[]> {
    return this.federation.transcript(principal, taskId, after, first);
  }

  @ResolveField(() => JsonScalar, { description: 'Everything a node agrees to before it takes part.' })
  card(@CurrentPrincipal() principal: Principal, @Parent() { id }: TaskType): Promise<unknown> {
    return this.federation.card(principal, id);
  }

  @Mutation(() => TaskType)
  createTask(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CreateTaskInput,
  ): Promise<FederationTask> {
    return this.federation.createTask(principal, input);
  }

  @Mutation(() => TranscriptEntryType, {
    description: "Enters a participant's signed message into the transcript.",
  })
  postMessage(
    @CurrentPrincipal() principal: Principal,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('message', { type: () => JsonScalar }) message: unknown,
  ): Promise<TranscriptEntryType> {
    return this.federation.postMessage(principal, taskId, message);
  }
}
