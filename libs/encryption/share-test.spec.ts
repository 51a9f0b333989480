import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import type { Bytes } from '#core';
import { type Aggregator, deviators } from '#federation';
import { thresholdParameters } from './parameters.ts';
import { thresholdAggregator } from './threshold-aggregator.ts';

// Generous: the ring is the real one and the machine may be busy.
jest.setTimeout(60_000);

const POINTS = [1, 2, 3, 4, 5];
const N = POINTS.length;
const RESPONSES = [0, 1, 2, 3, 4, 5];
const params = thresholdParameters({ values: 1, lanes: 1, fractionBits: 0, maxSites: 5 });
const seed = new Uint8Array(32).fill(5);

let aggregator: Aggregator & Disposable;
beforeAll(async () => {
  aggregator = await thresholdAggregator(params);
});
afterAll(() => aggregator[Symbol.dispose]());

/** By response (three primes, two challenges each): the points that deviate, null where nothing decodes. */
const judge = (shares: readonly Bytes[], threshold: number) => {
  const responses = shares.map((share) => aggregator.shareTest(share, seed));
  return RESPONSES.map((i) =>
    deviators(
      POINTS,
      responses.map((response) => BigInt(response[i]!)),
      threshold,
      BigInt(params.primes[i % params.primes.length]!),
    ),
  );
};

/** One place of one share changed by one. */
const altered = (share: Bytes, place: number) => {
  const words = new BigUint64Array(share.slice().buffer);
  const number = words[place]!;
  words[place] = number > 0n ? number - 1n : 1n;
  return new Uint8Array(words.buffer);
};

describe('share test', () => {
  it('accepts an honest dealer', () => {
    const { shares } = aggregator.deal(3, N);
    expect(judge(shares, 3)).toEqual(RESPONSES.map(() => []));
    expect(shares[0]).toHaveLength(8 * (3 * 8192 + 6));
  });

  it('names the decryptor that deviates, wherever its share does', () => {
    fc.assert(
      fc.property(fc.nat(8191), fc.nat(2), fc.nat(N - 1), (place, prime, position) => {
        const shares = aggregator.deal(2, N).shares.slice();
        shares[position] = altered(shares[position]!, prime * 8192 + place);
        const named = judge(shares, 2);
        // Both challenges of that prime name the point, the other primes nobody.
        expect(named.map((points) => points!.length)).toEqual(
          RESPONSES.map((i) => (i % 3 === prime ? 1 : 0)),
        );
        expect(named.flat().every((point) => point === POINTS[position])).toBe(true);
      }),
      { numRuns: 5 },
    );
  });

  it('rejects a dealer whose sharing has too high a degree, in every place or in one', () => {
    expect(judge(aggregator.deal(3, N).shares, 2)).toEqual(RESPONSES.map(() => null));
    const honest = aggregator.deal(2, N).shares;
    const one = [honest[0]!, honest[1]!, honest[2]!, altered(honest[3]!, 77), altered(honest[4]!, 77)];
    expect(judge(one, 2).map((points) => points === null)).toEqual(RESPONSES.map((i) => i % 3 === 0));
  });

  it('answers six residues below their primes, a function of share and seed', () => {
    const share = aggregator.deal(2, N).shares[0]!;
    const responses = aggregator.shareTest(share, seed);
    expect(responses).toHaveLength(6);
    expect(responses.every((text, i) => BigInt(text) < BigInt(params.primes[i % 3]!))).toBe(true);
    expect(aggregator.shareTest(share, seed)).toEqual(responses);
    expect(aggregator.shareTest(share, new Uint8Array(32).fill(6))).not.toEqual(responses);
  });

  it('needs a seed of 32 bytes', () => {
    const share = aggregator.deal(2, N).shares[0]!;
    expect(() => aggregator.shareTest(share, new Uint8Array(31))).toThrow(
      expect.objectContaining({ code: 'SEED_INVALID' }),
    );
  });
});
