import { beforeAll, describe, expect, it } from '@jest/globals';
import { blobOf, type Cast, castOf, memberPayload, open, platformPayload, run, say, signed } from './cast.ts';
import { awaited, memberDuty, platformDuty } from './duty.ts';
import { type AnyMessage, type Payloads, PLATFORM, uploadsHashOf } from './message.ts';
import { advance } from './replay.ts';
import type { TaskState } from './task-state.ts';

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

  it('tolerates silence before READY while a quorum remains, and fails without one', async () => {
    const two = await run(cast, opened, { 'org-1': ['ready'], 'org-2': ['ready'] });
    expect(two).toMatchObject({ phase: 'released', active: [3, 4] });
    const three = await run(cast, opened, { 'org-1': ['ready'], 'org-2': ['ready'], 'org-3': ['ready'] });
    expect(three.phase).toBe('failed');
  });

  it('burns a round whose active member is silent and opens the next; its late answer is refused', async () => {
    let state = opened;
    while (state.phase !== 'answering') {
      const speaker = awaited(state)[0];
      const kind = speaker ? memberDuty(state, speaker)! : platformDuty(state, false)!.kind;
      const payload = speaker
        ? await memberPayload(state, kind, speaker)
        : await platformPayload(state, kind);
      state = await say(cast, state, kind, speaker ?? PLATFORM, payload);
    }
    const late = await signed(cast, 1, 'answer', 'org-1', await memberPayload(state, 'answer', 'org-1'));
    await expect(say(cast, state, 'burn', PLATFORM, { silent: ['org-1'] })).rejects.toMatchObject({
      code: 'SILENT_MISMATCH',
    });
    const answered = await say(cast, state, 'answer', 'org-2', await memberPayload(state, 'answer', 'org-2'));
    const burned = await say(cast, answered, 'burn', PLATFORM, { silent: ['org-1'] });
    expect(burned).toMatchObject({ phase: 'uploading', round: 2 });
    await expect(advance(burned, late)).rejects.toMatchObject({ code: 'ROUND_UNKNOWN' });
    expect(await run(cast, burned)).toMatchObject({ phase: 'released', round: 2, active: [2, 3] });
  });

  it('ends where members say READY and never answer', async () => {
    const two = await run(cast, opened, { 'org-1': ['answer'], 'org-3': ['answer'] });
    expect(two).toMatchObject({ phase: 'released', round: 3, silent: ['org-1', 'org-3'], active: [2, 4] });
    const all = Object.fromEntries(
      cast.card.roster.map(({ organisation }) => [organisation, ['answer'] as const]),
    );
    expect(await run(cast, opened, all)).toMatchObject({ phase: 'failed', round: 4 });
  });

  it('names a decryptor whose share-test response lies off the polynomial', async () => {
    let state = await run(cast, opened, { 'org-3': ['test'] }).catch(() => opened);
    state = opened;
    while (state.phase !== 'testing') {
      const speaker = awaited(state)[0];
      const kind = speaker ? memberDuty(state, speaker)! : platformDuty(state, false)!.kind;
      const payload = speaker
        ? await memberPayload(state, kind, speaker)
        : await platformPayload(state, kind);
      state = await say(cast, state, kind, speaker ?? PLATFORM, payload);
    }
    for (const { organisation } of cast.card.roster) {
      const payload = (await memberPayload(state, 'test', organisation)) as Payloads['test'];
      const lie = organisation === 'org-3' ? { responses: payload.responses.map(() => ['5', '5']) } : payload;
      state = await say(cast, state, 'test', organisation, lie);
    }
    expect(state).toMatchObject({ phase: 'uploading', culprits: ['org-3'] });
    expect(state.dealers).not.toContain('org-3');
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

  it('refuses a second message of one kind and a copied share', async () => {
    const payload = await memberPayload(opened, 'deal', 'org-1');
    const dealt = await say(cast, opened, 'deal', 'org-1', payload);
    await expect(say(cast, dealt, 'deal', 'org-1', payload)).rejects.toMatchObject({ code: 'SHARE_COPIED' });
    await expect(say(cast, dealt, 'deal', 'org-2', payload)).rejects.toMatchObject({ code: 'SHARE_COPIED' });
    const fresh = {
      shares: await Promise.all(
        [1, 2, 3, 4, 5, 6].map(async (i) => ({ blob: await blobOf(`again ${i}`), bytes: 1 })),
      ),
    };
    await expect(say(cast, dealt, 'deal', 'org-1', fresh)).rejects.toMatchObject({
      code: 'MESSAGE_REPEATED',
    });
  });

  it('refuses READY for another list of uploads', async () => {
    const state = await run(
      cast,
      opened,
      Object.fromEntries(cast.card.roster.map(({ organisation }) => [organisation, ['ready']])),
    );
    // All silent: the run failed at READY. Replay to the moment before.
    expect(state.phase).toBe('failed');
    const before: TaskState = { ...state, phase: 'preparing', failure: null };
    const uploadsHash = await uploadsHashOf({ uploads: [] });
    await expect(say(cast, before, 'ready', 'org-1', { uploadsHash })).rejects.toMatchObject({
      code: 'READY_OTHER_UPLOADS',
    });
  });
});
