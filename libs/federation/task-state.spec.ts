import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateSigningKey, type Json, sha256Hex, type SigningKey, toHex, utf8 } from '#core';
import { cardHashOf, defaultPolicy, type RosterMember, type TaskCard } from './card.ts';
import { awaited, memberDuty, platformDuty } from './duty.ts';
import {
  type AnyMessage,
  type MessageKind,
  type Payloads,
  PLATFORM,
  signMessage,
  uploadsHashOf,
} from './message.ts';
import { advance, openFromCard } from './replay.ts';
import type { TaskState } from './task-state.ts';

const PRIME = 1_152_921_504_606_830_593n;

interface Cast {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly keys: ReadonlyMap<string, SigningKey>;
}

async function castOf(n: number): Promise<Cast> {
  const keys = new Map<string, SigningKey>([[PLATFORM, await generateSigningKey()]]);
  const roster: RosterMember[] = [];
  for (let i = 1; i <= n; i++) {
    const key = await generateSigningKey();
    keys.set(`org-${i}`, key);
    const agreementKey = await sha256Hex(utf8(`x25519 ${i}`));
    roster.push({ organisation: `org-${i}`, legalId: `LEI-${i}`, signingKey: key.publicKey, agreementKey });
  }
  const card: TaskCard = {
    format: 'gridcommons/card/1',
    taskId: '00000000-0000-4000-8000-000000000001',
    issuedAt: '2026-05-01T00:00:00Z',
    platformKey: keys.get(PLATFORM)!.publicKey,
    model: { kind: 'one-shot-ridge', lookback: 168, horizon: 24, cycle: 168, lambdas: [1] },
    data: {
      series: 'load_kwh',
      zone: 'Europe/Berlin',
      train: { start: '2026-02-01T00:00:00Z', end: '2026-04-01T00:00:00Z' },
      validation: { start: '2026-04-01T00:00:00Z', end: '2026-05-01T00:00:00Z' },
    },
    encryption: {
      scheme: 'threshold-bfv/1',
      ringDegree: 8192,
      primes: [String(PRIME)],
      plainModulus: '288230376151760897',
      lanes: 1,
      fractionBits: 20,
      maxSites: 16,
      values: 4,
    },
    release: defaultPolicy(roster),
    windows: { keys: 60, upload: 60, answer: 60 },
    privacy: null,
    roster,
  };
  return { card, cardHash: await cardHashOf(card), keys };
}

const nonceOf = (organisation: string): string => toHex(utf8(organisation.padEnd(32, '.')));
const blobOf = (text: string): Promise<string> => sha256Hex(utf8(text));

/** What an honest member says; share-test responses lie on the line 7 + 3·l, of degree 1 < t = 2. */
async function memberPayload(
  state: TaskState,
  kind: MessageKind,
  sender: string,
): Promise<Payloads[MessageKind]> {
  const point = state.card.roster.findIndex(({ organisation }) => organisation === sender) + 1;
  switch (kind) {
    case 'deal':
      return {
        shares: await Promise.all(
          state.card.roster.map(async (_, i) => ({ blob: await blobOf(`${sender} to ${i}`), bytes: 10 })),
        ),
      };
    case 'commit':
      return { commitment: await sha256Hex(utf8(sender.padEnd(32, '.'))) };
    case 'reveal':
      return { nonce: nonceOf(sender) };
    case 'test':
      return { responses: state.dealers.map(() => [String(7 + 3 * point), String(7 + 3 * point)]) };
    case 'ready':
      return { uploadsHash: state.uploadsHash! };
    default:
      return { blob: await blobOf(`${kind} ${sender} ${state.round}`), bytes: 10 };
  }
}

async function say(
  cast: Cast,
  state: TaskState,
  kind: MessageKind,
  sender: string,
  payload: Payloads[MessageKind],
): Promise<TaskState> {
  return advance(state, await signed(cast, state.round, kind, sender, payload));
}

async function signed(
  cast: Cast,
  round: number,
  kind: MessageKind,
  sender: string,
  payload: Payloads[MessageKind],
): Promise<AnyMessage> {
  const message = await signMessage(
    { cardHash: cast.cardHash, round, kind, sender, payload },
    cast.keys.get(sender)!.privateKey,
  );
  return message as AnyMessage;
}

async function platformPayload(state: TaskState, kind: MessageKind): Promise<Payloads[MessageKind]> {
  const names = state.card.roster.map(({ organisation }) => organisation);
  switch (kind) {
    case 'dealt':
      return { dealers: names.filter((name) => state.deals.has(name)) };
    case 'close': {
      const whole = state.card.release.blocks
        .filter((block) => block.every((name) => state.uploads.has(name)))
        .flat();
      const uploads = names.filter((name) => whole.includes(name));
      return {
        uploads: uploads.map((organisation) => ({
          organisation,
          blob: state.uploads.get(organisation)!.blob,
        })),
      };
    }
    case 'active':
      return {
        active: state.ready
          .map((name) => names.indexOf(name) + 1)
          .toSorted((a, b) => a - b)
          .slice(0, state.card.release.threshold),
      };
    case 'burn':
      return { silent: awaited(state) };
    case 'fail':
      return { code: 'X', organisations: awaited(state) };
    default:
      return { aggregate: { blob: await blobOf('sum'), bytes: 10 }, modelHash: await blobOf('model') };
  }
}

