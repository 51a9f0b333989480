import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { thresholdAggregator } from '#encryption';
import { chunkCount, decodeSums, type TaskState } from '#federation';
import { outcomeOf } from '#forecasting';
import { verifyTranscript } from '#transcript';
import {
  codeOf,
  type FederatedTask,
  FederationRound,
  type FederationSite,
  say,
} from './harness/federation-round.ts';
import type { TestOrganisation } from './harness/platform.ts';
import { SERIES } from './harness/site-readings.ts';

/** The id of nothing. */
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const MINUTES = 60_000;

let round: FederationRound;
let four: readonly FederationSite[];
let stranger: TestOrganisation;

beforeAll(async () => {
  round = await FederationRound.start(6);
  four = round.sites.slice(0, 4);
  stranger = await round.platform.createOrganisation('Stranger');
}, 2 * MINUTES);

afterAll(() => round.stop());

const namesOf = (sites: readonly FederationSite[]) => sites.map(({ organisationId }) => organisationId);

describe('a task of four organisations', () => {
  let task: FederatedTask;
  let state: TaskState;

  beforeAll(async () => {
    task = await round.createTask(four);
    await round.run(task, 'released');
    await round.settle(four);
    state = await round.state(task);
  }, 3 * MINUTES);

  it('goes from card to release, with t decryptors of a quorum', () => {
    const { card } = state;
    expect(card.roster.map(({ organisation }) => organisation)).toEqual(namesOf(four));
    expect(card.release).toMatchObject({ threshold: 2, quorum: 3, minimumOrganisations: 3 });
    expect({ phase: state.phase, round: state.round, active: state.active.length }).toEqual({
      phase: 'released',
      round: 1,
      active: 2,
    });
    expect(state.close!.uploads.map(({ organisation }) => organisation)).toEqual(namesOf(four));
    expect(state.ready.size).toBeGreaterThanOrEqual(3);
  });

  it('gives every site the same model, which is the released one', () => {
    expect(four.map(({ loop }) => loop.model?.modelHash)).toEqual(
      four.map(() => state.releases.at(-1)!.release.modelHash),
    );
  });

  it('is not seen by nodes outside its roster', () => {
    expect(round.sites.slice(4).map(({ events }) => events)).toEqual([[], []]);
  });

  it('has a transcript that pages', async () => {
    const whole = await round.entries(task);
    const { apiKey, participant } = four[1]!;
    const status = await round.status(task, apiKey);
    expect(status).toMatchObject({ headIndex: whole.length - 1, headHash: whole.at(-1)!.hash });
    const paged: unknown[] = [];
    for (let after = -1; after < status.headIndex; after += 7) {
      paged.push(...(await round.page(task, after, 7, participant)));
    }
    expect(paged).toEqual(whole);
    expect(await round.page(task, status.headIndex, 100, apiKey)).toEqual([]);
  });

  it(
    'exports a transcript that verifies, and none that was touched',
    async () => {
      const file = await round.exportTranscript(task);
      const { headHash: root } = await round.status(task);
      const verdict = await verifyTranscript(file, { root, cardHash: task.cardHash, outcomeOf });
      expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(verdict).toMatchObject({ verified: true, root, cardHash: task.cardHash });
      expect(verdict.checks.map(({ name }) => name).slice(-3)).toEqual(['decryption', 'aggregate', 'model']);

      const place = Buffer.from(file).indexOf('"previous":"') + 20;
      file[place] = file[place] === 0x30 ? 0x31 : 0x30;
      expect((await verifyTranscript(file, { outcomeOf })).verified).toBe(false);
    },
    MINUTES,
  );

  it.each(['task', 'transcript'] as const)('shows its %s to no foreign organisation', async (what) => {
    for (const sender of [stranger.apiKey, stranger.participant]) {
      const [foreign, absent] = [
        await round.ask(what, task.id, sender),
        await round.ask(what, UNKNOWN, sender),
      ];
      expect([codeOf(foreign), codeOf(absent)]).toEqual(['TASK_UNKNOWN', 'TASK_UNKNOWN']);
      expect(foreign.errors![0]!.extensions.kind).toBe('not-found');
      expect(foreign.errors![0]!.message.replace(task.id, '')).toBe(
        absent.errors![0]!.message.replace(UNKNOWN, ''),
      );
    }
  });

  it('takes no message of a foreign organisation', async () => {
    const outsider = { ...four[0]!, ...stranger };
    const message = await say(outsider, task, {
      kind: 'commit',
      round: 1,
      payload: { commitment: '0'.repeat(64) },
    });
    expect(codeOf(await round.post(task, message, stranger.participant))).toBe('TASK_UNKNOWN');
    const theirs = (await round.entries(task)).find(({ message: { kind } }) => kind === 'commit')!.message;
    expect(codeOf(await round.post(task, theirs, stranger.participant))).toBe('SENDER_NOT_ALLOWED');
  });

  it('can be followed by the operator, who takes no part', async () => {
    const { operatorKey } = round.platform;
    expect(await round.page(task, -1, 100, operatorKey)).toEqual(
      await round.page(task, -1, 100, four[0]!.apiKey),
    );
    const message = await say(four[0]!, task, {
      kind: 'ready',
      round: 1,
      payload: { uploadsHash: '0'.repeat(64) },
    });
    expect(codeOf(await round.post(task, message, operatorKey))).toBe('SENDER_NOT_ALLOWED');
  });

  it('leaves no secret and no opened share at the platform', async () => {
    const { blobDir } = round.platform.config;
    const files = (await readdir(blobDir, { recursive: true, withFileTypes: true })).filter((item) =>
      item.isFile(),
    );
    const stored = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
    const holds = (bytes: Uint8Array) =>
      stored.some((content) => content.includes(Buffer.from(bytes.subarray(0, 32))));
    expect(holds(await round.blob(state.uploads.values().next().value!.blob))).toBe(true);
    for (const site of four) {
      const secrets = await round.secretsOf(task, site);
      expect(secrets.map(({ length }) => length >= 196_608)).toEqual([true, true, true, true, true]);
      expect(secrets.filter(holds)).toEqual([]);
    }
  });

  it('accepts nothing more once it is released', async () => {
    const before = await round.status(task);
    const [site] = four;
    const upload = state.uploads.get(site!.organisationId)!;
    const { blob, bytes } = upload;
    const late = [
      await say(site!, task, { kind: 'answer', round: 1, payload: { blob, bytes } }),
      await say(site!, task, { kind: 'upload', round: 1, payload: { ...upload } }),
      await say(site!, task, { kind: 'ready', round: 1, payload: { uploadsHash: state.uploadsHash! } }),
      await say(site!, task, { kind: 'commit', round: 1, payload: { commitment: '0'.repeat(64) } }),
    ];
    const posted = late.filter(({ kind }) => kind === 'answer' || kind === 'commit');
    for (const message of posted)
      expect(codeOf(await round.post(task, message, site!.participant))).toBe('PHASE_MISMATCH');
    // Said before, word for word: the entry it already is.
    for (const message of late.filter((one) => !posted.includes(one))) {
      const { data } = await round.post(task, message, site!.participant);
      expect(data).toMatchObject({ postMessage: { index: expect.any(Number) } });
    }
    expect(await round.status(task)).toEqual(before);
  });
});

