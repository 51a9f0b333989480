import { describe, expect, it } from '@jest/globals';
import { plainAggregator } from './plain-aggregator.ts';

const T = 97n;
const aggregator = plainAggregator({
  scheme: 'plain/1',
  ringDegree: 4,
  primes: [],
  plainModulus: String(T),
  lanes: 1,
  fractionBits: 0,
  maxSites: 2,
  values: 3,
});
const at = { cardHash: '00', round: 1, chunk: 0 };
const nothing = new Uint8Array(0);

describe('plain aggregator', () => {
  it('writes slots as little-endian residues', () => {
    const chunk = aggregator.encrypt(nothing, BigInt64Array.of(1n, -1n, 0n, 48n), at);
    expect([...new BigUint64Array(chunk.buffer)]).toEqual([1n, 96n, 0n, 48n]);
  });

  it('sums modulo t, centred', () => {
    const one = aggregator.encrypt(nothing, BigInt64Array.of(40n, -40n, 3n, -48n), at);
    expect([...aggregator.combine(aggregator.add([one, one]), [])]).toEqual([-17n, 17n, 6n, 1n]);
  });

  it('deals empty shares and answers nothing', () => {
    const { secret, shares } = aggregator.deal(2, 4);
    expect([secret.length, shares.map((share) => share.length)]).toEqual([0, [0, 0, 0, 0]]);
    expect(aggregator.shareTest(shares[0]!, new Uint8Array(32))).toEqual([]);
  });

  it.each([
    ['another length', new Uint8Array(31)],
    ['a residue that is not below t', Uint8Array.of(...new Uint8Array(24), 97, ...new Uint8Array(7))],
  ])('refuses %s', (_name, chunk) => {
    expect(() => aggregator.add([chunk])).toThrow(expect.objectContaining({ code: 'CIPHERTEXT_MALFORMED' }));
  });

  it('refuses another number of slots', () => {
    expect(() => aggregator.encrypt(nothing, new BigInt64Array(5), at)).toThrow(
      expect.objectContaining({ code: 'SLOTS_LENGTH' }),
    );
  });
});
