import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AnyMessage, TaskState } from '#federation';
import { Database } from '#persistence';
import { followCursor } from '../pipeline/cursor-follower.ts';
import type { Principal } from '../pipeline/principal.ts';
import { FederationEntry, FederationTask } from './federation.entities.ts';
import { requireVisible } from './federation.service.ts';
import { TaskJournal } from './task-journal.ts';
import type { TaskChange } from './task-progress.types.ts';

/** New entries reach a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 100;
/** A subscription to all tasks looks at this many, the newest. */
const FOLLOWED_TASKS = 100;

/** How far tasks are, read from their transcripts; every read is a tenant's own, so row-level security is the check. */
@Injectable()
export class TaskProgressService {
  constructor(
    private readonly database: Database,
    private readonly journal: TaskJournal,
  ) {}

  /** @throws TASK_UNKNOWN */
  async state(principal: Principal, taskId: string): Promise<TaskState> {
    const { state } = await this.#inTenant(principal, (manager) => this.journal.load(manager, taskId));
    return state;
  }

  /** Entries of one task after index `after`, or after its newest one, then each as it comes. @throws TASK_UNKNOWN */
  async followTask(
    principal: Principal,
    taskId: string,
    after: number | null,
  ): Promise<AsyncIterableIterator<TaskChange>> {
    const { headIndex } = await this.#inTenant(principal, (manager) => requireVisible(manager, taskId));
    const read = (index: string): Promise<TaskChange[]> =>
      this.#inTenant(principal, (manager) => changes(manager, taskId, Number(index), FOLLOW_PAGE));
    return followCursor({ read, cursorOf: indexOf }, String(after ?? headIndex), POLL_MS);
  }

  /** Every entry of the organisation's newest tasks from now on, each task's in order. */
  async followTasks(principal: Principal): Promise<AsyncIterableIterator<TaskChange>> {
    const heads = new Map(await this.#inTenant(principal, headsOf));
    // The cursor of a transcript is its index; that of all of them is one index a task, which no single text is.
    const read = (): Promise<TaskChange[]> =>
      this.#inTenant(principal, (manager) => changesBeyond(manager, heads));
    return followCursor({ read, cursorOf: () => '' }, '', POLL_MS);
  }

  #inTenant<T>({ organisationId }: Principal, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.asTenant(organisationId, work);
  }
}

const indexOf = ({ index }: TaskChange): string => String(index);

/** Index of the newest entry by task. */
async function headsOf(manager: EntityManager): Promise<[taskId: string, headIndex: number][]> {
  const tasks = await manager.find(FederationTask, {
    select: { id: true, headIndex: true },
    order: { createdAt: 'DESC' },
    take: FOLLOWED_TASKS,
  });
  return tasks.map(({ id, headIndex }) => [id, headIndex]);
}

/** Changes that `heads` does not know yet, one page at most; moves `heads` on. A task it has never seen is a new one. */
async function changesBeyond(manager: EntityManager, heads: Map<string, number>): Promise<TaskChange[]> {
  const found: TaskChange[] = [];
  for (const [taskId, headIndex] of await headsOf(manager)) {
    const known = heads.get(taskId) ?? -1;
    const room = FOLLOW_PAGE - found.length;
    if (headIndex === known || room === 0) continue;
    const news = await changes(manager, taskId, known, room);
    heads.set(taskId, news.at(-1)?.index ?? known);
    found.push(...news);
  }
  return found;
}

async function changes(
  manager: EntityManager,
  taskId: string,
  after: number,
  limit: number,
): Promise<TaskChange[]> {
  const entries = await manager
    .createQueryBuilder(FederationEntry, 'entry')
    .where('entry.taskId = :taskId AND entry.index > :after', { taskId, after })
    .orderBy('entry.index', 'ASC')
    .limit(limit)
    .getMany();
  if (entries.length === 0) return [];
  const task = await requireVisible(manager, taskId);
  return entries.map(({ index, message, createdAt }) => {
    const { kind, round, sender } = message as AnyMessage;
    return { index, kind, round, sender, enteredAt: createdAt, task };
  });
}