describe('six organisations, one of which never uploads', () => {
  it(
    'leave out its whole block and release the sum of the rest when the window passes',
    async () => {
      const task = await round.createTask(round.sites, SERIES[1]);
      await round.run(task, 'uploading');
      const silent = round.sites[5]!;
      const [kept, left] = task.card.release.blocks;
      expect([kept, left]).toEqual([namesOf(round.sites.slice(0, 3)), namesOf(round.sites.slice(3))]);
      const others = round.sites.slice(0, 5);
      expect(await round.run(task, 'preparing', others)).toBe('uploading');
      expect((await round.state(task)).uploads.size).toBe(5);
      await round.expireWindow(task);
      expect(await round.run(task, 'released', others)).toBe('released');

      const state = await round.state(task);
      expect(state.close!.uploads.map(({ organisation }) => organisation)).toEqual(kept);
      const file = await round.exportTranscript(task);
      expect((await verifyTranscript(file, { cardHash: task.cardHash, outcomeOf })).verified).toBe(true);
      await round.settle();
      const { facts } = silent.events.findLast(({ event }) => event === 'model')!;
      expect(facts['modelHash']).toBe(state.releases.at(-1)!.release.modelHash);
    },
    4 * MINUTES,
  );
});

describe('a decryptor that is silent after the announcement', () => {
  it(
    'burns the round; the next one is released under a new component',
    async () => {
      const task = await round.createTask(four, SERIES[2]);
      expect(await round.run(task, 'answering', four)).toBe('answering');
      const first = await round.state(task);
      expect(first.active).toEqual([1, 2]);
      const [silent, ...others] = four;
      expect(await round.run(task, 'released', others)).toBe('answering');
      await round.expireWindow(task);
      expect(await round.status(task)).toMatchObject({ phase: 'uploading', round: 2 });
      const burn = (await round.entries(task)).at(-1)!.message;
      expect(burn).toMatchObject({
        kind: 'burn',
        round: 1,
        payload: { code: 'DECRYPTOR_SILENT', organisations: [silent!.organisationId] },
      });

      const { blob: stale, bytes } = first.uploads.get(silent!.organisationId)!;
      const late = await say(silent!, task, { kind: 'answer', round: 1, payload: { blob: stale, bytes } });
      expect(codeOf(await round.post(task, late, silent!.participant))).toBe('ROUND_UNKNOWN');

      expect(await round.run(task, 'released', four.toReversed())).toBe('released');
      const second = await round.state(task);
      expect({ round: second.round, active: second.active }).toEqual({ round: 2, active: [2, 3] });
      for (const [organisation, { blob }] of second.uploads) {
        expect(blob).not.toBe(first.uploads.get(organisation)!.blob);
      }
      expect(await decodes(second, second)).toBe('decoded');
      expect(await decodes(first, second)).toBe('CHECKSUM_MISMATCH');
      const file = await round.exportTranscript(task);
      expect((await verifyTranscript(file, { cardHash: task.cardHash, outcomeOf })).verified).toBe(true);
      await round.settle(four);
    },
    4 * MINUTES,
  );
});

