import { beforeAll, describe, expect, it } from '@jest/globals';
import { fromHex, sha256Hex } from '#core';
import { cardHashOf, type TaskCard } from './card.ts';
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
import { awaited } from './duty.ts';
import { type AnyMessage, type MessageKind, type Payloads, PLATFORM } from './message.ts';
import { defaultPolicy } from './policy.ts';
import { advance } from './replay.ts';
import { activeSet, type TaskState } from './task-state.ts';

/** Six organisations: t = 2, Q = 4, blocks {1–3} and {4–6}. */
let cast: Cast;
let opened: TaskState;
let uploading: TaskState;
beforeAll(async () => {
  cast = await castOf(6);
  opened = await open(cast);
  uploading = await until(cast, opened, 'uploading');
});

const orgs = (...numbers: readonly number[]): string[] => numbers.map((i) => `org-${i}`);
const coded = (code: string) => ({ code });
const ready = (state: TaskState, sender: string) =>
  signed(cast, state.round, 'ready', sender, { uploadsHash: state.uploadsHash! });

/** The same task at two nodes, one of which is not shown the upload of org-5. */
async function twoLists(): Promise<{ all: TaskState; some: TaskState }> {
  const all = await until(cast, uploading, 'preparing');
  const some = await until(cast, uploading, 'preparing', { 'org-5': ['upload'] });
  expect([all, some].map(({ close }) => close!.uploads.length)).toEqual([6, 3]);
  return { all, some };
}

const readied = async (state: TaskState, names: readonly string[]): Promise<TaskState> => {
  let next = state;
  for (const name of names) next = await advance(next, await ready(state, name));
  return next;
};

/** All have revealed; the traitor shows half of the others another nonce than the rest. */
async function twoChallenges(): Promise<[TaskState, TaskState]> {
  const revealing = await until(cast, opened, 'revealing');
  const here = await until(cast, revealing, 'agreeing');
  const nonce = 'f'.repeat(64);
  const commitment = await sha256Hex(fromHex(nonce));
  let there = await until(cast, opened, 'committing');
  for (const name of orgs(1, 2, 3, 4, 5))
    there = await say(cast, there, 'commit', name, await memberPayload(there, 'commit', name));
  there = await say(cast, there, 'commit', 'org-6', { commitment });
  there = await say(cast, there, 'reveal', 'org-6', { nonce });
  return [here, await until(cast, there, 'agreeing')];
}

/** Every message of a run, in order. */
async function recorded(): Promise<AnyMessage[]> {
  const messages: AnyMessage[] = [];
  const keep = async (state: TaskState, kind: MessageKind, sender: string) => {
    const payload =
      sender === PLATFORM ? await platformPayload(state, kind) : await memberPayload(state, kind, sender);
    const message = await signed(cast, state.round, kind, sender, payload);
    messages.push(message);
    return advance(state, message);
  };
  let state = opened;
  const steps: readonly [MessageKind, readonly string[]][] = [
    ['deal', orgs(1, 2, 3, 4, 5, 6)],
    ['dealt', [PLATFORM]],
    ['commit', orgs(1, 2, 3, 4, 5, 6)],
    ['reveal', orgs(1, 2, 3, 4, 5, 6)],
    ['agree', orgs(1, 2, 3, 4, 5, 6)],
    ['test', orgs(1, 2, 3, 4, 5, 6)],
    ['upload', orgs(1, 2, 3, 4, 5, 6)],
    ['close', [PLATFORM]],
    ['ready', orgs(1, 2, 3, 4)],
    ['active', [PLATFORM]],
    ['answer', orgs(2)],
    ['burn', [PLATFORM]],
  ];
  for (const [kind, senders] of steps) for (const sender of senders) state = await keep(state, kind, sender);
  expect(state).toMatchObject({ phase: 'uploading', round: 2 });
  return messages;
}

