import { createHash, randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { type Bytes, DomainError, equalBytes } from '#core';
import { CHUNK_BYTES, placesOfChunk, rangeOf, thresholdAggregator } from '#encryption';
import { chunkCount, groupedUploads, openSums, type TaskState } from '#federation';
import { Database } from '#persistence';
import type { JobPayload, JobQueue } from '#queue';
import { BlobService } from '../blobs/blob.service.ts';
import { JOB_QUEUE } from '../platform.tokens.ts';
import { AdditionThreads, inOrder } from './addition-threads.ts';
import { FederationTask } from './federation.entities.ts';
import { ADVANCE_JOB } from './federation.service.ts';
import { FederationPartialSum } from './partial-sum.entity.ts';
import { TaskJournal } from './task-journal.ts';

export const ADD_JOB = 'federation.add';

/** Uploads of one part: with a megabyte each about a second of one core, so a job lost is little lost. */
const PART_UPLOADS = 128;
/** Up to two parts one pass is as fast as jobs, and reads every upload once. */
const WHOLE_UPLOADS = 2 * PART_UPLOADS;
/** Places of every chunk at which a part is recomputed: whatever was added amiss differs in practically all of them. */
const PROBED_PLACES = 512;

/**
 * Adds up a round. A large cohort is added as a tree: parts by jobs, in whatever processes run them and on all their
 * cores, from the moment U is fixed; then the sum of parts, each checked before it is used.
 */
@Injectable()
export class Combiner {
  constructor(
    private readonly database: Database,
    private readonly journal: TaskJournal,
    private readonly blobs: BlobService,
    private readonly threads: AdditionThreads,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /** Whether the closed uploads can be summed now. What is missing is being worked on: its end wakes the announcer. */
  async ready(state: TaskState): Promise<boolean> {
    const missing = await this.#missing(state);
    for (const { payload, key } of missing) await this.queue.enqueue(ADD_JOB, payload, { key });
    return missing.length === 0;
  }

  /** Adds up one part. Idempotent: what is there already, or is of another round, is left. */
  async addPart({ taskId, round, part }: JobPayload): Promise<void> {
    const state = await this.#state(taskId!);
    const due = await this.#missing(state);
    if (!due.some(({ payload }) => payload['round'] === round && payload['part'] === part)) return;
    const uploads = partsOf(state)[Number(part)]!;
    const blob = await this.blobs.writeAsPlatform(this.#sums(state, uploads));
    const row = { taskId: taskId!, round: Number(round), part: Number(part), blob };
    await this.database.asSystem((manager) =>
      manager.createQueryBuilder().insert().into(FederationPartialSum).values(row).orIgnore().execute(),
    );
    if (due.length === 1 || (await this.#missing(state)).length === 0) {
      await this.queue.enqueue(ADVANCE_JOB, { taskId: taskId! }, { key: taskId! });
    }
  }

  /** Parts that the database lacks, of all tasks whose uploads are closed. */
  async unfinished(): Promise<{ payload: JobPayload; key: string }[]> {
    const tasks = await this.database.asSystem((manager) =>
      manager.find(FederationTask, {
        select: { id: true },
        where: { phase: In(['preparing', 'answering']) },
      }),
    );
    const missing: { payload: JobPayload; key: string }[] = [];
    for (const { id } of tasks) missing.push(...(await this.#missing(await this.#state(id))));
    return missing;
  }

  /**
   * The summed vector of each group.
   * @throws PARTIAL_SUM_WRONG (unavailable: it is added up again), CHECKSUM_MISMATCH, CIPHERTEXT_MALFORMED
   */
  async sums(state: TaskState): Promise<Float64Array[]> {
    const { card, close, answers } = state;
    const parts = partsOf(state);
    const groups =
      parts.length === 0 ? groupedUploads(card, close!.uploads) : [await this.#checkedParts(state, parts)];
    using aggregator = await thresholdAggregator(card.encryption);
    return await openSums(aggregator, card, groups, [...answers.values()], {
      sums: (blobs) => this.#sums(state, blobs),
      answer: (blob, chunk) => this.blobs.readRange(blob, chunk * CHUNK_BYTES, CHUNK_BYTES),
    });
  }

  async #checkedParts(state: TaskState, parts: readonly (readonly string[])[]): Promise<string[]> {
    const sums = await this.#partialSums(state);
    for (const sum of sums) {
      if (await this.#isSumOf(sum.blob, parts[sum.part]!, chunkCount(state.card.encryption))) continue;
      await this.database.asSystem((manager) => manager.remove(FederationPartialSum, sum));
      throw new DomainError(
        'PARTIAL_SUM_WRONG',
        `expected the sum of part ${sum.part}, got another: it is added up again`,
        'unavailable',
        { part: sum.part },
      );
    }
    return sums.map(({ blob }) => blob);
  }

  /** The blob is what its name says, and equals the uploads' sum wherever it is recomputed: at random, in every chunk. */
  async #isSumOf(blob: string, uploads: readonly string[], chunks: number): Promise<boolean> {
    const hash = createHash('sha256');
    for await (const bytes of this.blobs.stream(blob)) hash.update(bytes as Uint8Array);
    if (hash.digest('hex') !== blob) return false;
    const probes = this.#inOrder(chunks, async (chunk) => {
      const { first, count } = placesOfChunk(chunk);
      const places = { first: first + randomInt(count - PROBED_PLACES), count: PROBED_PLACES };
      const { offset, bytes } = rangeOf(places);
      const paths = uploads.map((upload) => this.blobs.path(upload));
      return equalBytes(
        await this.threads.sum({ paths, places }),
        await this.blobs.readRange(blob, offset, bytes),
      );
    });
    for await (const equal of probes) if (!equal) return false;
    return true;
  }

  async #missing(state: TaskState): Promise<{ payload: JobPayload; key: string }[]> {
    const parts = partsOf(state);
    if (parts.length === 0) return [];
    const done = new Set((await this.#partialSums(state)).map(({ part }) => part));
    const { round, card } = state;
    return [...parts.keys()]
      .filter((part) => !done.has(part))
      .map((part) => ({
        payload: { taskId: card.taskId, round: String(round), part: String(part) },
        key: `${card.taskId} ${round} ${part}`,
      }));
  }

  #partialSums({ card, round }: TaskState): Promise<FederationPartialSum[]> {
    return this.database.asSystem((manager) =>
      manager.find(FederationPartialSum, { where: { taskId: card.taskId, round }, order: { part: 'ASC' } }),
    );
  }

  /** Σ of these blobs, chunk by chunk, some of them ahead. */
  #sums({ card }: TaskState, blobs: readonly string[]): AsyncGenerator<Bytes> {
    const paths = blobs.map((blob) => this.blobs.path(blob));
    return this.#inOrder(chunkCount(card.encryption), (chunk) =>
      this.threads.sum({ paths, places: placesOfChunk(chunk) }),
    );
  }

  #inOrder<T>(count: number, job: (index: number) => Promise<T>): AsyncGenerator<T> {
    return inOrder(count, this.threads.width, job);
  }

  #state(taskId: string): Promise<TaskState> {
    return this.database.asSystem(async (manager) => (await this.journal.load(manager, taskId)).state);
  }
}

/** Blobs of the closed uploads, by part; none where they are few, or summed by block: blocks are small. */
function partsOf({ card, close }: TaskState): string[][] {
  const blobs = close?.uploads.map(({ blob }) => blob) ?? [];
  if (card.release.sums !== 'cohort' || blobs.length <= WHOLE_UPLOADS) return [];
  return Array.from({ length: Math.ceil(blobs.length / PART_UPLOADS) }, (_, part) =>
    blobs.slice(part * PART_UPLOADS, (part + 1) * PART_UPLOADS),
  );
}
