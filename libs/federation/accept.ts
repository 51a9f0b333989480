import { DomainError } from '#core';
import { completeBlocks, decryptorIndex, type TaskCard } from './card.ts';
import { type AnyMessage, type Message, type MessageKind, PLATFORM, PLATFORM_KINDS } from './message.ts';
import { judgeShareTest } from './share-test.ts';
import { activeSet, emptyRound, type Phase, type TaskState } from './task-state.ts';

/** Facts that take hashing, computed by the caller so that the reducer stays synchronous. */
export interface Hashed {
  /** SHA-256 of the nonce of a `reveal`, or of the payload of a `close`. */
  readonly payloadDigest: string;
}

type Handler<K extends MessageKind> = (state: TaskState, message: Message<K>, hashed: Hashed) => TaskState;

/**
 * The next state, or the refusal of a message that the protocol does not allow here. Signatures are checked before.
 * @throws MESSAGE_OTHER_TASK, ROUND_UNKNOWN, SENDER_NOT_ALLOWED, NOT_IN_ROSTER, PHASE_MISMATCH, MESSAGE_REPEATED and the
 *   codes of the single steps.
 */
export function accept(state: TaskState, message: AnyMessage, hashed: Hashed): TaskState {
  requireAddressed(state, message);
  const { phases } = STEPS[message.kind];
  if (!phases.includes(state.phase)) {
    throw refuse(
      'PHASE_MISMATCH',
      `expected ${message.kind} while ${phases.join(' or ') || 'never again'}, got it while ${state.phase}`,
      {
        phase: state.phase,
        kind: message.kind,
      },
    );
  }
  const { next } = STEPS[message.kind] as { next: Handler<MessageKind> };
  return next(state, message, hashed);
}

function requireAddressed(state: TaskState, message: AnyMessage): void {
  if (message.cardHash !== state.cardHash) {
    throw refuse('MESSAGE_OTHER_TASK', 'expected a message of this task card, got one of another', {
      kind: message.kind,
    });
  }
  if (message.round !== state.round) {
    throw refuse('ROUND_UNKNOWN', `expected round ${state.round}, got ${message.round}`, {
      round: message.round,
    });
  }
  const fromPlatform = (PLATFORM_KINDS as readonly string[]).includes(message.kind);
  if (fromPlatform !== (message.sender === PLATFORM)) {
    throw new DomainError(
      'SENDER_NOT_ALLOWED',
      `expected ${message.kind} from ${fromPlatform ? 'the platform' : 'a member'}, got it from ${message.sender}`,
      'forbidden',
    );
  }
  if (!fromPlatform) decryptorIndex(state.card, message.sender);
}

const STEPS: { [K in MessageKind]: { phases: readonly Phase[]; next: Handler<K> } } = {
  card: { phases: [], next: (state) => state },
  deal: { phases: ['dealing'], next: onDeal },
  dealt: { phases: ['dealing'], next: onDealt },
  commit: {
    phases: ['committing'],
    next: (state, { sender, payload }) => {
      requireDealer(state, sender);
      const commitments = once(state.commitments, sender, payload.commitment);
      return {
        ...state,
        commitments,
        phase: commitments.size === state.dealers.length ? 'revealing' : state.phase,
      };
    },
  },
  reveal: { phases: ['revealing'], next: onReveal },
  test: { phases: ['testing'], next: onTest },
  upload: {
    phases: ['uploading'],
    next: (state, { sender, payload }) => {
      requireDealer(state, sender);
      return { ...state, uploads: once(state.uploads, sender, payload) };
    },
  },
  close: { phases: ['uploading'], next: onClose },
  ready: { phases: ['preparing'], next: onReady },
  active: { phases: ['preparing'], next: onActive },
  answer: { phases: ['answering'], next: onAnswer },
  release: { phases: ['answering'], next: onRelease },
  burn: { phases: ['answering'], next: onBurn },
  fail: {
    phases: ['dealing', 'committing', 'revealing', 'testing', 'uploading', 'preparing', 'answering'],
    next: (state, { payload }) => ({ ...state, phase: 'failed', failure: payload }),
  },
};

function onDeal(state: TaskState, { sender, payload }: Message<'deal'>): TaskState {
  if (payload.shares.length !== state.card.roster.length) {
    throw refuse(
      'DEAL_INCOMPLETE',
      `expected ${state.card.roster.length} sealed shares, got ${payload.shares.length}`,
    );
  }
  const seen = new Set([...state.deals.values()].flatMap((deal) => deal.shares.map(({ blob }) => blob)));
  const copied = payload.shares.find(
    ({ blob }, i) => seen.has(blob) || payload.shares.findIndex((s) => s.blob === blob) < i,
  );
  if (copied)
    throw refuse('SHARE_COPIED', `expected sealed shares never seen before, got ${copied.blob} again`);
  return { ...state, deals: once(state.deals, sender, payload) };
}