async function open(cast: Cast): Promise<TaskState> {
  const payload = { card: cast.card as unknown as Json };
  return openFromCard(await signed(cast, 0, 'card', PLATFORM, payload));
}

/** Runs members and platform until nothing is due; `silent` members say nothing of the kinds listed for them. */
async function run(
  cast: Cast,
  from: TaskState,
  silent: Record<string, readonly MessageKind[]> = {},
): Promise<TaskState> {
  let state = from;
  for (let steps = 0; steps < 200; steps++) {
    const speaker = awaited(state).find((name) => !silent[name]?.includes(memberDuty(state, name)!));
    if (speaker) {
      const kind = memberDuty(state, speaker)!;
      state = await say(cast, state, kind, speaker, await memberPayload(state, kind, speaker));
      continue;
    }
    const duty = platformDuty(state, awaited(state).length > 0);
    if (!duty) return state;
    state = await say(cast, state, duty.kind, PLATFORM, await platformPayload(state, duty.kind));
  }
  throw new Error('the task did not come to an end in 200 steps');
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

  it('tolerates silence before READY while a quorum remains, and fails without one', async () => {
    const two = await run(cast, opened, { 'org-1': ['ready'], 'org-2': ['ready'] });
    expect(two).toMatchObject({ phase: 'released', active: [3, 4] });
    const three = await run(cast, opened, { 'org-1': ['ready'], 'org-2': ['ready'], 'org-3': ['ready'] });
    expect(three.phase).toBe('failed');
  });

  it('burns a round whose active member is silent and opens the next; its late answer is refused', async () => {
    let state = await run(cast, opened, { 'org-1': ['answer'], 'org-2': ['answer'] }).catch(
      (error: unknown) => error as Error,
    );
    // With both silent for ever the rounds never end: the run stops by its own limit.
    expect(state).toBeInstanceOf(Error);
    state = opened;
    while (state.phase !== 'answering') {
      const speaker = awaited(state)[0];
      const kind = speaker ? memberDuty(state, speaker)! : platformDuty(state, false)!.kind;
      const payload = speaker
        ? await memberPayload(state, kind, speaker)
        : await platformPayload(state, kind);
      state = await say(cast, state, kind, speaker ?? PLATFORM, payload);
    }
    const late = await signed(cast, 1, 'answer', 'org-1', await memberPayload(state, 'answer', 'org-1'));
    const burned = await say(cast, state, 'burn', PLATFORM, { silent: ['org-1'] });
    expect(burned).toMatchObject({ phase: 'uploading', round: 2 });
    await expect(advance(burned, late)).rejects.toMatchObject({ code: 'ROUND_UNKNOWN' });
    expect(await run(cast, burned)).toMatchObject({ phase: 'released', round: 2 });
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

describe('card', () => {
  it.each<[string, (card: TaskCard) => TaskCard]>([
    ['CARD_THRESHOLD', (card) => ({ ...card, release: { ...card.release, threshold: 3 } })],
    ['CARD_QUORUM', (card) => ({ ...card, release: { ...card.release, quorum: 3 } })],
    ['CARD_MINIMUM', (card) => ({ ...card, release: { ...card.release, minimumOrganisations: 2 } })],
    ['CARD_BLOCKS', (card) => ({ ...card, release: { ...card.release, blocks: [['org-1', 'org-2']] } })],
    ['ROSTER_TOO_SMALL', (card) => ({ ...card, roster: card.roster.slice(0, 3) })],
    [
      'ROSTER_NOT_DISTINCT',
      (card) => ({ ...card, roster: card.roster.map((member) => ({ ...member, legalId: 'LEI-1' })) }),
    ],
    ['CARD_LANES', (card) => ({ ...card, encryption: { ...card.encryption, maxSites: 5 } })],
    ['CARD_EPOCHS', (card) => ({ ...card, data: { ...card.data, train: card.data.validation } })],
  ])('is refused with %s', async (code, break_) => {
    const cast = await castOf(6);
    const broken = break_(cast.card);
    const recast = { ...cast, card: broken, cardHash: await cardHashOf(broken) };
    await expect(open(recast)).rejects.toMatchObject({ code });
  });

  it('has blocks of at least k_min and every member once, for any roster', async () => {
    const { card } = await castOf(20);
    for (let n = 4; n <= 20; n++) {
      const roster = card.roster.slice(0, n);
      const policy = defaultPolicy(roster);
      expect(policy.blocks.flat().toSorted()).toEqual(
        roster.map(({ organisation }) => organisation).toSorted(),
      );
      expect(Math.min(...policy.blocks.map((block) => block.length))).toBeGreaterThanOrEqual(
        policy.minimumOrganisations,
      );
    }
  });
});
