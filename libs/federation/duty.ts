import { completeBlocks, decryptorIndex } from './card.ts';
import type { MemberKind, PlatformKind } from './message.ts';
import type { TaskState } from './task-state.ts';

/** What the protocol waits for from this organisation now, or null. Nodes act on nothing else. */
export function memberDuty(state: TaskState, organisation: string): MemberKind | null {
  const dealer = state.dealers.includes(organisation);
  switch (state.phase) {
    case 'dealing':
      return state.deals.has(organisation) ? null : 'deal';
    case 'committing':
      return dealer && !state.commitments.has(organisation) ? 'commit' : null;
    case 'revealing':
      return dealer && !state.nonces.has(organisation) ? 'reveal' : null;
    case 'testing':
      return dealer && !state.tests.has(organisation) ? 'test' : null;
    case 'uploading':
      return dealer && !state.uploads.has(organisation) ? 'upload' : null;
    case 'preparing':
      return dealer && !state.ready.includes(organisation) ? 'ready' : null;
    case 'answering':
      return answers(state, organisation) && !state.answers.has(organisation) ? 'answer' : null;
    case 'released':
    case 'failed':
      return null;
  }
}

const answers = (state: TaskState, organisation: string): boolean =>
  state.active.includes(decryptorIndex(state.card, organisation));

/** Organisations whose message the present phase still waits for, in roster order. */
export const awaited = (state: TaskState): string[] =>
  state.card.roster
    .map((member) => member.organisation)
    .filter((organisation) => memberDuty(state, organisation) !== null);

/** The announcement the platform owes. `data` for `fail`: why. */
export type PlatformDuty =
  | { readonly kind: Exclude<PlatformKind, 'card' | 'fail'> }
  | { readonly kind: 'fail'; readonly code: string };

/**
 * What the platform must announce now, or null while it waits. `expired`: the window of the present phase has passed.
 * Silence is tolerated wherever the card's policy can still be met; otherwise the task fails and names who was silent.
 */
export function platformDuty(state: TaskState, expired: boolean): PlatformDuty | null {
  const complete = awaited(state).length === 0;
  const due = complete || expired;
  switch (state.phase) {
    case 'dealing':
      return due ? announceOrFail('dealt', enoughDealers(state), 'DEALERS_TOO_FEW') : null;
    case 'committing':
    case 'revealing':
    case 'testing':
      return expired ? { kind: 'fail', code: 'PARTICIPANT_SILENT' } : null;
    case 'uploading':
      return due ? announceOrFail('close', enoughUploads(state), 'COHORT_TOO_SMALL') : null;
    case 'preparing':
      if (state.ready.length >= state.card.release.quorum) return { kind: 'active' };
      return expired ? { kind: 'fail', code: 'QUORUM_MISSING' } : null;
    case 'answering':
      if (complete) return { kind: 'release' };
      return expired ? { kind: 'burn' } : null;
    case 'released':
    case 'failed':
      return null;
  }
}

const announceOrFail = (kind: 'dealt' | 'close', possible: boolean, code: string): PlatformDuty =>
  possible ? { kind } : { kind: 'fail', code };

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
