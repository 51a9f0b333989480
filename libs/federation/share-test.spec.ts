import { beforeAll, describe, expect, it } from '@jest/globals';
import { blobOf, type Cast, castOf, memberPayload, open, platformPayload, run, say, until } from './cast.ts';
import { awaited } from './duty.ts';
import { type Payloads, PLATFORM } from './message.ts';
import { shareTestSeed } from './share-test.ts';
import type { TaskState } from './task-state.ts';

const OFF = ['5', '5'];

/** The share of the decryptor at `point`, opened; honest responses lie on the line 7 + 3·l. */
const opening = async (point: number, responses = [String(7 + 3 * point), String(7 + 3 * point)]) => ({
  openings: [{ decryptor: `org-${point}`, share: { blob: await blobOf('share'), bytes: 9 }, responses }],
});

describe('a share-test response off the polynomial', () => {
  let cast: Cast;
  let opened: TaskState;
  let disputed: TaskState;

  /** `decryptor` says of `dealer` that its share lies elsewhere. */
  async function testing(lies: (decryptor: string, dealer: string) => boolean): Promise<TaskState> {
    let state = await until(cast, opened, 'testing');
    for (const { organisation } of cast.card.roster) {
      const { responses } = (await memberPayload(state, 'test', organisation)) as Payloads['test'];
      const dealers = [...state.dealers];
      const said = responses.map((response, d) => (lies(organisation, dealers[d]!) ? OFF : response));
      state = await say(cast, state, 'test', organisation, { responses: said });
    }
    return state;
  }

  beforeAll(async () => {
    cast = await castOf(6);
    opened = await open(cast);
    disputed = await testing((decryptor, dealer) => decryptor === 'org-3' && dealer !== 'org-3');
  });

  it('is a dispute of two, neither of whom is out', () => {
    expect(disputed).toMatchObject({ phase: 'opening', culprits: [] });
    expect([...disputed.disputes.keys()]).toEqual(['org-1', 'org-2', 'org-4', 'org-5', 'org-6']);
    expect(disputed.disputes.get('org-1')!.decryptors).toEqual(['org-3']);
    expect(awaited(disputed)).toEqual([...disputed.disputes.keys()]);
  });

  it('is settled by an opened share on the polynomial, and by no other', async () => {
    const off = await opening(3, OFF);
    await expect(say(cast, disputed, 'open', 'org-1', off)).rejects.toMatchObject({
      code: 'OPENING_INCONSISTENT',
    });
    await expect(say(cast, disputed, 'open', 'org-1', await opening(2))).rejects.toMatchObject({
      code: 'OPENING_MISMATCH',
    });
    await expect(say(cast, disputed, 'open', 'org-3', await opening(3))).rejects.toMatchObject({
      code: 'NOT_DISPUTED',
    });
    let state = disputed;
    for (const dealer of disputed.disputes.keys())
      state = await say(cast, state, 'open', dealer, await opening(3));
    expect(state).toMatchObject({ phase: 'uploading', culprits: [] });
    expect(state.dealers.size).toBe(6);
  });

  it('leaves out a dealer that does not open', async () => {
    let state = disputed;
    for (const dealer of ['org-1', 'org-2', 'org-4', 'org-5'])
      state = await say(cast, state, 'open', dealer, await opening(3));
    const released = await run(cast, state, { 'org-6': ['open'] });
    expect(released).toMatchObject({ phase: 'released', culprits: ['org-6'] });
    expect(released.close!.uploads.map(({ organisation }) => organisation)).toEqual([
      'org-1',
      'org-2',
      'org-3',
    ]);
  });

  it('of more than f decryptors puts the dealer out at once', async () => {
    const state = await testing(
      (decryptor, dealer) => dealer === 'org-4' && ['org-1', 'org-2'].includes(decryptor),
    );
    expect(state).toMatchObject({ phase: 'uploading', culprits: ['org-4'] });
    expect(state.dealers.has('org-4')).toBe(false);
  });

  it('is settled by an opening to the challenge that was answered, though somebody was silent then', async () => {
    const seven = await castOf(7);
    let state = await until(seven, await open(seven), 'testing');
    for (const organisation of ['org-1', 'org-2', 'org-3', 'org-4', 'org-5', 'org-6']) {
      const { responses } = (await memberPayload(state, 'test', organisation)) as Payloads['test'];
      const said = organisation === 'org-2' ? [OFF, ...responses.slice(1)] : responses;
      state = await say(seven, state, 'test', organisation, { responses: said });
    }
    const before = await shareTestSeed(state, 'org-1');
    state = await say(seven, state, 'proceed', PLATFORM, { phase: 'testing', silent: ['org-7'] });
    expect(state).toMatchObject({ phase: 'opening' });
    expect(await shareTestSeed(state, 'org-1')).toEqual(before);
    expect(await say(seven, state, 'open', 'org-1', await opening(2))).toMatchObject({ phase: 'uploading' });
  });

  it('ends with the dealer out where it was silent before: no two announcements are the same message', async () => {
    const seven = await castOf(7);
    let state = await until(seven, await open(seven), 'agreeing');
    const others = ['org-2', 'org-3', 'org-4', 'org-5', 'org-6', 'org-7'];
    for (const organisation of others)
      state = await say(
        seven,
        state,
        'agree',
        organisation,
        await memberPayload(state, 'agree', organisation),
      );
    const first = await platformPayload(state, 'proceed');
    state = await say(seven, state, 'proceed', PLATFORM, first);
    for (const organisation of others) {
      const { responses } = (await memberPayload(state, 'test', organisation)) as Payloads['test'];
      const said = organisation === 'org-2' ? [[], ...responses.slice(1)] : responses;
      state = await say(seven, state, 'test', organisation, { responses: said });
    }
    expect(awaited(state)).toEqual(['org-1']);
    await expect(say(seven, state, 'proceed', PLATFORM, first)).rejects.toMatchObject({
      code: 'PHASE_MISMATCH',
    });
    const second = await platformPayload(state, 'proceed');
    expect(second).not.toEqual(first);
    state = await say(seven, state, 'proceed', PLATFORM, second);
    expect(state).toMatchObject({ phase: 'uploading', culprits: ['org-1'] });
  });

  it('cannot be pinned on an honest decryptor while others are kept silent', async () => {
    let state = await until(cast, opened, 'testing');
    for (const organisation of ['org-1', 'org-2', 'org-3', 'org-4', 'org-5']) {
      const { responses } = (await memberPayload(state, 'test', organisation)) as Payloads['test'];
      const said = organisation === 'org-1' ? responses.map(() => OFF) : responses;
      state = await say(cast, state, 'test', organisation, { responses: said });
    }
    // One silent, one deviating: more than f = 1, so no dealer is believed.
    state = await say(cast, state, 'proceed', PLATFORM, { phase: 'testing', silent: ['org-6'] });
    expect(state.culprits).toHaveLength(6);
    expect(await run(cast, state)).toMatchObject({ phase: 'failed' });
  });
});