/** Whether the uploads of one round open under the answers of another. */
async function decodes(uploaded: TaskState, answered: TaskState): Promise<string> {
  const { encryption } = uploaded.card;
  using aggregator = await thresholdAggregator(encryption);
  const chunks = chunkCount(encryption);
  const firstChunks = async (references: Iterable<{ blob: string }>) =>
    Promise.all(
      [...references].map(async ({ blob }) => {
        const bytes = await round.blob(blob);
        const size = bytes.length / chunks;
        return Array.from({ length: chunks }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
      }),
    );
  const uploads = await firstChunks(uploaded.close!.uploads);
  const answers = await firstChunks(answered.answers.values());
  const slots = Array.from({ length: chunks }, (_, i) =>
    aggregator.combine(
      aggregator.add(uploads.map((upload) => upload[i]!)),
      answers.map((answer) => answer[i]!),
    ),
  );
  try {
    decodeSums(slots, encryption);
    return 'decoded';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** Runs to `phase`, lets only `speaking` go on, and lets the window pass. */
async function failure(phase: string, speaking: readonly FederationSite[]) {
  const task = await round.createTask(four);
  await round.run(task, phase, four);
  await round.run(task, 'released', speaking);
  await round.expireWindow(task);
  const { failure: said } = await round.state(task);
  await round.settle(four);
  return said;
}

describe('too few', () => {
  it.each([
    { phase: 'dealing', silent: [2, 3], code: 'DEALERS_TOO_FEW' },
    { phase: 'committing', silent: [1, 2], code: 'PARTICIPANT_SILENT' },
    { phase: 'uploading', silent: [0], code: 'COHORT_TOO_SMALL' },
    { phase: 'preparing', silent: [0, 3], code: 'QUORUM_MISSING' },
  ])(
    'while $phase: failed with $code and who was silent',
    async ({ phase, silent, code }) => {
      const said = await failure(
        phase,
        four.filter((_site, i) => !silent.includes(i)),
      );
      expect(said).toMatchObject({ code, organisations: silent.map((i) => four[i]!.organisationId) });
      expect(four.map(({ events }) => events.at(-1))).toEqual(
        four.map(() =>
          expect.objectContaining({ event: 'failed', facts: expect.objectContaining({ code }) }),
        ),
      );
    },
    3 * MINUTES,
  );

  it(
    'says so once, however many processes look at once',
    async () => {
      const task = await round.createTask(four);
      await round.expireWindow(task);
      await Promise.all(Array.from({ length: 8 }, () => round.announce(task)));
      expect((await round.entries(task)).map(({ message }) => message.kind)).toEqual(['card', 'fail']);
      await round.settle(four);
    },
    MINUTES,
  );

  it(
    'names who never dealt where no block can be whole for lack of it',
    async () => {
      const task = await round.createTask(four);
      await round.run(task, 'committing', four.slice(0, 3));
      await round.expireWindow(task);
      await round.run(task, 'released', four.slice(0, 3));
      const { failure: said } = await round.state(task);
      expect(said).toMatchObject({ code: 'COHORT_TOO_SMALL', organisations: namesOf(four.slice(3)) });
      await round.settle(four);
    },
    3 * MINUTES,
  );
});