function onDealt(state: TaskState, { payload }: Message<'dealt'>): TaskState {
  const { quorum, minimumOrganisations } = state.card.release;
  const expected = rosterOrder(state.card, new Set(state.deals.keys()));
  requireSame('DEALERS_MISMATCH', expected, payload.dealers);
  const needed = Math.max(quorum, minimumOrganisations);
  if (expected.length < needed)
    throw refuse('DEALERS_TOO_FEW', `expected at least ${needed} dealers, got ${expected.length}`);
  return { ...state, dealers: expected, phase: 'committing' };
}

function onReveal(state: TaskState, { sender, payload }: Message<'reveal'>, hashed: Hashed): TaskState {
  requireDealer(state, sender);
  if (state.commitments.get(sender) !== hashed.payloadDigest) {
    throw refuse('NONCE_MISMATCH', `expected the nonce that ${sender} committed to, got another`);
  }
  const nonces = once(state.nonces, sender, payload.nonce);
  return { ...state, nonces, phase: nonces.size === state.dealers.length ? 'testing' : state.phase };
}

function onTest(state: TaskState, { sender, payload }: Message<'test'>): TaskState {
  requireDealer(state, sender);
  if (payload.responses.length !== state.dealers.length) {
    throw refuse(
      'TEST_INCOMPLETE',
      `expected a response for each of ${state.dealers.length} dealers, got ${payload.responses.length}`,
    );
  }
  const tests = once(state.tests, sender, payload);
  if (tests.size < state.dealers.length) return { ...state, tests };
  const culprits = judgeShareTest(state.card, state.dealers, tests);
  return {
    ...state,
    tests,
    culprits,
    dealers: state.dealers.filter((dealer) => !culprits.includes(dealer)),
    phase: 'uploading',
  };
}

function onClose(state: TaskState, { payload }: Message<'close'>, hashed: Hashed): TaskState {
  const cohort = completeBlocks(state.card, new Set(state.uploads.keys()));
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
  return { ...state, close: payload, uploadsHash: hashed.payloadDigest, phase: 'preparing' };
}

function onReady(state: TaskState, { sender, payload }: Message<'ready'>): TaskState {
  requireDealer(state, sender);
  if (payload.uploadsHash !== state.uploadsHash) {
    throw refuse(
      'READY_OTHER_UPLOADS',
      'expected READY for the closed list of uploads, got READY for another',
    );
  }
  if (state.ready.includes(sender)) throw repeated(sender);
  return { ...state, ready: [...state.ready, sender] };
}

function onActive(state: TaskState, { payload }: Message<'active'>): TaskState {
  const active = activeSet(state);
  if (!active) {
    const { quorum } = state.card.release;
    throw refuse(
      'QUORUM_MISSING',
      `expected ${quorum} READY with an active set among them, got ${state.ready.length}`,
    );
  }
  requireSame('ACTIVE_MISMATCH', active.map(String), payload.active.map(String));
  return { ...state, active, phase: 'answering' };
}

function onBurn(state: TaskState, { payload }: Message<'burn'>): TaskState {
  const silent = state.active
    .map((point) => state.card.roster[point - 1]!.organisation)
    .filter((organisation) => !state.answers.has(organisation));
  if (silent.length === 0)
    throw refuse('BURN_UNFOUNDED', 'expected an active member that is silent, got every answer');
  requireSame('SILENT_MISMATCH', silent, payload.silent);
  return {
    ...state,
    ...emptyRound,
    silent: [...state.silent, ...silent],
    round: state.round + 1,
    phase: 'uploading',
  };
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
  return { ...state, release: payload, phase: 'released' };
}

const rosterOrder = (card: TaskCard, members: ReadonlySet<string>): string[] =>
  card.roster.map((member) => member.organisation).filter((organisation) => members.has(organisation));

function once<T>(map: ReadonlyMap<string, T>, sender: string, value: T): ReadonlyMap<string, T> {
  if (map.has(sender)) throw repeated(sender);
  return new Map(map).set(sender, value);
}

const repeated = (sender: string) =>
  refuse('MESSAGE_REPEATED', `expected one message of this kind and round, got a second of ${sender}`);

function requireDealer(state: TaskState, sender: string): void {
  if (!state.dealers.includes(sender)) {
    throw new DomainError(
      'NOT_A_DEALER',
      `expected a member whose sealed shares were accepted, got ${sender}`,
      'forbidden',
    );
  }
}

function requireSame(code: string, expected: readonly string[], got: readonly string[]): void {
  if (expected.length !== got.length || expected.some((item, i) => item !== got[i])) {
    throw refuse(code, `expected [${expected.join(', ')}], got [${got.join(', ')}]`);
  }
}

const refuse = (code: string, message: string, data: Record<string, string | number> = {}) =>
  new DomainError(code, message, 'conflict', data);
