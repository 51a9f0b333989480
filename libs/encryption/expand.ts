import { createHash, randomFillSync } from 'node:crypto';
import { concat, DomainError, utf8 } from '#core';
import type { Component } from '#federation';
import type { Residues, Ring, WordSource } from './ring.ts';
import { uniform } from './ring.ts';

/** Text, bytes or a non-negative integer: all go in length-prefixed, so that no two lists of fields read the same. */
export type Field = string | Uint8Array | number;

function fieldBytes(field: Field): Uint8Array {
  if (typeof field === 'string') return utf8(field);
  if (typeof field !== 'number') return field;
  if (!Number.isSafeInteger(field) || field < 0) {
    throw new DomainError('FIELD_INVALID', `expected a non-negative integer to hash, got ${field}`);
  }
  return new Uint8Array(BigUint64Array.of(BigInt(field)).buffer);
}

export const encodeFields = (fields: readonly Field[]): Uint8Array =>
  concat(
    ...fields.flatMap((field) => {
      const bytes = fieldBytes(field);
      return [new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes];
    }),
  );

/** SHAKE-256 (FIPS 202) of the length-prefixed fields as a stream of little-endian 64-bit words. */
function shakeWords(fields: readonly Field[]): WordSource {
  const input = encodeFields(fields);
  let taken = 0;
  return (count) => {
    const outputLength = 8 * (taken + count);
    const stream = createHash('shake256', { outputLength }).update(input).digest();
    const words = new BigUint64Array(new Uint8Array(stream.subarray(8 * taken)).buffer);
    taken += count;
    return words;
  };
}

/** The system's CSPRNG. */
export const randomWords: WordSource = (count) => randomFillSync(new BigUint64Array(count));

/** Expand(label, …): `places` (N unless told) uniform numbers a prime, a public or keyed function of the fields. */
export const expand = (ring: Ring, fields: readonly Field[], places = ring.degree): Residues =>
  uniform(ring, places, shakeWords(fields));

/** a = Expand("data", card hash, round, chunk), the second component of every ciphertext of one sum. */
export const publicComponent = (ring: Ring, { cardHash, round, chunk }: Component): Residues =>
  expand(ring, ['data', cardHash, round, chunk]);
