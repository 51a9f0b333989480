import { completeBlocks, decryptorIndex, stepCount } from './card.ts';
import { awaited, isSpent } from './duty.ts';
import type { BurnCode, Message } from './message.ts';
import { privacySpent, requirePrivacyStated } from './privacy-terms.ts';
import {
  type Hashed,
  once,
  refuse,
  requireDealer,
  requireDecryptor,
  requireSame,
  type Step,
} from './protocol-step.ts';
import {
  activeSet,
  decryptorAt,
  emptyRound,
  isLastStep,
  type Phase,
  startingModel,
  type TaskState,
} from './task-state.ts';

type RoundKind = 'upload' | 'close' | 'ready' | 'active' | 'answer' | 'release' | 'burn' | 'fail';

const UNFINISHED: readonly Phase[] = [
  'dealing',
  'committing',
  'revealing',
  'agreeing',
  'testing',
  'opening',
  'uploading',
  'preparing',
  'answering',
];

/** From uploads to a release, once a step; a round that burns opens again under another number. */
export const ROUND_STEPS: { readonly [K in RoundKind]: Step<K> } = {
  upload: { phases: ['uploading'], next: onUpload },
  close: { phases: ['uploading'], next: onClose },
  ready: { phases: ['preparing'], next: onReady },
  active: { phases: ['preparing'], next: onActive },
  answer: { phases: ['answering'], next: onAnswer },
  release: { phases: ['answering'], next: onRelease },
  burn: { phases: ['uploading', 'answering'], next: onBurn },
  fail: {
    phases: UNFINISHED,
    next: (state, { payload }) => ({ ...state, phase: 'failed', failure: payload }),
  },
};

function requireModel(state: TaskState, model: string): void {
  const expected = startingModel(state);
  if (model !== expected)
    throw refuse('MODEL_OTHER', `expected step ${state.step} to start from ${expected}, got ${model}`);
}

function requireUnspent(state: TaskState): void {
  if (!isSpent(state)) return;
  throw refuse(
    'PRIVACY_SPENT',
    `expected at most ${stepCount(state.card)} sums under the card's privacy terms, got one more`,
  );
}

function onUpload(state: TaskState, { sender, payload }: Message<'upload'>): TaskState {
  requireDealer(state, sender);
  requireModel(state, payload.model);
  requireUnspent(state);
  if (payload.attempt !== state.attempt)
    throw refuse('ATTEMPT_OTHER', `expected attempt ${state.attempt}, got ${payload.attempt}`);
  if (state.repeats && !state.repeats.includes(sender)) {
    throw refuse('COHORT_REPEATED', `expected a member of the cohort that is repeated, got ${sender}`);
  }
  return { ...state, uploads: once(state.uploads, sender, payload) };
}

function onClose(state: TaskState, { payload }: Message<'close'>, hashed: Hashed): TaskState {
  requireModel(state, payload.model);
  const cohort = state.repeats ?? completeBlocks(state.card, state.uploads);
  requireSame(
    'UPLOADS_MISMATCH',
    cohort,
    payload.uploads.map(({ organisation }) => organisation),
  );
  const { minimumOrganisations } = state.card.release;
  if (cohort.length < minimumOrganisations) {
    throw refuse(
      'COHORT_TOO_SMALL',
      `expected at least ${minimumOrganisations} organisations in a sum, got ${cohort.length}`,
    );
  }
  const other = payload.uploads.find(
    ({ organisation, blob }) => state.uploads.get(organisation)?.blob !== blob,
  );
  if (other)
    throw refuse('UPLOADS_MISMATCH', `expected the upload that ${other.organisation} signed, got another`);
  const charged = state.charged + (state.repeats ? 0 : 1);
  requireUnspent(state);
  return { ...state, close: payload, uploadsHash: hashed.payloadDigest, charged, phase: 'preparing' };
}

function onReady(state: TaskState, { sender, payload }: Message<'ready'>): TaskState {
  requireDecryptor(state, sender);
  if (payload.uploadsHash !== state.uploadsHash) {
    throw refuse(
      'READY_OTHER_UPLOADS',
      'expected READY for the closed list of uploads, got READY for another',
    );
  }
  return { ...state, ready: once(state.ready, sender, true) };
}