describe('platform shows different U to two decryptors → no quorum', () => {
  it('READY for the one list counts for nothing on the other', async () => {
    const { all, some } = await twoLists();
    const first = await readied(all, orgs(1, 2, 3));
    for (const name of orgs(4, 5, 6))
      await expect(advance(first, await ready(some, name))).rejects.toMatchObject(
        coded('READY_OTHER_UPLOADS'),
      );
    expect(activeSet(first)).toBeNull();
    await expect(say(cast, first, 'active', PLATFORM, { active: [1, 2] })).rejects.toMatchObject(
      coded('QUORUM_MISSING'),
    );
  });

  it('nor do t − 1 traitors who sign both make two of them', async () => {
    const { all, some } = await twoLists();
    const traitor = 'org-6';
    const one = await readied(all, [...orgs(1, 2, 3), traitor]);
    const other = await readied(some, [...orgs(4, 5), traitor]);
    expect(activeSet(one)).toEqual([1, 2]);
    expect(activeSet(other)).toBeNull();
  });

  it('for any number of decryptors: two quorums share an honest one', async () => {
    const { card } = await castOf(20);
    for (let n = 4; n <= 20; n++) {
      const { quorum, threshold } = defaultPolicy(card.roster.slice(0, n));
      const honest = n - (threshold - 1);
      for (let first = 0; first <= honest; first++) {
        const lists = [first, honest - first].map((signing) => signing + threshold - 1);
        expect(lists.filter((signatures) => signatures >= quorum).length).toBeLessThan(2);
      }
      // And the honest alone are one.
      expect(honest).toBeGreaterThanOrEqual(quorum);
    }
  });
});

describe('platform shows different nonces to two decryptors → no share test', () => {
  it('agreement to the one challenge counts for nothing on the other', async () => {
    const [here, there] = await twoChallenges();
    const payload = await memberPayload(here, 'agree', 'org-1');
    await expect(say(cast, there, 'agree', 'org-1', payload)).rejects.toMatchObject(coded('CHALLENGE_OTHER'));
  });

  it('nor does a traitor who agrees to both bring two of them to the test', async () => {
    const views = await twoChallenges();
    const split = [orgs(1, 2, 3, 6), orgs(4, 5, 6)] as const;
    const agreed = [];
    for (const [i, names] of split.entries()) {
      let state = views[i]!;
      for (const name of names)
        state = await say(cast, state, 'agree', name, await memberPayload(state, 'agree', name));
      expect(state.phase).toBe('agreeing');
      const silent = awaited(state);
      expect(silent).toEqual(orgs(1, 2, 3, 4, 5, 6).filter((name) => !names.includes(name)));
      agreed.push(
        await say(cast, state, 'proceed', PLATFORM, { phase: state.phase, silent }).catch(
          (error: unknown) => error,
        ),
      );
      for (const name of names)
        await expect(say(cast, state, 'test', name, { responses: [] })).rejects.toMatchObject(
          coded('PHASE_MISMATCH'),
        );
    }
    expect(agreed).toMatchObject([coded('DECRYPTORS_TOO_FEW'), coded('DECRYPTORS_TOO_FEW')]);
  });

  it('and a revealed nonce kept from some makes another challenge, which no other view shares', async () => {
    let without = await until(cast, opened, 'revealing');
    for (const name of orgs(1, 2, 3, 4, 5))
      without = await say(cast, without, 'reveal', name, await memberPayload(without, 'reveal', name));
    without = await say(cast, without, 'proceed', PLATFORM, { phase: 'revealing', silent: ['org-6'] });
    const all = await until(cast, opened, 'agreeing');
    await expect(
      say(cast, all, 'agree', 'org-1', await memberPayload(without, 'agree', 'org-1')),
    ).rejects.toMatchObject(coded('CHALLENGE_OTHER'));
  });
});

