import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bytes, concat } from '#core';
import { CIPHERTEXT_PRIMES, RING_DEGREE, thresholdParameters } from './parameters.ts';
import { CHUNK_BYTES, placesOfChunk, rangeOf, RunningSum } from './running-sum.ts';
import { thresholdAggregator } from './threshold-aggregator.ts';

/** A chunk of residues from the very edges of their range and from a seed. */
function chunkOf(seed: number): Bytes {
  const words = new BigUint64Array(CIPHERTEXT_PRIMES.length * RING_DEGREE);
  for (let i = 0; i < words.length; i++) {
    const prime = CIPHERTEXT_PRIMES[Math.floor(i / RING_DEGREE)]!;
    words[i] = i % 3 === 0 ? prime - 1n : (BigInt(i + 1) * BigInt(seed) * 0x9e37_79b9_7f4a_7c15n) % prime;
  }
  return new Uint8Array(words.buffer);
}

const sumOf = (chunks: readonly Bytes[], places = placesOfChunk(0)): Bytes => {
  const { offset, bytes } = rangeOf(places);
  const sum = new RunningSum(places);
  for (const chunk of chunks) sum.add(chunk.subarray(offset, offset + bytes));
  return sum.bytes();
};

describe('RunningSum', () => {
  it('is the sum that the aggregator adds up', async () => {
    const params = thresholdParameters({ values: 1, lanes: 1, fractionBits: 1, maxSites: 16 });
    using aggregator = await thresholdAggregator(params);
    const chunks = [1, 2, 3, 4, 5].map(chunkOf);
    expect(sumOf(chunks)).toEqual(aggregator.add(chunks));
  });

  it('is the same for any grouping: partial sums add up to the whole', () => {
    const chunks = [7, 8, 9, 10, 11, 12].map(chunkOf);
    const whole = sumOf(chunks);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), (cut) => {
        expect(sumOf([sumOf(chunks.slice(0, cut)), sumOf(chunks.slice(cut))])).toEqual(whole);
      }),
      { numRuns: 5 },
    );
  });

  it('reduces any range of places by the primes of those places', () => {
    const twoChunks = [3, 4, 5].map((seed) => concat(chunkOf(seed), chunkOf(seed + 10)));
    const whole = concat(
      ...[0, 1].map((chunk) =>
        sumOf(twoChunks.map((bytes) => bytes.slice(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES))),
      ),
    );
    const places = 2 * CIPHERTEXT_PRIMES.length * RING_DEGREE;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: places - 40 }), (first) => {
        const { offset, bytes } = rangeOf({ first, count: 40 });
        expect(sumOf(twoChunks, { first, count: 40 })).toEqual(whole.slice(offset, offset + bytes));
      }),
      { numRuns: 50 },
    );
  });

  it('takes bytes at any address, and refuses another number of them', () => {
    const chunk = chunkOf(1);
    const odd = new Uint8Array(chunk.length + 1);
    odd.set(chunk, 1);
    expect(sumOf([odd.subarray(1)])).toEqual(sumOf([chunk]));
    expect(() => new RunningSum(placesOfChunk(0)).add(chunk.subarray(8))).toThrow(
      expect.objectContaining({ code: 'CIPHERTEXT_MALFORMED' }),
    );
  });
});
