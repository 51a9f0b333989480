import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Bytes, concat } from '#core';
import { thresholdAggregator, thresholdParameters } from '#encryption';
import { chunkCount, type Dealing, encodeValues, type TaskState } from '#federation';
import { Database } from '#persistence';
import type { JobPayload, JobQueue } from '#queue';
import { startPlatform, type TestPlatform } from '../../../test/harness/platform.ts';
import { BlobService } from '../blobs/blob.service.ts';
import { Organisation } from '../identity/identity.entities.ts';
import { AdditionThreads, inOrder } from './addition-threads.ts';
import { ADD_JOB, Combiner } from './combiner.service.ts';
import { FederationTask } from './federation.entities.ts';
import { ADVANCE_JOB } from './federation.service.ts';
import { FederationPartialSum } from './partial-sum.entity.ts';
import type { TaskJournal } from './task-journal.ts';

/** Two parts of 128 and one of 44. */
const UPLOADS = 300;
const TASK = '00000000-0000-4000-8000-0000000000aa';
const CARD_HASH = 'ab'.repeat(32);
const ACTIVE = [1, 2];
/** Two chunks. */
const encryption = thresholdParameters({ values: 9_000, lanes: 1, fractionBits: 8, maxSites: UPLOADS });

let platform: TestPlatform;
let state: TaskState;
let expected: Float64Array;
let jobs: { name: string; payload: JobPayload }[];
let combiner: Combiner;

const valuesOf = (site: number): Float64Array =>
  Float64Array.from({ length: encryption.values }, (_, i) => (site + 1) * ((i % 97) - 48));

beforeAll(async () => {
  platform = await startPlatform();
  state = await closedRound(platform.app.get(BlobService));
  await platform.app.get(Database).asSystem(async (manager) => {
    const { id: tenantId } = await manager.findOneByOrFail(Organisation, {});
    const row = { tenantId, card: state.card, cardHash: CARD_HASH, phase: 'answering', round: 1 } as const;
    const head = { headIndex: 0, headHash: '', windowEndsAt: new Date() };
    await manager.insert(FederationTask, { id: TASK, ...row, ...head });
  });
});
afterAll(() => platform.stop());

beforeEach(async () => {
  const database = platform.app.get(Database);
  jobs = [];
  const queue: JobQueue = {
    enqueue: async (name, payload) => void jobs.push({ name, payload }),
    process: () => undefined,
    close: async () => undefined,
  };
  const journal = { load: async () => ({ state }) } as unknown as TaskJournal;
  combiner = new Combiner(database, journal, platform.app.get(BlobService), new AdditionThreads(), queue);
  await database.asSystem((manager) => manager.delete(FederationPartialSum, { taskId: TASK }));
});

/** Three real uploads, each standing for a hundred sites that share its secret, and the answers of A. */
async function closedRound(blobs: BlobService): Promise<TaskState> {
  using aggregator = await thresholdAggregator(encryption);
  const dealings: Dealing[] = [0, 1, 2].map(() => aggregator.deal(ACTIVE.length, 4));
  const chunks = chunkCount(encryption);
  const component = (chunk: number) => ({ cardHash: CARD_HASH, round: 1, chunk });
  const names: string[] = [];
  for (const [site, { secret }] of dealings.entries()) {
    const slots = encodeValues(valuesOf(site), encryption, (_chunk, count) => new Uint32Array(count));
    names.push(
      await blobs.writeAsPlatform(
        concat(...slots.map((slot, chunk) => aggregator.encrypt(secret, slot, component(chunk)))),
      ),
    );
  }
  const sites = Array.from({ length: UPLOADS }, (_, i) => i % dealings.length);
  const answers = new Map<string, { blob: string; bytes: number }>();
  for (const index of ACTIVE) {
    const shares = sites.map((site) => dealings[site]!.shares[index - 1]!);
    const maskKeys = new Map(ACTIVE.filter((point) => point !== index).map((point) => [point, keyOf()]));
    const answer = Array.from({ length: chunks }, (_, chunk) =>
      aggregator.answer({
        shares,
        index,
        active: ACTIVE,
        maskKeys,
        agreementHash: CARD_HASH,
        component: component(chunk),
      }),
    );
    const bytes = concat(...answer);
    answers.set(`org-${index}`, { blob: await blobs.writeAsPlatform(bytes), bytes: bytes.length });
  }
  expected = valuesOf(0).map((value) => ((1 + 2 + 3) * value * UPLOADS) / dealings.length);
  const uploads = sites.map((site, i) => ({ organisation: `org-${i}`, blob: names[site]! }));
  return {
    card: { taskId: TASK, encryption, release: { sums: 'cohort' } },
    round: 1,
    close: { model: CARD_HASH, uploads },
    answers,
  } as unknown as TaskState;
}

