import { Args, ID, Int, Mutation, Parent, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { awaited, type Phase, type TaskState } from '#federation';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { FederationDecline } from './decline.entity.ts';
import { DeclinesService } from './declines.service.ts';
import { TaskType } from './federation.types.ts';
import {
  PrivacyCostType,
  TaskChange,
  TaskDeclineType,
  TaskFailureType,
  TaskReleaseType,
} from './task-progress.types.ts';
import { TaskProgressService } from './task-progress.service.ts';

const AT_REST: ReadonlySet<string> = new Set<Phase>(['released', 'failed']);

/** What a task's transcript says beyond its row, who keeps out of it, and news of it. */
@Resolver(() => TaskType)
export class TaskProgressResolver {
  /** One reading for all fields of one task of an answer. */
  readonly #states = new WeakMap<TaskType, Promise<TaskState>>();

  constructor(
    private readonly progress: TaskProgressService,
    private readonly declining: DeclinesService,
  ) {}

  @ResolveField(() => [ID], { description: 'Organisations whose message the present phase waits for.' })
  async awaited(@CurrentPrincipal() principal: Principal, @Parent() task: TaskType): Promise<string[]> {
    // A list is mostly of tasks at rest: their transcripts need no replay for this.
    return AT_REST.has(task.phase) ? [] : awaited(await this.#state(principal, task));
  }

  @ResolveField(() => Int, { description: 'Uploads of the present round.' })
  async uploads(@CurrentPrincipal() principal: Principal, @Parent() task: TaskType): Promise<number> {
    return (await this.#state(principal, task)).uploads.size;
  }

  @ResolveField(() => Int, {
    description: 'Members of the active set of the present round; 0 before it is fixed.',
  })
  async decryptors(@CurrentPrincipal() principal: Principal, @Parent() task: TaskType): Promise<number> {
    return (await this.#state(principal, task)).active.length;
  }

  @ResolveField(() => PrivacyCostType, {
    nullable: true,
    description:
      'What the task may cost each organisation in all; null: exact sums, without differential privacy.',
  })
  async privacy(
    @CurrentPrincipal() principal: Principal,
    @Parent() task: TaskType,
  ): Promise<PrivacyCostType | null> {
    return (await this.#state(principal, task)).card.privacy;
  }

  @ResolveField(() => [TaskReleaseType], { description: 'One a step, oldest first.' })
  async releases(
    @CurrentPrincipal() principal: Principal,
    @Parent() task: TaskType,
  ): Promise<TaskReleaseType[]> {
    const { releases } = await this.#state(principal, task);
    return releases.map(({ release, cohort }, step) => ({
      ...release,
      step,
      cohort,
      aggregate: release.aggregate.blob,
    }));
  }

  @ResolveField(() => TaskFailureType, { nullable: true })
  async failure(
    @CurrentPrincipal() principal: Principal,
    @Parent() task: TaskType,
  ): Promise<TaskFailureType | null> {
    if (task.phase !== 'failed') return null;
    const { failure } = await this.#state(principal, task);
    return failure && { code: failure.code, organisationIds: failure.organisations, series: failure.series };
  }

  @ResolveField(() => [TaskDeclineType], { description: 'Of organisations that have not spoken since.' })
  async declines(
    @CurrentPrincipal() principal: Principal,
    @Parent() { id }: TaskType,
  ): Promise<TaskDeclineType[]> {
    return (await this.declining.declines(principal, id)).map(toType);
  }

  @Mutation(() => TaskDeclineType, {
    description: 'By a participant whose owner does not accept the task. Changes nothing in the protocol.',
  })
  async declineTask(
    @CurrentPrincipal() principal: Principal,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('code', { type: () => String, description: 'A stable code such as CONSENT_SERIES.' }) code: string,
    @Args('reason', { type: () => String, description: '1–300 printable characters.' }) reason: string,
  ): Promise<TaskDeclineType> {
    return toType(await this.declining.decline(principal, taskId, { code, reason }));
  }

  @Subscription(() => TaskChange, {
    description: "A task's entries after an index (its newest one when absent), then each as it comes.",
    resolve: (change: TaskChange) => change,
  })
  taskChanged(
    @CurrentPrincipal() principal: Principal,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('after', { type: () => Int, nullable: true }) after: number | null,
  ): Promise<AsyncIterableIterator<TaskChange>> {
    return this.progress.followTask(principal, taskId, after);
  }

  @Subscription(() => TaskChange, {
    description: "Entries of the organisation's newest 100 tasks from now on; new tasks with their card.",
    resolve: (change: TaskChange) => change,
  })
  tasksChanged(@CurrentPrincipal() principal: Principal): Promise<AsyncIterableIterator<TaskChange>> {
    return this.progress.followTasks(principal);
  }

  #state(principal: Principal, task: TaskType): Promise<TaskState> {
    const state = this.#states.get(task) ?? this.progress.state(principal, task.id);
    this.#states.set(task, state);
    return state;
  }
}

const toType = ({ tenantId, code, reason, declinedAt }: FederationDecline): TaskDeclineType => ({
  organisationId: tenantId,
  code,
  reason,
  declinedAt,
});
