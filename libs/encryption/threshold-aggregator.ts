import { type Bytes, DomainError } from '#core';
import {
  type Aggregator,
  type AnswerInput,
  type Component,
  type Dealing,
  type EncryptionParameters,
  lagrangeAtZero,
} from '#federation';
import { Bfv } from './bfv.ts';
import { publicComponent } from './expand.ts';
import { CIPHERTEXT_PRIMES, requireSupported, RING_DEGREE } from './parameters.ts';
import {
  addInto,
  multiply,
  multiplyAdd,
  parseResidues,
  type Residues,
  ringBytes,
  ringOf,
  scalars,
  subtractInto,
  sumOf,
  toBytes,
} from './ring.ts';
import { scaleMessage } from './scaling.ts';
import { loadSeal } from './seal.ts';
import { SEALING_BYTES } from './sealing.ts';
import { dealShares, parseShare, shareBytes, shareTestResponses } from './sharing.ts';
import { drawSmudge, smudgingBits, zeroSumMask } from './smudging.ts';

/** Public components kept: a site encrypts and answers for the same few chunks. 196 608 bytes each. */
const KEPT_COMPONENTS = 8;

const SEED_BYTES = 32;

/**
 * Threshold BFV aggregation under per-site secrets and a public second component a. Site i sends c0_i = −a·s_i + e_i + Δ·m_i;
 * decryptor l of the active set A answers a·λ_l·Σ_{i∈U} S_i(l) + smudge + zero-sum mask; Σ c0 + Σ answers = Δ·Σ m + small.
 * All bytes are residues in transformed form, 3 primes × 8192 × 8 bytes = 196 608 a chunk.
 * @throws PARAMETERS_UNSUPPORTED, SMUDGING_DOES_NOT_FIT
 */
export async function thresholdAggregator(params: EncryptionParameters): Promise<Aggregator & Disposable> {
  requireSupported(params);
  smudgingBits(params.maxSites, 1);
  return new ThresholdAggregator(new Bfv(await loadSeal()), params);
}

/**
 * The bytes of an upload or an answer of `chunks` chunks.
 * @throws CIPHERTEXT_MALFORMED for another length or a residue that is not below its prime.
 */
export function requireCiphertext(bytes: Uint8Array, chunks: number, params: EncryptionParameters): void {
  requireCiphertextLength(bytes.length, chunks, params);
  const ring = ringOf(RING_DEGREE, CIPHERTEXT_PRIMES);
  const size = ringBytes(ring);
  for (let chunk = 0; chunk < chunks; chunk++) {
    parseResidues(bytes.subarray(chunk * size, (chunk + 1) * size), ring);
  }
}

/** For who reads it chunk by chunk. @throws CIPHERTEXT_MALFORMED */
export function requireCiphertextLength(bytes: number, chunks: number, params: EncryptionParameters): void {
  requireSupported(params);
  const expected = chunks * ringBytes(ringOf(RING_DEGREE, CIPHERTEXT_PRIMES));
  if (bytes === expected) return;
  throw new DomainError('CIPHERTEXT_MALFORMED', `expected ${expected} bytes, got ${bytes}`, 'invalid', {
    expected,
    got: bytes,
  });
}

/** The bytes of a share that is sealed to a decryptor. */
export const sealedShareBytes = (): number =>
  shareBytes(ringOf(RING_DEGREE, CIPHERTEXT_PRIMES)) + SEALING_BYTES;

/** One at a time: unaligned elements are copies. */
function* mapped<T, U>(items: Iterable<T>, map: (item: T) => U): Generator<U> {
  for (const item of items) yield map(item);
}

const sameMembers = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((member, i) => member === b[i]);

interface ShareSum {
  readonly shares: readonly Bytes[];
  readonly sum: Residues;
}

class ThresholdAggregator implements Aggregator, Disposable {
  readonly slots = RING_DEGREE;
  readonly #components = new Map<string, Residues>();
  readonly #shareSums = new WeakMap<readonly Bytes[], ShareSum>();

