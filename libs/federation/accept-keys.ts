import { inRosterOrder } from './card.ts';
import { awaited, dealingDecryptors, enoughDealers, everybodySpoke, neededDecryptors } from './duty.ts';
import type { Message } from './message.ts';
import {
  type Hashed,
  once,
  refuse,
  requireDealer,
  requireDecryptor,
  requireSame,
  type Step,
} from './protocol-step.ts';
import { judgeShareTest, openingsFit } from './share-test.ts';
import type { TaskState } from './task-state.ts';

type KeyKind = 'deal' | 'dealt' | 'commit' | 'reveal' | 'agree' | 'test' | 'open' | 'proceed';

/** From the card to tested shares: once a task. */
export const KEY_STEPS: { readonly [K in KeyKind]: Step<K> } = {
  deal: { phases: ['dealing'], next: onDeal },
  dealt: { phases: ['dealing'], next: onDealt },
  commit: {
    phases: ['committing'],
    next: (state, { sender, payload }) => {
      requireDecryptor(state, sender);
      return whenAllSpoke({ ...state, commitments: once(state.commitments, sender, payload.commitment) });
    },
  },
  reveal: { phases: ['revealing'], next: onReveal },
  agree: { phases: ['agreeing'], next: onAgree },
  test: { phases: ['testing'], next: onTest },
  open: { phases: ['opening'], next: onOpen },
  proceed: { phases: ['committing', 'revealing', 'agreeing', 'testing', 'opening'], next: onProceed },
};

function onDeal(state: TaskState, { sender, payload }: Message<'deal'>): TaskState {
  const decryptors = state.card.release.decryptors.length;
  if (payload.shares.length !== decryptors) {
    throw refuse('DEAL_INCOMPLETE', `expected ${decryptors} sealed shares, got ${payload.shares.length}`);
  }
  let { sealed } = state;
  for (const { blob } of payload.shares) {
    if (sealed.has(blob))
      throw refuse('SHARE_COPIED', `expected sealed shares never seen before, got ${blob} again`);
    sealed = sealed.with(blob, sender);
  }
  return { ...state, sealed, deals: once(state.deals, sender, payload) };
}

function onDealt(state: TaskState, { payload }: Message<'dealt'>): TaskState {
  const expected = inRosterOrder(state.card, state.deals);
  requireSame('DEALERS_MISMATCH', expected, payload.dealers);
  if (!enoughDealers(state)) {
    throw refuse(
      'DEALERS_TOO_FEW',
      `expected at least ${state.card.release.minimumOrganisations} dealers, ${neededDecryptors(state)} of them decryptors, got ${expected.length}`,
    );
  }
  return { ...state, dealers: new Set(expected), decryptors: dealingDecryptors(state), phase: 'committing' };
}

function onReveal(state: TaskState, { sender, payload }: Message<'reveal'>, hashed: Hashed): TaskState {
  requireDecryptor(state, sender);
  if (state.commitments.get(sender) !== hashed.payloadDigest) {
    throw refuse('NONCE_MISMATCH', `expected the nonce that ${sender} committed to, got another`);
  }
  return whenAllSpoke({ ...state, nonces: once(state.nonces, sender, payload.nonce) });
}

function onAgree(state: TaskState, { sender, payload }: Message<'agree'>, hashed: Hashed): TaskState {
  requireDecryptor(state, sender);
  if (payload.challenge !== hashed.payloadDigest) {
    throw refuse(
      'CHALLENGE_OTHER',
      `expected agreement to challenge ${hashed.payloadDigest}, got it to ${payload.challenge}`,
    );
  }
  return whenAllSpoke({ ...state, agreed: once(state.agreed, sender, true) });
}

function onTest(state: TaskState, { sender, payload }: Message<'test'>): TaskState {
  requireDecryptor(state, sender);
  if (payload.responses.length !== state.dealers.size) {
    throw refuse(
      'TEST_INCOMPLETE',
      `expected a response for each of ${state.dealers.size} dealers, got ${payload.responses.length}`,
    );
  }
  return whenAllSpoke({ ...state, tests: once(state.tests, sender, payload) });
}

function onOpen(state: TaskState, { sender, payload }: Message<'open'>): TaskState {
  requireDealer(state, sender);
  const dispute = state.disputes.get(sender);
  if (!dispute) throw refuse('NOT_DISPUTED', `expected a dealer whose share is disputed, got ${sender}`);
  requireSame(
    'OPENING_MISMATCH',
    dispute.decryptors,
    payload.openings.map(({ decryptor }) => decryptor),
  );
  if (!openingsFit(state.card, dispute, payload)) {
    throw refuse(
      'OPENING_INCONSISTENT',
      `expected shares on the polynomial of ${sender}'s other shares, got others`,
    );
  }
  return whenAllSpoke({ ...state, openings: once(state.openings, sender, payload) });
}

function onProceed(state: TaskState, { payload }: Message<'proceed'>): TaskState {
  if (payload.phase !== state.phase)
    throw refuse('PHASE_MISMATCH', `expected to go on from ${state.phase}, got from ${payload.phase}`);
  const silent = awaited(state);
  requireSame('SILENT_MISMATCH', silent, payload.silent);
  if (state.phase === 'opening') return nextKeyPhase(withoutDealers(state, silent));
  const decryptors = without(state.decryptors, silent);
  const needed = neededDecryptors(state);
  if (decryptors.size < needed) {
    throw refuse(
      'DECRYPTORS_TOO_FEW',
      `expected at least ${needed} decryptors that speak, got ${decryptors.size}`,
    );
  }
  return nextKeyPhase({ ...state, decryptors });
}

const whenAllSpoke = (state: TaskState): TaskState => (everybodySpoke(state) ? nextKeyPhase(state) : state);

function nextKeyPhase(state: TaskState): TaskState {
  switch (state.phase) {
    case 'committing':
      return { ...state, phase: 'revealing' };
    case 'revealing':
      return { ...state, phase: 'agreeing' };
    case 'agreeing':
      return { ...state, phase: 'testing' };
    case 'testing':
      return judged(state);
    default:
      return { ...state, phase: 'uploading' };
  }
}

function judged(state: TaskState): TaskState {
  const { culprits, disputes } = judgeShareTest(state, state.tests);
  const phase = disputes.size > 0 ? 'opening' : 'uploading';
  return { ...withoutDealers(state, culprits), disputes, phase };
}

const withoutDealers = (state: TaskState, culprits: readonly string[]): TaskState => ({
  ...state,
  culprits: [...state.culprits, ...culprits],
  dealers: without(state.dealers, culprits),
});

const without = (names: ReadonlySet<string>, left: readonly string[]): ReadonlySet<string> => {
  const out = new Set(left);
  return new Set([...names].filter((name) => !out.has(name)));
};
