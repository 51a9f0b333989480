import { Injectable } from '@nestjs/common';
import { Between, type EntityManager } from 'typeorm';
import { DomainError } from '#core';
import {
  advance,
  type AnyMessage,
  messageHash,
  openFromCard,
  type TaskState,
  windowSeconds,
} from '#federation';
import { Database } from '#persistence';
import { appendEntry, requireChain, type TranscriptEntry } from '#transcript';
import { FederationEntry, FederationTask } from './federation.entities.ts';

/** Tasks whose state is kept. */
const REMEMBERED = 64;
/** Entries read at a time: a transcript of thousands of members has hundreds of megabytes. */
const PAGE = 200;

/** A state and the entry it follows from: immutable, so never stale, at most older than the transcript. */
interface Remembered {
  readonly headIndex: number;
  readonly headHash: string;
  readonly state: TaskState;
}

/** A message that may come after the entry of `headHash`, and what it leads to. */
export interface Looked {
  readonly headHash: string;
  readonly state: TaskState;
  readonly next: TaskState;
}

/**
 * The transcripts in the database: reads a task's state from its entries, appends under a lock on the task's row. What a
 * message costs does not depend on how many came before it: the state is kept, and what another process has appended since
 * is added to it.
 */
@Injectable()
export class TaskJournal {
  readonly #remembered = new Map<string, Remembered>();

  constructor(private readonly database: Database) {}

  /** @throws TASK_UNKNOWN */
  async load(
    manager: EntityManager,
    taskId: string,
    lock = false,
  ): Promise<{ task: FederationTask; state: TaskState }> {
    const task = await manager.findOne(FederationTask, {
      where: { id: taskId },
      ...(lock ? { lock: { mode: 'pessimistic_write' } } : {}),
    });
    if (!task) throw unknownTask(taskId);
    const known = this.#remembered.get(taskId);
    if (known?.headHash === task.headHash) return { task, state: known.state };
    const current = await this.#catchUp(manager, task, known);
    this.#remember(taskId, current);
    return { task, state: current.state };
  }

  /**
   * The entry that this very message already is; or the state, and the one that follows from it and the message.
   * @throws TASK_UNKNOWN, and the refusals of the protocol
   */
  async look(manager: EntityManager, taskId: string, message: AnyMessage): Promise<TranscriptEntry | Looked> {
    const { task, state } = await this.load(manager, taskId);
    const known = await entryOf(manager, taskId, message, await messageHash(message));
    return known ?? { state, headHash: task.headHash, next: await advance(state, message) };
  }

  /**
   * Appends a message as it was looked at, or verified anew where something was said in between; the same signed message
   * twice is one entry. @throws the refusals of the protocol
   */
  async append(
    manager: EntityManager,
    taskId: string,
    message: AnyMessage,
    looked: Looked,
  ): Promise<TranscriptEntry> {
    const { task, state } = await this.load(manager, taskId, true);
    const known = await entryOf(manager, taskId, message, await messageHash(message));
    if (known) return known;
    const next = task.headHash === looked.headHash ? looked.next : await advance(state, message);
    return this.#enter(manager, task, state, message, next);
  }

  /** Appends what the platform says of a transcript that ends with `headHash`. @throws TRANSCRIPT_MOVED where it no longer does */
  async announce(
    manager: EntityManager,
    taskId: string,
    message: AnyMessage,
    headHash: string,
  ): Promise<TranscriptEntry> {
    const { task, state } = await this.load(manager, taskId, true);
    if (task.headHash !== headHash) {
      throw new DomainError(
        'TRANSCRIPT_MOVED',
        'expected the transcript as it was read, got a newer one',
        'conflict',
      );
    }
    return this.#enter(manager, task, state, message, await advance(state, message));
  }

  async #enter(
    manager: EntityManager,
    task: FederationTask,
    state: TaskState,
    message: AnyMessage,
    next: TaskState,
  ): Promise<TranscriptEntry> {
    const head = { index: task.headIndex, hash: task.headHash };
    const entry = await appendEntry(head, message);
    await requireChain([entry], head);
    const row = { taskId: task.id, ...entry, messageHash: await messageHash(message) };
    await manager.insert(FederationEntry, row);
    const windowEndsAt =
      next.phase === state.phase && next.round === state.round ? task.windowEndsAt : windowEnd(next);
    await manager.update(FederationTask, task.id, {
      phase: next.phase,
      round: next.round,
      headIndex: entry.index,
      headHash: entry.hash,
      windowEndsAt,
    });
    this.database.afterCommit(() =>
      this.#remember(task.id, { headIndex: entry.index, headHash: entry.hash, state: next }),
    );
    return entry;
  }

  /** From the state that is known, where the transcript continues it, or from the card. */
  async #catchUp(
    manager: EntityManager,
    { id, headIndex, headHash }: FederationTask,
    known: Remembered | undefined,
  ): Promise<Remembered> {
    let state = known && known.headIndex < headIndex ? known.state : undefined;
    let index = state ? known!.headIndex : -1;
    while (index < headIndex) {
      const entries = await manager.find(FederationEntry, {
        // No further than the head that was read: another process may have appended since.
        where: { taskId: id, index: Between(index + 1, Math.min(index + PAGE, headIndex)) },
        order: { index: 'ASC' },
      });
      for (const entry of entries) {
        const message = entry.message as AnyMessage;
        state = state ? await advance(state, message) : await openFromCard(message);
      }
      index = entries.at(-1)!.index;
    }
    return { headIndex, headHash, state: state! };
  }

  /** Least recently changed first, so that it goes first. What was read before a newer state was known is not kept. */
  #remember(taskId: string, current: Remembered): void {
    if ((this.#remembered.get(taskId)?.headIndex ?? -1) > current.headIndex) return;
    this.#remembered.delete(taskId);
    this.#remembered.set(taskId, current);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
  }
}

async function entryOf(
  manager: EntityManager,
  taskId: string,
  message: AnyMessage,
  hash: string,
): Promise<TranscriptEntry | null> {
  const found = await manager.findOneBy(FederationEntry, { taskId, messageHash: hash });
  return found && { index: found.index, previous: found.previous, hash: found.hash, message };
}

export const windowEnd = (state: TaskState): Date => new Date(Date.now() + windowSeconds(state) * 1_000);

export const unknownTask = (taskId: string) =>
  new DomainError(
    'TASK_UNKNOWN',
    `expected a task this organisation takes part in, got ${taskId}`,
    'not-found',
    { taskId },
  );
