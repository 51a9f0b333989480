import {
  DomainError,
  type Interval,
  type Json,
  canonicalJson,
  isoInstant,
  sha256Now,
  toHex,
  utf8,
} from '#core';

/** Signature context of a commitment; see signJson in core. */
export const LOT_CONTEXT = 'gridcommons/lot/1';
const SET_CONTEXT = 'gridcommons/lot-set/1';
const SEED_CONTEXT = 'gridcommons/lot-seed/1';

/** Under this name the market itself commits and reveals, beside its participants. */
export const MARKET_LOT = 'market';

/** Bytes of a nonce: as many as its commitment, so that none is guessed and no two fit one commitment. */
export const LOT_NONCE_BYTES = 32;

/** What a participant commits itself to before bids open, hexadecimal. */
export interface Commitment {
  readonly participant: string;
  readonly commitment: string;
}

/** The nonce behind a commitment, lower-case hexadecimal. */
export interface Reveal {
  readonly participant: string;
  readonly nonce: string;
}

const hashOf = (value: Json): string => toHex(sha256Now(utf8(canonicalJson(value))));

/** SHA-256 over context, session, participant and nonce: it fits no other session and no other participant (Blum 1983). */
export const lotCommitment = (session: string, { participant, nonce }: Reveal): string =>
  hashOf([LOT_CONTEXT, session, participant, requireDigest('LOT_NONCE', nonce)]);

/** Canonical form for signing, in LOT_CONTEXT. @throws LOT_COMMITMENT */
export const lotStatement = (session: string, { participant, commitment }: Commitment): Json => ({
  session,
  participant,
  commitment: requireDigest('LOT_COMMITMENT', commitment),
});

/** @throws LOT_NONCE, LOT_MISMATCH unless the nonce is what the participant committed itself to */
export function requireReveal(session: string, { participant, commitment }: Commitment, nonce: string): void {
  if (lotCommitment(session, { participant, nonce }) === commitment) return;
  throw new DomainError('LOT_MISMATCH', 'expected the nonce that was committed to, got another', 'conflict', {
    participant,
  });
}

/** One hash of all commitments: who keeps it notices later that one came, went or changed. In any order of them. */
export const commitmentsHash = (session: string, commitments: readonly Commitment[]): string =>
  hashOf([SET_CONTEXT, session, pairs(commitments, ({ commitment }) => commitment)]);

/**
 * What the lots of one slot are drawn from: a hash of the nonces that were revealed, and of no order. One of them unknown
 * to whoever places orders is enough to make all draws so. In any order of them.
 */
export const lotSeed = (session: string, slot: Interval, reveals: readonly Reveal[]): string =>
  hashOf([
    SEED_CONTEXT,
    session,
    isoInstant(slot.startMs),
    isoInstant(slot.endMs),
    pairs(reveals, ({ nonce }) => nonce),
  ]);

function pairs<T extends { readonly participant: string }>(
  items: readonly T[],
  valueOf: (item: T) => string,
): Json {
  return items
    .map((item): [string, string] => [item.participant, valueOf(item)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** @throws `code` unless the text is 32 bytes in lower-case hexadecimal */
function requireDigest(code: string, text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new DomainError(
    code,
    `expected ${LOT_NONCE_BYTES} bytes in lower-case hexadecimal, got ${text.length} characters`,
  );
}
