import { generateSigningKey, type Json, sha256Hex, type SigningKey, toHex, utf8 } from '#core';
import { DAY_AHEAD_LEARNING, DAY_AHEAD_MLP } from '#learning';
import {
  cardHashOf,
  completeBlocks,
  type LearningPlan,
  type NetworkModel,
  type RosterMember,
  type TaskCard,
} from './card.ts';
import { awaited, memberDuty, platformDuty } from './duty.ts';
import { type AnyMessage, type MessageKind, type Payloads, PLATFORM, signMessage } from './message.ts';
import { defaultPolicy } from './policy.ts';
import { privacySpent } from './privacy-terms.ts';
import { shareTestChallenge } from './share-test.ts';
import { advance, openFromCard } from './replay.ts';
import { activeSet, isLastStep, startingModel, type TaskState } from './task-state.ts';

/*
 * A task as its specs play it: members with real signing keys who say what the protocol expects of them.
 */

const PRIME = 1_152_921_504_606_830_593n;

export interface Cast {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly keys: ReadonlyMap<string, SigningKey>;
}

const RIDGE = {
  kind: 'one-shot-ridge',
  statistic: 'autocovariances',
  stepMinutes: 60,
  lookback: 168,
  horizon: 24,
  cycle: 168,
  lambdas: [1],
  inputs: null,
} as const;

const LEARNING: LearningPlan = {
  ...DAY_AHEAD_LEARNING,
  steps: 1,
  patience: null,
  combine: 'mean',
  vote: null,
};

const NETWORK: NetworkModel = {
  ...DAY_AHEAD_MLP,
  kind: 'network',
  stepMinutes: 60,
  cycle: 168,
  stride: 1,
  initial: 'a'.repeat(64),
};

/** A ridge, or a network learnt under `learning`; a committee by choice, or as `defaultPolicy` has it. */
export async function castOf(
  n: number,
  learning?: Partial<LearningPlan>,
  decryptors?: readonly string[],
): Promise<Cast> {
  const keys = new Map<string, SigningKey>([[PLATFORM, await generateSigningKey()]]);
  const roster: RosterMember[] = [];
  for (let i = 1; i <= n; i++) {
    const key = await generateSigningKey();
    keys.set(`org-${i}`, key);
    const agreementKey = await sha256Hex(utf8(`x25519 ${i}`));
    roster.push({ organisation: `org-${i}`, legalId: `LEI-${i}`, signingKey: key.publicKey, agreementKey });
  }
  const card: TaskCard = {
    format: 'gridcommons/card/3',
    taskId: '00000000-0000-4000-8000-000000000001',
    issuedAt: '2026-05-01T00:00:00Z',
    platformKey: keys.get(PLATFORM)!.publicKey,
    model: learning ? NETWORK : RIDGE,
    learning: learning ? { ...LEARNING, ...learning } : null,
    data: {
      series: ['load_kwh'],
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
      maxSites: Math.max(16, n),
      values: 4,
    },
    release: defaultPolicy(roster, decryptors ? { decryptors } : {}),
    windows: { keys: 60, upload: 60, answer: 60 },
    privacy: null,
    roster,
  };
  return { card, cardHash: await cardHashOf(card), keys };
}

const nonceOf = (organisation: string): string => toHex(utf8(organisation.padEnd(32, '.')));
export const blobOf = (text: string): Promise<string> => sha256Hex(utf8(text));

