import { completeBlocks, decryptorIndex } from './card.ts';
import type { MemberKind, PlatformKind } from './message.ts';
import { activeSet, type Phase, type TaskState } from './task-state.ts';

type Owes = (state: TaskState, organisation: string) => boolean;

const dealerWithout =
  (said: (state: TaskState) => { has(organisation: string): boolean }): Owes =>
  (state, organisation) =>
    state.dealers.includes(organisation) && !said(state).has(organisation);

const MEMBER_DUTIES: Partial<Record<Phase, readonly [MemberKind, Owes]>> = {
  dealing: ['deal', ({ deals }, organisation) => !deals.has(organisation)],
  committing: ['commit', dealerWithout(({ commitments }) => commitments)],
  revealing: ['reveal', dealerWithout(({ nonces }) => nonces)],
  testing: ['test', dealerWithout(({ tests }) => tests)],
  uploading: ['upload', dealerWithout(({ uploads }) => uploads)],
  preparing: ['ready', dealerWithout(({ ready }) => new Set(ready))],
  answering: [
    'answer',
    ({ active, answers, card }, organisation) =>
      active.includes(decryptorIndex(card, organisation)) && !answers.has(organisation),
  ],
};

/** What the protocol waits for from this organisation now, or null. Nodes act on nothing else. */
export function memberDuty(state: TaskState, organisation: string): MemberKind | null {
  const [kind, owes] = MEMBER_DUTIES[state.phase] ?? [null];
  return kind !== null && owes?.(state, organisation) ? kind : null;
}

/** Organisations whose message the present phase still waits for, in roster order. */
export const awaited = (state: TaskState): string[] =>
  state.card.roster
    .map((member) => member.organisation)
    .filter((organisation) => memberDuty(state, organisation) !== null);

/** The announcement the platform owes. `data` for `fail`: why. */
export type PlatformDuty =
  | { readonly kind: Exclude<PlatformKind, 'card' | 'fail'> }
  | { readonly kind: 'fail'; readonly code: string };

/** What the platform's decision depends on beside the state: has everybody spoken, has the window passed. */
interface Progress {
  readonly complete: boolean;
  readonly expired: boolean;
}

type Decide = (state: TaskState, progress: Progress) => PlatformDuty | null;

const fail = (code: string): PlatformDuty => ({ kind: 'fail', code });

const whenDue =
  (kind: 'dealt' | 'close', possible: (state: TaskState) => boolean, code: string): Decide =>
  (state, { complete, expired }) => {
    if (!complete && !expired) return null;
    return possible(state) ? { kind } : fail(code);
  };

const allMustSpeak: Decide = (_state, { expired }) => (expired ? fail('PARTICIPANT_SILENT') : null);

const PLATFORM_DUTIES: Partial<Record<Phase, Decide>> = {
  dealing: whenDue('dealt', enoughDealers, 'DEALERS_TOO_FEW'),
  committing: allMustSpeak,
  revealing: allMustSpeak,
  testing: allMustSpeak,
  uploading: whenDue('close', enoughUploads, 'COHORT_TOO_SMALL'),
  preparing: (state, { complete, expired }) => {
    if (activeSet(state)) return { kind: 'active' };
    return complete || expired ? fail('QUORUM_MISSING') : null;
  },
  answering: (_state, { complete, expired }) => {
    if (complete) return { kind: 'release' };
    return expired ? { kind: 'burn' } : null;
  },
};

/**
 * What the platform must announce now, or null while it waits. `expired`: the window of the present phase has passed.
 * Silence is tolerated wherever the card's policy can still be met; otherwise the task fails and names who was silent.
 */
export function platformDuty(state: TaskState, expired: boolean): PlatformDuty | null {
  const progress = { complete: awaited(state).length === 0, expired };
  return PLATFORM_DUTIES[state.phase]?.(state, progress) ?? null;
}

function enoughDealers({ card, deals }: TaskState): boolean {
  return deals.size >= Math.max(card.release.quorum, card.release.minimumOrganisations);
}

function enoughUploads({ card, uploads }: TaskState): boolean {
  return completeBlocks(card, new Set(uploads.keys())).length >= card.release.minimumOrganisations;
}

/** Seconds the present phase may take: its window in the card. */
export function windowSeconds({ card, phase }: TaskState): number {
  if (phase === 'uploading') return card.windows.upload;
  return phase === 'preparing' || phase === 'answering' ? card.windows.answer : card.windows.keys;
}
