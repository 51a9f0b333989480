import { completeBlocks, decryptorIndex, rosterNames, stepCount } from './card.ts';
import type { BurnCode, MemberKind, PlatformKind } from './message.ts';
import { quorumOf, toleratedFaults } from './policy.ts';
import { activeSet, decryptorAt, type Phase, type TaskState } from './task-state.ts';

/** Names in an order: a set, or the keys of a map. */
interface Names {
  readonly size: number;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** Whom a phase waits for, and what they say. */
interface Awaiting {
  readonly kind: MemberKind;
  readonly speakers: (state: TaskState) => Names;
  readonly said: (state: TaskState) => Names;
}

const decryptors = (state: TaskState): Names => state.decryptors;

/** By phase: silent phases are those in which the platform alone has something to say. */
export const AWAITING: Partial<Record<Phase, Awaiting>> = {
  dealing: { kind: 'deal', speakers: ({ card }) => rosterNames(card), said: ({ deals }) => deals },
  committing: { kind: 'commit', speakers: decryptors, said: ({ commitments }) => commitments },
  revealing: { kind: 'reveal', speakers: decryptors, said: ({ nonces }) => nonces },
  agreeing: { kind: 'agree', speakers: decryptors, said: ({ agreed }) => agreed },
  testing: { kind: 'test', speakers: decryptors, said: ({ tests }) => tests },
  opening: { kind: 'open', speakers: ({ disputes }) => disputes, said: ({ openings }) => openings },
  uploading: { kind: 'upload', speakers: uploaders, said: ({ uploads }) => uploads },
  preparing: { kind: 'ready', speakers: decryptors, said: ({ ready }) => ready },
  answering: { kind: 'answer', speakers: activeMembers, said: ({ answers }) => answers },
};

function uploaders(state: TaskState): Names {
  const { repeats, dealers } = state;
  // What may not be summed is not to be encrypted either: it would be charged.
  if (isSpent(state)) return new Set();
  return repeats ? new Set(repeats) : dealers;
}

function activeMembers(state: TaskState): Names {
  return new Set(state.active.map((point) => decryptorAt(state, point)));
}

/** What the protocol waits for from this organisation now, or null. Nodes act on nothing else. */
export function memberDuty(state: TaskState, organisation: string): MemberKind | null {
  const awaiting = AWAITING[state.phase];
  if (!awaiting?.speakers(state).has(organisation)) return null;
  return awaiting.said(state).has(organisation) ? null : awaiting.kind;
}

/** Organisations whose message the present phase still waits for, in roster order. */
export function awaited(state: TaskState): string[] {
  const awaiting = AWAITING[state.phase];
  if (!awaiting) return [];
  const said = awaiting.said(state);
  return [...awaiting.speakers(state).keys()].filter((organisation) => !said.has(organisation));
}

/** Only speakers are heard, so counting is enough. */
export function everybodySpoke(state: TaskState): boolean {
  const awaiting = AWAITING[state.phase];
  return !awaiting || awaiting.said(state).size >= awaiting.speakers(state).size;
}

/** The announcement the platform owes. `code`: why. */
export type PlatformDuty =
  | { readonly kind: Exclude<PlatformKind, 'card' | 'fail' | 'burn'> }
  | { readonly kind: 'burn'; readonly code: BurnCode }
  | { readonly kind: 'fail'; readonly code: string };

/** What the platform's decision depends on beside the state: has everybody spoken, has the window passed. */
interface Progress {
  readonly complete: boolean;
  readonly expired: boolean;
}

type Decide = (state: TaskState, progress: Progress) => PlatformDuty | null;

const fail = (code: string): PlatformDuty => ({ kind: 'fail', code });

/** Everybody's message moves the phase on by itself; silence does so as long as enough decryptors are left. */
const withoutTheSilent: Decide = (state, { expired }) => {
  if (!expired) return null;
  const left = state.decryptors.size - awaited(state).length;
  return left >= neededDecryptors(state) ? { kind: 'proceed' } : fail('PARTICIPANT_SILENT');
};

const PLATFORM_DUTIES: Partial<Record<Phase, Decide>> = {
  dealing: (state, { complete, expired }) => {
    if (!complete && !expired) return null;
    return enoughDealers(state) ? { kind: 'dealt' } : fail('DEALERS_TOO_FEW');
  },
  committing: withoutTheSilent,
  revealing: withoutTheSilent,
  agreeing: withoutTheSilent,
  testing: withoutTheSilent,
  opening: (_state, { expired }) => (expired ? { kind: 'proceed' } : null),
  uploading: (state, { complete, expired }) => {
    if (isSpent(state)) return fail('PRIVACY_SPENT');
    if (!complete && !expired) return null;
    if (state.repeats && !complete) return { kind: 'burn', code: 'COHORT_INCOMPLETE' };
    return enoughUploads(state) ? { kind: 'close' } : fail('COHORT_TOO_SMALL');
  },
  preparing: (state, { complete, expired }) => {
    if (activeSet(state)) return { kind: 'active' };
    return complete || expired ? fail('QUORUM_MISSING') : null;
  },
  answering: (_state, { complete, expired }) => {
    if (complete) return { kind: 'release' };
    return expired ? { kind: 'burn', code: 'DECRYPTOR_SILENT' } : null;
  },
};

/**
 * What the platform must announce now, or null while it waits. `expired`: the window of the present phase has passed.
 * Silence is tolerated wherever the card's policy can still be met; otherwise the task fails and names who was silent.
 */
export function platformDuty(state: TaskState, expired: boolean): PlatformDuty | null {
  return PLATFORM_DUTIES[state.phase]?.(state, { complete: everybodySpoke(state), expired }) ?? null;
}

/** Decryptors that must take part in the share test: all but f, and a quorum. */
export function neededDecryptors({ card }: TaskState): number {
  const n = card.release.decryptors.length;
  return Math.max(n - toleratedFaults(n), quorumOf(n, card.release.threshold));
}

/** Whether the privacy terms have no room for one more attempt: each that was not released cost as much as one that was. */
export const isSpent = ({ card, charged, repeats }: TaskState): boolean =>
  card.privacy !== null && repeats === null && charged >= stepCount(card);

/** Whether a sum that did not decode can be tried once more with decryptors that have not yet answered. */
export function othersCanAnswer({ card, decryptors: left, silent, active }: TaskState): boolean {
  const points = new Set(active);
  const others = [...left].filter(
    (organisation) => !silent.includes(organisation) && !points.has(decryptorIndex(card, organisation)),
  );
  return others.length >= card.release.threshold;
}

/** A decryptor that has not dealt is taken to be away. */
export const dealingDecryptors = ({ decryptors: all, deals }: TaskState): ReadonlySet<string> =>
  new Set([...all].filter((organisation) => deals.has(organisation)));

export const enoughDealers = (state: TaskState): boolean =>
  state.deals.size >= state.card.release.minimumOrganisations &&
  dealingDecryptors(state).size >= neededDecryptors(state);

const enoughUploads = ({ card, uploads }: TaskState): boolean =>
  completeBlocks(card, uploads).length >= card.release.minimumOrganisations;

/** Seconds the present phase may take: its window in the card. */
export function windowSeconds({ card, phase }: TaskState): number {
  if (phase === 'uploading') return card.windows.upload;
  return phase === 'preparing' || phase === 'answering' ? card.windows.answer : card.windows.keys;
}