describe('different models or cards to two sites → refused', () => {
  it('a card: what one site says under its card is no message of the other’s', async () => {
    const card: TaskCard = { ...cast.card, issuedAt: '2026-05-01T00:00:01Z' };
    const other = { ...cast, card, cardHash: await cardHashOf(card) };
    const elsewhere = await open(other);
    for (const [sender, payload] of await Promise.all(
      orgs(1, 2).map(async (name) => [name, await memberPayload(elsewhere, 'deal', name)] as const),
    ))
      await expect(advance(opened, await signed(other, 1, 'deal', sender, payload))).rejects.toMatchObject(
        coded('MESSAGE_OTHER_TASK'),
      );
  });

  it('a model: a release of another than the one that a site has trained from', async () => {
    const learning = await castOf(6, { steps: 2 });
    let state = await until(learning, await open(learning), 'answering');
    for (const name of awaited(state))
      state = await say(learning, state, 'answer', name, await memberPayload(state, 'answer', name));
    const payload = (await platformPayload(state, 'release')) as Payloads['release'];
    const [here, there] = await Promise.all(
      ['model', 'another model'].map(async (name) =>
        say(learning, state, 'release', PLATFORM, { ...payload, modelHash: await blobOf(name) }),
      ),
    );
    const trained = await signed(
      learning,
      here!.round,
      'upload',
      'org-1',
      await memberPayload(there!, 'upload', 'org-1'),
    );
    await expect(advance(here!, trained)).rejects.toMatchObject(coded('MODEL_OTHER'));
    await expect(advance(there!, trained)).resolves.toMatchObject({ phase: 'uploading' });
  });
});

it('READY for a second U → refused', async () => {
  const { all, some } = await twoLists();
  await expect(advance(all, await ready(some, 'org-1'))).rejects.toMatchObject(coded('READY_OTHER_UPLOADS'));
  const said = await advance(all, await ready(all, 'org-1'));
  await expect(advance(said, await ready(some, 'org-1'))).rejects.toMatchObject(coded('READY_OTHER_UPLOADS'));
  await expect(advance(said, await ready(all, 'org-1'))).rejects.toMatchObject(coded('MESSAGE_REPEATED'));
});

it('copied or re-sealed shares → refused: also one among others, and a second dealing', async () => {
  const payload = (await memberPayload(opened, 'deal', 'org-1')) as Payloads['deal'];
  const dealt = await say(cast, opened, 'deal', 'org-1', payload);
  const fresh = (await memberPayload(opened, 'deal', 'org-2')) as Payloads['deal'];
  const mixed = { shares: [...fresh.shares.slice(0, 5), payload.shares[5]!] };
  const twice = { shares: [...fresh.shares.slice(0, 5), fresh.shares[0]!] };
  for (const [sender, copied] of [
    ['org-1', payload],
    ['org-2', payload],
    ['org-2', mixed],
    ['org-2', twice],
  ] as const)
    await expect(say(cast, dealt, 'deal', sender, copied)).rejects.toMatchObject(coded('SHARE_COPIED'));
  await expect(say(cast, dealt, 'deal', 'org-1', fresh)).rejects.toMatchObject(coded('MESSAGE_REPEATED'));
});

describe('replay across rounds and tasks', () => {
  it('no message of a burned round is one of the next, in any of its phases', async () => {
    const messages = await recorded();
    let state = opened;
    for (const message of messages) state = await advance(state, message);
    const phases = [state];
    for (const phase of ['preparing', 'answering', 'released'] as const)
      phases.push(await until(cast, phases.at(-1)!, phase));
    for (const later of phases) {
      expect(later.round).toBe(2);
      for (const message of messages)
        await expect(advance(later, message)).rejects.toMatchObject(coded('ROUND_UNKNOWN'));
    }
  });

  it('no message of a task is one of another, of the same organisations and keys', async () => {
    const card = { ...cast.card, taskId: '00000000-0000-4000-8000-000000000002' };
    const other = { ...cast, card, cardHash: await cardHashOf(card) };
    const states = [await open(other)];
    for (const phase of ['agreeing', 'testing', 'uploading', 'preparing', 'answering'] as const)
      states.push(await until(other, states.at(-1)!, phase));
    for (const message of await recorded())
      for (const state of states)
        await expect(advance(state, message)).rejects.toMatchObject(coded('MESSAGE_OTHER_TASK'));
  });

  it('an upload of an earlier step is none of the next, whatever the round says', async () => {
    const learning = await castOf(6, { steps: 2 });
    const first = await until(learning, await open(learning), 'uploading');
    const old = (await memberPayload(first, 'upload', 'org-1')) as Payloads['upload'];
    const answering = await until(learning, first, 'answering');
    const second = await until(learning, answering, 'uploading');
    expect(second).toMatchObject({ step: 1, round: 2 });
    await expect(say(learning, second, 'upload', 'org-1', old)).rejects.toMatchObject(coded('MODEL_OTHER'));
    expect(await run(learning, second)).toMatchObject({ phase: 'released' });
  });
});
