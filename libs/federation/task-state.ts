import { type TaskCard, decryptorIndex, stepCount } from './card.ts';
import { GrowingMap } from './growing-map.ts';
import type { BlobReference, Payloads } from './message.ts';

export const PHASES = [
  'dealing', // sealed shares arrive
  'committing', // decryptors commit to the share test's nonces
  'revealing',
  'agreeing', // every decryptor signs the challenge that follows, as it sees it
  'testing', // every decryptor answers the share test for every dealer
  'opening', // dealers whose shares are disputed open them
  'uploading', // ciphertexts arrive
  'preparing', // U is fixed, READY signatures arrive
  'answering', // A is fixed, answers arrive
  'released',
  'failed',
] as const;

export type Phase = (typeof PHASES)[number];

/** What the share test says of one dealer that it does not exclude. */
export interface Dispute {
  /** Decryptors whose responses lie off the dealer's polynomial, by point: one of the two lies. */
  readonly decryptors: readonly string[];
  /** By decryptor: the responses as they stand, openings in their place once there are any. */
  readonly responses: ReadonlyMap<string, readonly string[]>;
}

/** All that a transcript says so far. Derived by `accept` alone: platform, nodes and verifiers replay the same function. */
export interface TaskState {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly phase: Phase;
  /** Counts every opening of an upload window; fixes the public component. */
  readonly round: number;
  /** Releases so far: what is summed now. */
  readonly step: number;
  /** Tries of this step with noise of their own. A re-opened round repeats one to the bit, or begins the next. */
  readonly attempt: number;
  /** The cohort that a re-opened round repeats; null where any cohort of whole blocks will do. */
  readonly repeats: readonly string[] | null;
  /** Attempts whose U was fixed: each counts as released, for budget and cohort rule. */
  readonly charged: number;
  readonly deals: GrowingMap<string, Payloads['deal']>;
  /** Hashes of all sealed shares: none may come twice. */
  readonly sealed: GrowingMap<string, string>;
  /** Dealers that go on, in roster order: who may upload. */
  readonly dealers: ReadonlySet<string>;
  /** Decryptors that go on, in order of their points. */
  readonly decryptors: ReadonlySet<string>;
  readonly commitments: GrowingMap<string, string>;
  readonly nonces: GrowingMap<string, string>;
  readonly agreed: GrowingMap<string, true>;
  readonly tests: GrowingMap<string, Payloads['test']>;
  /** By dealer: shares whose test responses lie off its polynomial. */
  readonly disputes: ReadonlyMap<string, Dispute>;
  readonly openings: GrowingMap<string, Payloads['open']>;
  /** Dealers that the share test excluded. */
  readonly culprits: readonly string[];
  readonly uploads: GrowingMap<string, Payloads['upload']>;
  readonly close: Payloads['close'] | null;
  readonly uploadsHash: string | null;
  readonly ready: GrowingMap<string, true>;
  readonly active: readonly number[];
  /** Who was active in a burned round: its READY still counts, but it is not made active again. */
  readonly silent: readonly string[];
  readonly answers: GrowingMap<string, BlobReference>;
  /** One a step. */
  readonly releases: readonly Released[];
  readonly failure: Payloads['fail'] | null;
}

/** A release and whose sum it is. */
export interface Released {
  readonly release: Payloads['release'];
  readonly cohort: readonly string[];
  /** Of the cohort, in its order. */
  readonly uploads: readonly BlobReference[];
  readonly answers: readonly BlobReference[];
}

/** What a round begins with. */
export const emptyRound = {
  uploads: GrowingMap.empty<string, Payloads['upload']>(),
  close: null,
  uploadsHash: null,
  ready: GrowingMap.empty<string, true>(),
  active: [],
  answers: GrowingMap.empty<string, BlobReference>(),
} satisfies Partial<TaskState>;

/** The state before any member spoke. The card must already have passed requireSoundCard. */
export function openTask(card: TaskCard, cardHash: string): TaskState {
  return {
    card,
    cardHash,
    phase: 'dealing',
    round: 1,
    step: 0,
    attempt: 0,
    repeats: null,
    charged: 0,
    deals: GrowingMap.empty(),
    sealed: GrowingMap.empty(),
    dealers: new Set(),
    decryptors: new Set(card.release.decryptors),
    commitments: GrowingMap.empty(),
    nonces: GrowingMap.empty(),
    agreed: GrowingMap.empty(),
    tests: GrowingMap.empty(),
    disputes: new Map(),
    openings: GrowingMap.empty(),
    culprits: [],
    silent: [],
    ...emptyRound,
    releases: [],
    failure: null,
  };
}

/**
 * A: t of the READY, lowest index first, without those that were active in a burned round; null while READY is short of
 * the quorum or of t such members.
 */
export function activeSet({ card, ready, silent }: TaskState): number[] | null {
  const { quorum, threshold } = card.release;
  const points = [...ready.keys()]
    .filter((organisation) => !silent.includes(organisation))
    .map((organisation) => decryptorIndex(card, organisation))
    .toSorted((a, b) => a - b);
  return ready.size < quorum || points.length < threshold ? null : points.slice(0, threshold);
}

/** Organisation at a Shamir point. */
export const decryptorAt = ({ card }: TaskState, point: number): string =>
  card.release.decryptors[point - 1]!;

/** Hash of what the present step starts from: the last released model, the card's initial one, or the card itself. */
export function startingModel({ card, cardHash, releases }: TaskState): string {
  const last = releases.at(-1);
  if (last) return last.release.modelHash;
  return card.model.kind === 'network' ? card.model.initial : cardHash;
}

export const isLastStep = ({ card, step }: TaskState): boolean => step + 1 >= stepCount(card);

/**
 * Seeds rounding and noise: a repeat of a burned round must sum the very same integers, or the difference of two sums
 * would show what the noise hides.
 */
export const attemptLabel = ({ step, attempt }: TaskState): string => `step ${step}, attempt ${attempt}`;
