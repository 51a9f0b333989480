import { DomainError, hashJson, type Json, parseInstant } from '#core';

/** One organisation of a task: who it is, under which keys. Its decryptor index (Shamir point) is its position + 1. */
export interface RosterMember {
  readonly organisation: string;
  /** Register number, LEI or the like; one legal person may stand in a roster once. */
  readonly legalId: string;
  /** Ed25519 public key, 32 bytes hex. */
  readonly signingKey: string;
  /** X25519 public key, 32 bytes hex. */
  readonly agreementKey: string;
}

/** Public parameters of the secure sum, carried in the card so that anyone can check a transcript with them alone. */
export interface EncryptionParameters {
  readonly scheme: 'threshold-bfv/1' | 'plain/1';
  /** N: slots a chunk, the last of which is the checksum. */
  readonly ringDegree: number;
  /** Ciphertext primes q_i, decimal. */
  readonly primes: readonly string[];
  /** Plaintext modulus t, decimal. */
  readonly plainModulus: string;
  readonly lanes: 1 | 2 | 3;
  /** A value v travels as round(v · 2^fractionBits). */
  readonly fractionBits: number;
  /** Most sites a sum can hold: every lane has room for that many largest values. */
  readonly maxSites: number;
  /** Length of the summed vector. */
  readonly values: number;
}

export interface ReleasePolicy {
  /** t: decryptors needed; t − 1 colluding learn nothing. */
  readonly threshold: number;
  /** Q: READY signatures needed; two quorums share an honest decryptor. */
  readonly quorum: number;
  /** k_min: organisations in every released sum, at least. */
  readonly minimumOrganisations: number;
  /** Fixed partition of the roster: every released cohort is a union of whole blocks, so no difference of two is below k_min. */
  readonly blocks: readonly (readonly string[])[];
}

export interface Epoch {
  /** ISO 8601 instants, half-open. */
  readonly start: string;
  readonly end: string;
}

/** Everything a node must agree to before it takes part. Its SHA-256 is in every message of the task. */
export interface TaskCard {
  readonly format: 'gridcommons/card/1';
  readonly taskId: string;
  readonly issuedAt: string;
  /** Ed25519 public key that signs the platform's messages. */
  readonly platformKey: string;
  readonly model: {
    readonly kind: 'one-shot-ridge';
    readonly lookback: number;
    readonly horizon: number;
    readonly cycle: number;
    readonly lambdas: readonly number[];
  };
  readonly data: {
    readonly series: string;
    readonly zone: string;
    readonly train: Epoch;
    readonly validation: Epoch;
  };
  readonly encryption: EncryptionParameters;
  readonly release: ReleasePolicy;
  /** Seconds each step may take before the platform goes on without those who are silent, or fails the task. */
  readonly windows: { readonly keys: number; readonly upload: number; readonly answer: number };
  /** No differential privacy: stated, not omitted. */
  readonly privacy: null;
  readonly roster: readonly RosterMember[];
}

export const cardHashOf = (card: TaskCard): Promise<string> => hashJson(card as unknown as Json);

/** Largest f with n ≥ 3f + 1: the silent or deviating decryptors a roster of n tolerates. */
export const toleratedFaults = (n: number): number => Math.floor((n - 1) / 3);

/** Q = ⌊(n + t − 1) / 2⌋ + 1. */
export const quorumOf = (n: number, threshold: number): number => Math.floor((n + threshold - 1) / 2) + 1;

/**
 * The default policy of a roster: t = f + 1 ≥ 2, k_min = t + 1, blocks as small as k_min allows (a block with a missing
 * member is left out whole, so small blocks lose least). @throws ROSTER_TOO_SMALL below 4 members.
 */
export function defaultPolicy(roster: readonly RosterMember[]): ReleasePolicy {
  const n = roster.length;
  if (n < 4) throw rosterTooSmall(n);
  const threshold = Math.max(2, toleratedFaults(n) + 1);
  const minimumOrganisations = threshold + 1;
  const count = Math.floor(n / minimumOrganisations);
  const blocks = Array.from({ length: count }, (_, b) =>
    roster.filter((_member, i) => Math.floor((i * count) / n) === b).map((member) => member.organisation),
  );
  return { threshold, quorum: quorumOf(n, threshold), minimumOrganisations, blocks };
}

const rosterTooSmall = (n: number) =>
  new DomainError(
    'ROSTER_TOO_SMALL',
    `expected at least 4 organisations (n ≥ 3f + 1, f ≥ 1), got ${n}`,
    'invalid',
    { n },
  );

const refuse = (code: string, message: string) => new DomainError(code, message, 'invalid');