const keyOf = (): Bytes => new Uint8Array(32).fill(7);

async function runJobs(): Promise<void> {
  for (const { name, payload } of jobs.splice(0)) if (name === ADD_JOB) await combiner.addPart(payload);
}

const rows = () =>
  platform.app
    .get(Database)
    .asSystem((manager) => manager.find(FederationPartialSum, { order: { part: 'ASC' } }));

describe('a round of more uploads than one pass adds', () => {
  it('is added up by parts, whose last wakes the announcer, to the sum of all', async () => {
    expect(await combiner.ready(state)).toBe(false);
    expect(jobs.map(({ payload }) => payload)).toEqual(
      ['0', '1', '2'].map((part) => ({ taskId: TASK, round: '1', part })),
    );
    expect(await combiner.unfinished()).toHaveLength(3);
    await runJobs();
    expect(jobs).toEqual([{ name: ADVANCE_JOB, payload: { taskId: TASK } }]);
    expect(await combiner.ready(state)).toBe(true);
    expect(await combiner.unfinished()).toEqual([]);
    expect(await combiner.sums(state)).toEqual([expected]);
  });

  it('adds no part twice and none of another round', async () => {
    await combiner.ready(state);
    const [first] = jobs;
    await combiner.addPart(first!.payload);
    jobs = [];
    await combiner.addPart(first!.payload);
    await combiner.addPart({ ...first!.payload, round: '2', part: '1' });
    await combiner.addPart({ ...first!.payload, part: '3' });
    expect((await rows()).map(({ part }) => part)).toEqual([0]);
    expect(jobs).toEqual([]);
  });

  it.each<[string, (blobs: BlobService, own: string) => Promise<string>]>([
    ['that of other uploads', async () => state.close!.uploads[0]!.blob],
    [
      'one with a chunk of zeros',
      async (blobs, own) => {
        const bytes = new Uint8Array(await blobs.read(own));
        return blobs.writeAsPlatform(bytes.fill(0, bytes.length / 2));
      },
    ],
  ])('does not use a partial sum that is %s: it is added up again', async (_what, wrong) => {
    await combiner.ready(state);
    await runJobs();
    const blob = await wrong(platform.app.get(BlobService), (await rows())[0]!.blob);
    await platform.app
      .get(Database)
      .asSystem((manager) => manager.update(FederationPartialSum, { taskId: TASK, part: 0 }, { blob }));
    await expect(combiner.sums(state)).rejects.toMatchObject({
      code: 'PARTIAL_SUM_WRONG',
      kind: 'unavailable',
    });
    jobs = [];
    expect(await combiner.ready(state)).toBe(false);
    expect(jobs.map(({ payload }) => payload['part'])).toEqual(['0']);
    await runJobs();
    expect(await combiner.sums(state)).toEqual([expected]);
  });
});

describe('inOrder', () => {
  it('keeps the order and at most so many under way', async () => {
    let running = 0;
    let most = 0;
    const results: number[] = [];
    const jobOf = async (index: number): Promise<number> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, (7 * index) % 5));
      running--;
      return index;
    };
    for await (const result of inOrder(20, 3, jobOf)) results.push(result);
    expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(most).toBe(3);
  });

  it('fails when the turn of the failing one comes', async () => {
    const results: number[] = [];
    const consume = async (): Promise<void> => {
      for await (const result of inOrder(5, 4, async (index) => {
        if (index === 2) throw new Error('planted');
        return index;
      }))
        results.push(result);
    };
    await expect(consume()).rejects.toThrow('planted');
    expect(results).toEqual([0, 1]);
  });
});