/** What an honest member says; share-test responses lie on the line 7 + 3·l, of degree 1 < t = 2. */
export async function memberPayload(
  state: TaskState,
  kind: MessageKind,
  sender: string,
): Promise<Payloads[MessageKind]> {
  const { decryptors } = state.card.release;
  const point = decryptors.indexOf(sender) + 1;
  switch (kind) {
    case 'deal':
      return {
        shares: await Promise.all(
          decryptors.map(async (_, i) => ({ blob: await blobOf(`${sender} to ${i}`), bytes: 10 })),
        ),
      };
    case 'commit':
      return { commitment: await sha256Hex(utf8(sender.padEnd(32, '.'))) };
    case 'reveal':
      return { nonce: nonceOf(sender) };
    case 'agree':
      return { challenge: await shareTestChallenge(state) };
    case 'test':
      return { responses: [...state.dealers].map(() => [String(7 + 3 * point), String(7 + 3 * point)]) };
    case 'ready':
      return { uploadsHash: state.uploadsHash! };
    case 'upload': {
      const blob = await blobOf(`upload ${sender} ${state.round}`);
      return { blob, bytes: 10, model: startingModel(state), attempt: state.attempt };
    }
    default:
      return { blob: await blobOf(`${kind} ${sender} ${state.round}`), bytes: 10 };
  }
}

export async function say(
  cast: Cast,
  state: TaskState,
  kind: MessageKind,
  sender: string,
  payload: Payloads[MessageKind],
): Promise<TaskState> {
  return advance(state, await signed(cast, state.round, kind, sender, payload));
}

export async function signed(
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

export async function platformPayload(state: TaskState, kind: MessageKind): Promise<Payloads[MessageKind]> {
  const names = state.card.roster.map(({ organisation }) => organisation);
  switch (kind) {
    case 'dealt':
      return { dealers: names.filter((name) => state.deals.has(name)) };
    case 'proceed':
      return { phase: state.phase, silent: awaited(state) };
    case 'close': {
      const uploads = (state.repeats ?? completeBlocks(state.card, state.uploads)).map((organisation) => ({
        organisation,
        blob: state.uploads.get(organisation)!.blob,
      }));
      return { model: startingModel(state), uploads };
    }
    case 'active':
      return { active: activeSet(state)! };
    case 'burn':
      return {
        code: state.phase === 'uploading' ? 'COHORT_INCOMPLETE' : 'DECRYPTOR_SILENT',
        organisations: awaited(state),
      };
    case 'fail':
      return {
        code: 'X',
        organisations: awaited(state),
        series: null,
        previous: await blobOf('before'),
      };
    default:
      return {
        aggregate: { blob: await blobOf(`sum ${state.step}`), bytes: 10 },
        modelHash: await blobOf(`model ${state.step}`),
        final: isLastStep(state),
        privacy: privacySpent(state.card, state.charged),
        metrics: null,
        previous: await blobOf('before'),
      };
  }
}

export async function open(cast: Cast): Promise<TaskState> {
  const payload = { card: cast.card as unknown as Json };
  return openFromCard(await signed(cast, 0, 'card', PLATFORM, payload));
}

type Silence = Record<string, readonly MessageKind[]>;

/** Runs members and platform until nothing is due; `silent` members say nothing of the kinds listed for them. */
export const run = (cast: Cast, from: TaskState, silent: Silence = {}): Promise<TaskState> =>
  until(cast, from, 'released', silent);

/** Runs them until the task is in `phase` for the first time from now, or has ended. */
export async function until(
  cast: Cast,
  from: TaskState,
  phase: TaskState['phase'],
  silent: Silence = {},
): Promise<TaskState> {
  let state = from;
  for (let steps = 0; steps < 400; steps++) {
    if (state.phase === phase && steps > 0) return state;
    const next = await nextSaid(cast, state, silent);
    if (next === state) return state;
    state = next;
  }
  throw new Error('the task did not come to an end in 400 steps');
}

/** One more statement of whoever owes one: the first member that is not silent, else the platform; else nothing changes. */
async function nextSaid(cast: Cast, state: TaskState, silent: Silence): Promise<TaskState> {
  const silence = awaited(state);
  const speaker = silence.find((name) => !silent[name]?.includes(memberDuty(state, name)!));
  if (speaker) {
    const kind = memberDuty(state, speaker)!;
    return say(cast, state, kind, speaker, await memberPayload(state, kind, speaker));
  }
  const duty = platformDuty(state, silence.length > 0);
  return duty ? say(cast, state, duty.kind, PLATFORM, await platformPayload(state, duty.kind)) : state;
}