/** @throws CARD_… naming the first rule of the protocol that the card breaks. Nodes and platform both run it. */
export function requireSoundCard(card: TaskCard): void {
  if (card.format !== 'gridcommons/card/1')
    throw refuse('CARD_FORMAT', `expected gridcommons/card/1, got ${String(card.format)}`);
  requireDistinctRoster(card.roster);
  requirePolicy(card);
  requireEpochs(card);
  const { encryption } = card;
  if (encryption.scheme !== 'threshold-bfv/1' && encryption.scheme !== 'plain/1') {
    throw refuse('CARD_SCHEME', `expected threshold-bfv/1, got ${String(encryption.scheme)}`);
  }
  if (encryption.maxSites < card.roster.length) {
    throw refuse(
      'CARD_LANES',
      `expected room for ${card.roster.length} sites in a lane, got ${encryption.maxSites}`,
    );
  }
}

const ORGANISATION = /^(?!platform$)[\w-]{1,64}$/;

function requireDistinctRoster(roster: readonly RosterMember[]): void {
  if (roster.length < 4) throw rosterTooSmall(roster.length);
  // Nodes name files and senders by it.
  const misnamed = roster.findIndex(({ organisation }) => !ORGANISATION.test(organisation));
  if (misnamed >= 0) {
    throw refuse(
      'ROSTER_NAME',
      `expected organisations of 1–64 letters, digits, _ or - other than "platform", got another at ${misnamed}`,
    );
  }
  for (const field of ['organisation', 'legalId', 'signingKey', 'agreementKey'] as const) {
    const values = roster.map((member) => member[field]);
    const twice = values.find((value, i) => values.indexOf(value) !== i);
    if (twice !== undefined) {
      throw new DomainError(
        'ROSTER_NOT_DISTINCT',
        `expected every ${field} once in the roster, got ${twice} twice`,
        'invalid',
        {
          field,
          value: twice,
        },
      );
    }
  }
}

function requirePolicy({ roster, release }: TaskCard): void {
  const n = roster.length;
  const { threshold, quorum, minimumOrganisations } = release;
  if (!Number.isInteger(threshold) || threshold < 2 || n < 3 * (threshold - 1) + 1) {
    throw refuse('CARD_THRESHOLD', `expected 2 ≤ t ≤ (n + 2) / 3 for n = ${n}, got t = ${threshold}`);
  }
  if (quorum !== quorumOf(n, threshold)) {
    throw refuse(
      'CARD_QUORUM',
      `expected Q = ${quorumOf(n, threshold)} for n = ${n}, t = ${threshold}, got ${quorum}`,
    );
  }
  if (
    !Number.isInteger(minimumOrganisations) ||
    minimumOrganisations < threshold + 1 ||
    minimumOrganisations > n
  ) {
    throw refuse(
      'CARD_MINIMUM',
      `expected t + 1 ≤ k_min ≤ n, got k_min = ${minimumOrganisations} for t = ${threshold}`,
    );
  }
  requireBlocks(roster, release);
}

function requireBlocks(roster: TaskCard['roster'], { blocks, minimumOrganisations }: ReleasePolicy): void {
  const members = blocks.flat().toSorted();
  const expected = roster.map((member) => member.organisation).toSorted();
  if (members.length !== roster.length || members.some((member, i) => member !== expected[i])) {
    throw refuse('CARD_BLOCKS', 'expected blocks that hold every member of the roster exactly once');
  }
  const small = blocks.find((block) => block.length < minimumOrganisations);
  if (small)
    throw refuse(
      'CARD_BLOCKS',
      `expected blocks of at least ${minimumOrganisations} members, got ${small.length}`,
    );
}

function requireEpochs({ data }: TaskCard): void {
  const [a, b, c, d] = [data.train.start, data.train.end, data.validation.start, data.validation.end].map(
    (text) => parseInstant(text),
  ) as [number, number, number, number];
  if (!(a < b && b <= c && c < d)) {
    throw refuse('CARD_EPOCHS', 'expected train.start < train.end ≤ validation.start < validation.end');
  }
}

/** Decryptor index (Shamir point, 1…n) of an organisation. @throws NOT_IN_ROSTER */
export function decryptorIndex(card: TaskCard, organisation: string): number {
  const position = card.roster.findIndex((member) => member.organisation === organisation);
  if (position < 0) {
    throw new DomainError(
      'NOT_IN_ROSTER',
      `expected a member of the roster, got ${organisation}`,
      'forbidden',
      { organisation },
    );
  }
  return position + 1;
}

/** The cohort a set of uploads allows: members of the blocks that are complete, in roster order. */
export function completeBlocks(card: TaskCard, uploaded: ReadonlySet<string>): string[] {
  const whole = new Set(
    card.release.blocks.filter((block) => block.every((member) => uploaded.has(member))).flat(),
  );
  return card.roster.map((member) => member.organisation).filter((organisation) => whole.has(organisation));
}
