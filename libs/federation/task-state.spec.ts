import { beforeAll, describe, expect, it } from '@jest/globals';
import type { NetworkModel } from './card.ts';
import {
  blobOf,
  type Cast,
  castOf,
  memberPayload,
  open,
  platformPayload,
  run,
  say,
  signed,
  until,
} from './cast.ts';
import { awaited, othersCanAnswer } from './duty.ts';
import { type AnyMessage, type Payloads, PLATFORM } from './message.ts';
import { advance } from './replay.ts';
import { attemptLabel, startingModel, type TaskState } from './task-state.ts';

const unreadable = (...organisations: string[]) => ({ code: 'SUM_UNREADABLE' as const, organisations });

/** All of the active set have answered; the release is due. */
async function allAnswered(who: Cast): Promise<TaskState> {
  let state = await until(who, await open(who), 'answering');
  for (const organisation of awaited(state))
    state = await say(who, state, 'answer', organisation, await memberPayload(state, 'answer', organisation));
  return state;
}

describe('task state machine', () => {
  let cast: Cast;
  let opened: TaskState;
  beforeAll(async () => {
    cast = await castOf(6);
    opened = await open(cast);
  });

  it('releases when everybody takes part', async () => {
    const state = await run(cast, opened);
    expect(state.phase).toBe('released');
    expect(state.close!.uploads).toHaveLength(6);
    expect(state.active).toEqual([1, 2]);
  });

  it('leaves out the whole block of a member that does not upload', async () => {
    const state = await run(cast, opened, { 'org-2': ['upload'] });
    expect(state.phase).toBe('released');
    expect(state.close!.uploads.map(({ organisation }) => organisation)).toEqual(['org-4', 'org-5', 'org-6']);
  });

  it('fails rather than sum fewer than k_min organisations', async () => {
    const state = await run(cast, opened, { 'org-2': ['upload'], 'org-5': ['upload'] });
    expect(state).toMatchObject({ phase: 'failed' });
  });

  it('begins an attempt of its own, charged again, where the cohort to repeat is not complete', async () => {
    const state = await until(cast, opened, 'answering');
    const payload = { code: 'DECRYPTOR_SILENT' as const, organisations: ['org-1', 'org-2'] };
    const burned = await say(cast, state, 'burn', PLATFORM, payload);
    const released = await run(cast, burned, { 'org-4': ['upload'] });
    expect(released).toMatchObject({ phase: 'released', round: 3, attempt: 1, charged: 2, active: [3, 4] });
    expect(released.close!.uploads.map(({ organisation }) => organisation)).toEqual([
      'org-1',
      'org-2',
      'org-3',
    ]);
  });

  it('repeats with the very cohort of the burned round, whoever else could join', async () => {
    const without = await until(cast, opened, 'answering', { 'org-5': ['upload'] });
    const payload = { code: 'DECRYPTOR_SILENT' as const, organisations: ['org-1', 'org-2'] };
    const burned = await say(cast, without, 'burn', PLATFORM, payload);
    const late = await memberPayload(burned, 'upload', 'org-5');
    await expect(say(cast, burned, 'upload', 'org-5', late)).rejects.toMatchObject({
      code: 'COHORT_REPEATED',
    });
    const released = await run(cast, burned);
    expect(released.close!.uploads).toHaveLength(3);
  });

  it('tries a sum that does not decode with other decryptors, and never without a reason', async () => {
    let state = await until(cast, opened, 'answering');
    const burn = unreadable('org-1', 'org-2');
    await expect(say(cast, state, 'burn', PLATFORM, burn)).rejects.toMatchObject({ code: 'BURN_UNFOUNDED' });
    for (const organisation of ['org-1', 'org-2'])
      state = await say(
        cast,
        state,
        'answer',
        organisation,
        await memberPayload(state, 'answer', organisation),
      );
    expect(othersCanAnswer(state)).toBe(true);
    const burned = await say(cast, state, 'burn', PLATFORM, burn);
    const again = await until(cast, burned, 'answering');
    expect(again.active).toEqual([3, 4]);
    await expect(
      say(cast, burned, 'burn', PLATFORM, { code: 'COHORT_INCOMPLETE', organisations: [] }),
    ).rejects.toMatchObject({ code: 'SILENT_MISMATCH' });
    await expect(
      say(cast, await until(cast, opened, 'uploading'), 'burn', PLATFORM, {
        code: 'COHORT_INCOMPLETE',
        organisations: ['org-1'],
      }),
    ).rejects.toMatchObject({ code: 'BURN_UNFOUNDED' });
  });

  it('ends where members say READY and never answer', async () => {
    const two = await run(cast, opened, { 'org-1': ['answer'], 'org-3': ['answer'] });
    expect(two).toMatchObject({ phase: 'released', round: 3, silent: ['org-1', 'org-3'], active: [2, 4] });
    const all = Object.fromEntries(
      cast.card.roster.map(({ organisation }) => [organisation, ['answer'] as const]),
    );
    expect(await run(cast, opened, all)).toMatchObject({ phase: 'failed', round: 4 });
  });

  it.each(['commit', 'reveal', 'agree', 'test'] as const)(
    'goes on without up to f decryptors that are silent in %s, who still upload',
    async (kind) => {
      const state = await run(cast, opened, { 'org-3': [kind] });
      expect(state.phase).toBe('released');
      expect([...state.decryptors]).not.toContain('org-3');
      expect(state.close!.uploads).toHaveLength(6);
      const two = await run(cast, opened, { 'org-3': [kind], 'org-4': [kind] });
      expect(two).toMatchObject({ phase: 'failed', failure: { organisations: ['org-3', 'org-4'] } });
    },
  );

  it('learns step by step, each from the model before, and ends with the last', async () => {
    const learning = await castOf(6, { steps: 3 });
    const first = await until(learning, await open(learning), 'uploading');
    expect(startingModel(first)).toBe((learning.card.model as NetworkModel).initial);
    const other = { ...(await memberPayload(first, 'upload', 'org-1')), model: await blobOf('another') };
    await expect(say(learning, first, 'upload', 'org-1', other as Payloads['upload'])).rejects.toMatchObject({
      code: 'MODEL_OTHER',
    });
    const answering = await until(learning, first, 'answering');
    const answered = await until(learning, answering, 'uploading');
    expect(answered).toMatchObject({ step: 1, round: 2, attempt: 0, repeats: null, charged: 1 });
    expect(startingModel(answered)).toBe(await blobOf('model 0'));
    expect(attemptLabel(answered)).not.toBe(attemptLabel(first));
    const released = await run(learning, answered, { 'org-2': ['upload'] });
    expect(released).toMatchObject({ phase: 'released', step: 2, round: 3, charged: 3 });
    expect(released.releases).toHaveLength(3);
  });

  it('ends before its last step only by patience, and never after it', async () => {
    const learning = await castOf(6, { steps: 2 });
    const patient = await castOf(6, { steps: 2, patience: 1 });
    for (const [who, code] of [
      [learning, 'RELEASE_FINAL'],
      [patient, 'released'],
    ] as const) {
      const state = await allAnswered(who);
      const payload = { ...((await platformPayload(state, 'release')) as Payloads['release']), final: true };
      const end = await say(who, state, 'release', PLATFORM, payload).catch((error: unknown) => error);
      expect(end).toMatchObject(code === 'released' ? { phase: code } : { code });
    }
    const state = await allAnswered(cast);
    const payload = { ...((await platformPayload(state, 'release')) as Payloads['release']), final: false };
    await expect(say(cast, state, 'release', PLATFORM, payload)).rejects.toMatchObject({
      code: 'RELEASE_FINAL',
    });
  });

  it.each<[string, (state: TaskState) => Promise<AnyMessage>]>([
    [
      'PHASE_MISMATCH',
      async (state) => signed(cast, 1, 'upload', 'org-1', await memberPayload(state, 'upload', 'org-1')),
    ],
    [
      'ROUND_UNKNOWN',
      async (state) => signed(cast, 2, 'deal', 'org-1', await memberPayload(state, 'deal', 'org-1')),
    ],
    ['SENDER_NOT_ALLOWED', async () => signed(cast, 1, 'dealt', 'org-1', { dealers: [] })],
    [
      'SENDER_NOT_ALLOWED',
      async (state) => signed(cast, 1, 'deal', PLATFORM, await memberPayload(state, 'deal', 'org-1')),
    ],
    ['DEALERS_MISMATCH', async () => signed(cast, 1, 'dealt', PLATFORM, { dealers: ['org-1'] })],
    ['DEAL_INCOMPLETE', async () => signed(cast, 1, 'deal', 'org-1', { shares: [] })],
    [
      'SIGNATURE_INVALID',
      async (state) => ({
        ...(await signed(cast, 1, 'deal', 'org-1', await memberPayload(state, 'deal', 'org-1'))),
        sender: 'org-2',
      }),
    ],
    [
      'MESSAGE_OTHER_TASK',
      async (state) => {
        const other = { ...cast, cardHash: await blobOf('another card') };
        return signed(other, 1, 'deal', 'org-1', await memberPayload(state, 'deal', 'org-1'));
      },
    ],
  ])('refuses with %s', async (code, message) => {
    await expect(advance(opened, await message(opened))).rejects.toMatchObject({ code });
  });
});
