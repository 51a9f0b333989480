import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import { advance, type AnyMessage, messageHash, replay, type TaskState, windowSeconds } from '#federation';
import { appendEntry, requireChain, type TranscriptEntry } from '#transcript';
import { FederationEntry, FederationTask } from './federation.entities.ts';

/** Replayed states kept by transcript root: immutable, so never stale. */
const REMEMBERED = 64;

/** The transcripts in the database: reads a task's state from its entries, appends under a lock on the task's row. */
@Injectable()
export class TaskJournal {
  readonly #states = new Map<string, TaskState>();

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
    return { task, state: this.#states.get(task.headHash) ?? (await this.#replay(manager, task)) };
  }

  /**
   * Verifies a message against the state and appends it; the same signed message twice is one entry.
   * @throws TRANSCRIPT_MOVED where `expectedHead` is no longer the head, and the refusals of the protocol.
   */
  async append(
    manager: EntityManager,
    taskId: string,
    message: AnyMessage,
    expectedHead?: string,
  ): Promise<TranscriptEntry> {
    const { task, state } = await this.load(manager, taskId, true);
    const known = await this.#find(manager, taskId, message);
    if (known) return known;
    if (expectedHead !== undefined && expectedHead !== task.headHash) {
      throw new DomainError(
        'TRANSCRIPT_MOVED',
        'expected the transcript as it was read, got a newer one',
        'conflict',
      );
    }
    const next = await advance(state, message);
    const head = { index: task.headIndex, hash: task.headHash };
    const entry = await appendEntry(head, message);
    await requireChain([entry], head);
    await manager.insert(FederationEntry, { taskId, ...entry });
    this.#remember(entry.hash, next);
    const windowEndsAt =
      next.phase === state.phase && next.round === state.round ? task.windowEndsAt : windowEnd(next);
    await manager.update(FederationTask, taskId, {
      phase: next.phase,
      round: next.round,
      headIndex: entry.index,
      headHash: entry.hash,
      windowEndsAt,
    });
    return entry;
  }

  async #replay(manager: EntityManager, task: FederationTask): Promise<TaskState> {
    const entries = await manager.find(FederationEntry, {
      where: { taskId: task.id },
      order: { index: 'ASC' },
    });
    const state = await replay(entries.map(({ message }) => message as AnyMessage));
    this.#remember(task.headHash, state);
    return state;
  }

  /** The entry of this very message. Signature alone is not enough: whoever has seen it could put it under other words. */
  async #find(manager: EntityManager, taskId: string, message: AnyMessage): Promise<TranscriptEntry | null> {
    const { signature } = message;
    const found = await manager
      .createQueryBuilder(FederationEntry, 'entry')
      .where("entry.taskId = :taskId AND entry.message->>'signature' = :signature", { taskId, signature })
      .getOne();
    if (!found) return null;
    const entry = found.message as AnyMessage;
    if ((await messageHash(entry)) !== (await messageHash(message))) return null;
    return { index: found.index, previous: found.previous, hash: found.hash, message: entry };
  }

  #remember(headHash: string, state: TaskState): void {
    this.#states.set(headHash, state);
    const [oldest] = this.#states.keys();
    if (this.#states.size > REMEMBERED && oldest !== undefined) this.#states.delete(oldest);
  }
}

export const windowEnd = (state: TaskState): Date => new Date(Date.now() + windowSeconds(state) * 1_000);

export const unknownTask = (taskId: string) =>
  new DomainError(
    'TASK_UNKNOWN',
    `expected a task this organisation takes part in, got ${taskId}`,
    'not-found',
    { taskId },
  );
