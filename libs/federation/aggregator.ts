import type { Bytes } from '#core';

/** Where a ciphertext belongs: fixes the public component a = Expand("data", card hash, round, chunk). */
export interface Component {
  readonly cardHash: string;
  readonly round: number;
  readonly chunk: number;
}

/** A site's secret for one card and its Shamir shares; `shares[l − 1]` is for the decryptor at point l. */
export interface Dealing {
  readonly secret: Bytes;
  readonly shares: readonly Bytes[];
}

/** What one decryptor needs to answer for one chunk. */
export interface AnswerInput {
  /**
   * This decryptor's shares of every uploader's secret, in the order of U. One list for all chunks of a round is added up
   * once; its bytes stay as they are until the last answer.
   */
  readonly shares: readonly Bytes[];
  /** This decryptor's point and the active set A it belongs to, both 1…n. */
  readonly index: number;
  readonly active: readonly number[];
  /** K_lk by the other active point: 32 bytes each, from X25519 of l and k, bound to the card. */
  readonly maskKeys: ReadonlyMap<number, Bytes>;
  /** SHA-256 hex binding U and A into the masks. */
  readonly agreementHash: string;
  readonly component: Component;
}

/**
 * The arithmetic of one secure sum: opaque bytes between sites, decryptors and whoever combines; protocol, storage and
 * transport know no scheme. A chunk is `slots` integers modulo the plaintext modulus, the sum of chunks is exact.
 * Implementations: threshold BFV (libs/encryption) and the plain sum of tests and simulations (below).
 */
export interface Aggregator {
  /** Slots a chunk. */
  readonly slots: number;
  /** Draws a fresh secret and shares it t-of-n. */
  deal(threshold: number, points: number): Dealing;
  /**
   * Response of one decryptor to the share test of one dealer: decimal residues, which over all honest decryptors of an
   * honest dealer lie on polynomials of degree < t. `seed` = 32 public random bytes bound to card, dealer and sealed shares.
   */
  shareTest(share: Bytes, seed: Bytes): readonly string[];
  /** One chunk under the site's own secret. Never called twice for one component: the caller writes durably first. */
  encrypt(secret: Bytes, slots: BigInt64Array, component: Component): Bytes;
  /** Sum of uploads. @throws CIPHERTEXT_MALFORMED for a wrong length or a residue that is not below its prime. */
  add(chunks: readonly Bytes[]): Bytes;
  answer(input: AnswerInput): Bytes;
  /** Slots of the sum, centred modulo the plaintext modulus; garbage unless the answers are those of the active set. */
  combine(sum: Bytes, answers: readonly Bytes[]): BigInt64Array;
}