function onActive(state: TaskState, { payload }: Message<'active'>): TaskState {
  const active = activeSet(state);
  if (!active) {
    const { quorum } = state.card.release;
    throw refuse(
      'QUORUM_MISSING',
      `expected ${quorum} READY with an active set among them, got ${state.ready.size}`,
    );
  }
  requireSame('ACTIVE_MISMATCH', active.map(String), payload.active.map(String));
  return { ...state, active, phase: 'answering' };
}

function onAnswer(state: TaskState, { sender, payload }: Message<'answer'>): TaskState {
  if (!state.active.includes(decryptorIndex(state.card, sender))) {
    throw refuse(
      'NOT_ACTIVE',
      `expected an answer of the active set ${state.active.join(', ')}, got one of ${sender}`,
    );
  }
  return { ...state, answers: once(state.answers, sender, payload) };
}

function onRelease(state: TaskState, { payload }: Message<'release'>): TaskState {
  if (state.answers.size !== state.active.length) {
    throw refuse('ANSWERS_MISSING', `expected ${state.active.length} answers, got ${state.answers.size}`);
  }
  requireEnd(state, payload.final);
  requirePrivacyStated(privacySpent(state.card, state.charged), payload.privacy);
  const cohort = state.close!.uploads.map(({ organisation }) => organisation);
  const uploads = cohort.map((organisation) => state.uploads.get(organisation)!);
  const answers = [...state.answers.values()];
  const releases = [...state.releases, { release: payload, cohort, uploads, answers }];
  if (payload.final) return { ...state, releases, phase: 'released' };
  const next = { step: state.step + 1, attempt: 0, repeats: null, round: state.round + 1 };
  return { ...state, ...emptyRound, ...next, releases, phase: 'uploading' };
}

/** Whether patience really ended it is for whoever can compute the losses; that it may have is checked here. */
function requireEnd(state: TaskState, final: boolean): void {
  const early = final && !isLastStep(state) && !state.card.learning?.patience;
  if (early || (!final && isLastStep(state))) {
    throw refuse(
      'RELEASE_FINAL',
      `expected the last of ${state.card.learning?.steps ?? 1} steps to be final, got ${String(final)} in step ${state.step}`,
    );
  }
}

interface Burned {
  readonly phase: Phase;
  /** Who made it burn, in roster order; nobody: there is no reason to. */
  readonly culprits: (state: TaskState) => readonly string[];
  readonly next: (state: TaskState, culprits: readonly string[]) => Partial<TaskState>;
}

/** The cohort counts as answered: the next round sums the very same integers, or begins an attempt of its own. */
const repeated = (state: TaskState, culprits: readonly string[]): Partial<TaskState> => ({
  silent: [...state.silent, ...culprits],
  repeats: state.close!.uploads.map(({ organisation }) => organisation),
});

const BURNS: Record<BurnCode, Burned> = {
  DECRYPTOR_SILENT: { phase: 'answering', culprits: awaited, next: repeated },
  // Nobody can tell whose answer, or whose upload, made the sum unreadable: others answer next, until too few are left.
  SUM_UNREADABLE: {
    phase: 'answering',
    culprits: (state) =>
      awaited(state).length > 0 ? [] : state.active.map((point) => decryptorAt(state, point)),
    next: repeated,
  },
  COHORT_INCOMPLETE: {
    phase: 'uploading',
    culprits: (state) => (state.repeats ? awaited(state) : []),
    next: ({ attempt }) => ({ attempt: attempt + 1, repeats: null }),
  },
};

function onBurn(state: TaskState, { payload }: Message<'burn'>): TaskState {
  const burned = Object.hasOwn(BURNS, payload.code) ? BURNS[payload.code] : undefined;
  const culprits = burned?.phase === state.phase ? burned.culprits(state) : [];
  if (!burned || culprits.length === 0) {
    throw refuse(
      'BURN_UNFOUNDED',
      `expected a reason to burn while ${state.phase}, got ${payload.code} without one`,
    );
  }
  requireSame('SILENT_MISMATCH', culprits, payload.organisations);
  const next = burned.next(state, culprits);
  return { ...state, ...emptyRound, ...next, round: state.round + 1, phase: 'uploading' };
}
