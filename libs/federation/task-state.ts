import { decryptorIndex, type TaskCard } from './card.ts';
import type { BlobReference, Payloads } from './message.ts';

export type Phase =
  | 'dealing' // sealed shares arrive
  | 'committing' // dealers commit to the share test's nonces
  | 'revealing'
  | 'testing' // every dealer answers the share test for every other
  | 'uploading' // ciphertexts arrive
  | 'preparing' // U is fixed, READY signatures arrive
  | 'answering' // A is fixed, answers arrive
  | 'released'
  | 'failed';

/** All that a transcript says so far. Derived by `accept` alone: platform, nodes and verifiers replay the same function. */
export interface TaskState {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly phase: Phase;
  readonly round: number;
  readonly deals: ReadonlyMap<string, Payloads['deal']>;
  /** Dealers that go on; after the share test only those it did not name. */
  readonly dealers: readonly string[];
  readonly commitments: ReadonlyMap<string, string>;
  readonly nonces: ReadonlyMap<string, string>;
  readonly tests: ReadonlyMap<string, Payloads['test']>;
  /** Who the share test excluded, as dealer or as decryptor. */
  readonly culprits: readonly string[];
  readonly uploads: ReadonlyMap<string, BlobReference>;
  readonly close: Payloads['close'] | null;
  readonly uploadsHash: string | null;
  readonly ready: readonly string[];
  readonly active: readonly number[];
  /** Who was active in a burned round and did not answer: its READY still counts, but it is not made active again. */
  readonly silent: readonly string[];
  readonly answers: ReadonlyMap<string, BlobReference>;
  readonly release: Payloads['release'] | null;
  readonly failure: Payloads['fail'] | null;
}

/** What a round begins with. */
export const emptyRound = {
  uploads: new Map<string, BlobReference>(),
  close: null,
  uploadsHash: null,
  ready: [],
  active: [],
  answers: new Map<string, BlobReference>(),
} satisfies Partial<TaskState>;

/** The state before any member spoke. The card must already have passed requireSoundCard. */
export function openTask(card: TaskCard, cardHash: string): TaskState {
  return {
    card,
    cardHash,
    phase: 'dealing',
    round: 1,
    deals: new Map(),
    dealers: [],
    commitments: new Map(),
    nonces: new Map(),
    tests: new Map(),
    culprits: [],
    silent: [],
    ...emptyRound,
    release: null,
    failure: null,
  };
}

/**
 * A: t of the READY, lowest index first, without those that were silent when they were active before; null while READY is
 * short of the quorum or of t such members.
 */
export function activeSet({ card, ready, silent }: TaskState): number[] | null {
  const { quorum, threshold } = card.release;
  const points = ready
    .filter((organisation) => !silent.includes(organisation))
    .map((organisation) => decryptorIndex(card, organisation))
    .toSorted((a, b) => a - b);
  return ready.length < quorum || points.length < threshold ? null : points.slice(0, threshold);
}