  constructor(
    private readonly bfv: Bfv,
    private readonly params: EncryptionParameters,
  ) {}

  deal(threshold: number, points: number): Dealing {
    const secret = this.bfv.drawSecret();
    return { secret: toBytes(secret), shares: dealShares(this.bfv.ring, secret, threshold, points) };
  }

  shareTest(share: Bytes, seed: Bytes): readonly string[] {
    if (seed.length !== SEED_BYTES) {
      throw new DomainError('SEED_INVALID', `expected ${SEED_BYTES} bytes, got ${seed.length}`);
    }
    return shareTestResponses(this.bfv.ring, parseShare(share, this.bfv.ring), seed);
  }

  encrypt(secret: Bytes, slots: BigInt64Array, component: Component): Bytes {
    if (slots.length !== this.slots) {
      throw new DomainError('SLOTS_LENGTH', `expected ${this.slots} slots, got ${slots.length}`);
    }
    const { ring } = this.bfv;
    const key = parseResidues(secret, ring, 'SECRET_MALFORMED');
    const message = scaleMessage(ring, this.bfv.encode(slots), this.bfv.drawError());
    const c0 = this.bfv.transform(message);
    subtractInto(ring, c0, multiply(ring, this.#component(component), key));
    return toBytes(c0);
  }

  add(chunks: readonly Bytes[]): Bytes {
    return toBytes(this.#sum(chunks));
  }

  answer(input: AnswerInput): Bytes {
    const { shares, index, active, component } = input;
    const { ring } = this.bfv;
    this.#requireUploads(shares.length);
    const lambda = scalars(ring, (p) => lagrangeAtZero(active, index, p));
    const smudge = drawSmudge(ring, smudgingBits(this.params.maxSites, active.length));
    const mask = zeroSumMask(ring, input);
    const answer = multiplyAdd(
      ring,
      this.#component(component),
      multiply(ring, this.#sumOfShares(shares), lambda),
      this.bfv.transform(smudge),
    );
    addInto(ring, answer, mask);
    return toBytes(answer);
  }

  combine(sum: Bytes, answers: readonly Bytes[]): BigInt64Array {
    return this.bfv.open(this.#sum([sum, ...answers]));
  }

  [Symbol.dispose](): void {
    this.#components.clear();
    this.bfv[Symbol.dispose]();
  }

  #sum(chunks: readonly Bytes[]): Residues {
    const { ring } = this.bfv;
    return sumOf(
      ring,
      mapped(chunks, (chunk) => parseResidues(chunk, ring)),
    );
  }

  /** Σ_{i∈U} S_i(l) is the same for all chunks of a round, so it is kept as long as the list it was made of. */
  #sumOfShares(shares: readonly Bytes[]): Residues {
    const { ring } = this.bfv;
    const kept = this.#shareSums.get(shares);
    if (kept && sameMembers(kept.shares, shares)) return kept.sum;
    const sum = sumOf(
      ring,
      mapped(shares, (share) => parseShare(share, ring).body),
    );
    this.#shareSums.set(shares, { shares: [...shares], sum });
    return sum;
  }

  #requireUploads(uploads: number): void {
    if (uploads >= 1 && uploads <= this.params.maxSites) return;
    throw new DomainError(
      'UPLOADS_OUT_OF_RANGE',
      `expected 1 to ${this.params.maxSites} uploads, got ${uploads}`,
      'limit',
      { uploads, maxSites: this.params.maxSites },
    );
  }

  /** a, derived here and never taken from the wire. */
  #component(component: Component): Residues {
    const { cardHash, round, chunk } = component;
    const key = `${cardHash}/${round}/${chunk}`;
    const kept = this.#components.get(key);
    if (kept) return kept;
    const a = publicComponent(this.bfv.ring, component);
    if (this.#components.size >= KEPT_COMPONENTS) {
      this.#components.delete(this.#components.keys().next().value!);
    }
    this.#components.set(key, a);
    return a;
  }
}
