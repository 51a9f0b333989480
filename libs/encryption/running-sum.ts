import { type Bytes, DomainError } from '#core';
import { CIPHERTEXT_PRIMES, RING_DEGREE } from './parameters.ts';

const WORD_BYTES = 8;
const CHUNK_PLACES = CIPHERTEXT_PRIMES.length * RING_DEGREE;
const TWO_32 = 1n << 32n;

/** Bytes of one chunk of an upload, an answer or their sum. */
export const CHUNK_BYTES = CHUNK_PLACES * WORD_BYTES;

/** `count` residues from place `first` on, counted through the chunks of a ciphertext. */
export interface Places {
  readonly first: number;
  readonly count: number;
}

/** The places of one chunk. */
export const placesOfChunk = (chunk: number): Places => ({
  first: chunk * CHUNK_PLACES,
  count: CHUNK_PLACES,
});

/** Where places begin, and how long they are, in bytes. */
export const rangeOf = ({ first, count }: Places): { readonly offset: number; readonly bytes: number } => ({
  offset: first * WORD_BYTES,
  bytes: count * WORD_BYTES,
});

/**
 * Σ of the same places of many ciphertexts, one at a time, without SEAL: halves of 32 bits are added exactly as doubles, up
 * to 2^21 of them, and reduced once. Whether residues are below their primes was checked when the ciphertexts came.
 */
export class RunningSum {
  /** Low and high half of each place in turn, as on the wire. */
  readonly #halves: Float64Array;

  constructor(private readonly places: Places) {
    this.#halves = new Float64Array(2 * places.count);
  }

  /** @throws CIPHERTEXT_MALFORMED for another number of bytes */
  add(bytes: Uint8Array): void {
    if (bytes.length !== WORD_BYTES * this.places.count) {
      throw new DomainError(
        'CIPHERTEXT_MALFORMED',
        `expected ${WORD_BYTES * this.places.count} bytes, got ${bytes.length}`,
      );
    }
    const { buffer, byteOffset } = byteAligned(bytes);
    const words = new Uint32Array(buffer, byteOffset, 2 * this.places.count);
    const halves = this.#halves;
    for (let i = 0; i < halves.length; i++) halves[i]! += words[i]!;
  }

  bytes(): Bytes {
    const sum = new BigUint64Array(this.places.count);
    for (let i = 0; i < sum.length; i++) {
      const place = (this.places.first + i) % CHUNK_PLACES;
      const prime = CIPHERTEXT_PRIMES[Math.floor(place / RING_DEGREE)]!;
      sum[i] = (BigInt(this.#halves[2 * i + 1]!) * TWO_32 + BigInt(this.#halves[2 * i]!)) % prime;
    }
    return new Uint8Array(sum.buffer);
  }
}

const byteAligned = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 4 === 0 ? bytes : bytes.slice());
