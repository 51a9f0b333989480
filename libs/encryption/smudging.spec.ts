import { describe, expect, it } from '@jest/globals';
import { inverse } from '#federation';
import { CIPHERTEXT_MODULUS, CIPHERTEXT_PRIMES, PLAIN_MODULUS } from './parameters.ts';
import { addInto, type Residues, ringOf } from './ring.ts';
import { drawSmudge, smudgingBits, zeroSumMask } from './smudging.ts';

const ring = ringOf(64, CIPHERTEXT_PRIMES);
const q = CIPHERTEXT_MODULUS;

/** Coefficients as integers in (−q/2, q/2), by the Chinese remainder theorem. */
const centredLift = (x: Residues): bigint[] =>
  Array.from({ length: ring.degree }, (_, i) => {
    const value = CIPHERTEXT_PRIMES.reduce((sum, p, j) => {
      const others = q / p;
      return sum + x[j * ring.degree + i]! * others * inverse(others, p);
    }, 0n);
    return value % q > q / 2n ? (value % q) - q : value % q;
  });

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

const sum = (masks: readonly Residues[]) => {
  const total = new BigUint64Array(ring.length);
  for (const mask of masks) addInto(ring, total, mask);
  return total;
};

describe('smudging bound', () => {
  it.each([
    [1, 85n], // 21.5 → 22 < 2^5
    [16, 89n], // 344 < 2^9
    [64, 91n], // 1 376 < 2^11
    [1000, 95n], // 21 500 < 2^15
  ])('for %d sites is 2^%d: 2^80 × K·(21 + ½)', (sites, bits) => {
    expect(smudgingBits(sites, 2)).toBe(bits);
    const twiceNoise = BigInt(sites) * 43n;
    expect(2n ** (bits + 1n)).toBeGreaterThanOrEqual(2n ** 80n * twiceNoise);
    expect(2n * PLAIN_MODULUS * (twiceNoise + 2n * 2n ** bits)).toBeLessThan(q);
  });

  it('fits a thousand sites and twenty decryptors, and is refused where it does not fit', () => {
    expect(smudgingBits(1000, 20)).toBe(95n);
    expect(() => smudgingBits(2 ** 36, 2)).toThrow(
      expect.objectContaining({
        code: 'SMUDGING_DOES_NOT_FIT',
        data: { sites: 2 ** 36, active: 2, bits: 121 },
      }),
    );
    expect(smudgingBits(2 ** 30, 2)).toBe(115n);
    expect(() => smudgingBits(2 ** 30, 64)).toThrow(
      expect.objectContaining({ code: 'SMUDGING_DOES_NOT_FIT' }),
    );
  });
});

describe('smudge', () => {
  it.each([85n, 95n, 119n])('fills [−2^%d, 2^%d)', (bits) => {
    const bound = 1n << bits;
    const draws = Array.from({ length: 40 }, () => centredLift(drawSmudge(ring, bits))).flat();
    expect(draws.every((x) => x >= -bound && x < bound)).toBe(true);
    // 2 560 draws: all in the lower half of the range, or all of one sign, once in 2^2560.
    expect(draws.some((x) => magnitude(x) > bound / 2n)).toBe(true);
    expect(draws.some((x) => x > 0n) && draws.some((x) => x < 0n)).toBe(true);
    expect(new Set(draws.map((x) => x & 0xffn)).size).toBeGreaterThan(200);
    expect(new Set(draws).size).toBe(draws.length);
  });
});

describe('zero-sum masks', () => {
  const active = [2, 3, 5, 7];
  const component = { cardHash: 'aa', round: 1, chunk: 0 };
  const agreementHash = 'bb';
  const keysOf = (index: number) =>
    new Map(
      active
        .filter((other) => other !== index)
        .map((other) => [
          other,
          new Uint8Array(32).fill(Math.min(index, other) * 10 + Math.max(index, other)),
        ]),
    );
  const maskOf = (index: number, change = {}) =>
    zeroSumMask(ring, { index, active, maskKeys: keysOf(index), component, agreementHash, ...change });
  it('cancel over all of A and over nothing less', () => {
    expect(sum(active.map((index) => maskOf(index))).every((x) => x === 0n)).toBe(true);
    for (const absent of active) {
      const rest = sum(active.filter((index) => index !== absent).map((index) => maskOf(index)));
      expect(centredLift(rest).every((x) => magnitude(x) > 1n << 140n)).toBe(true);
    }
  });

  it.each([
    ['card', { component: { ...component, cardHash: 'ab' } }],
    ['round', { component: { ...component, round: 2 } }],
    ['chunk', { component: { ...component, chunk: 1 } }],
    ['agreement', { agreementHash: 'bc' }],
  ])('of another %s do not cancel', (_name, change) => {
    const masks = active.map((index) => maskOf(index, index === 3 ? change : {}));
    expect(sum(masks).every((x) => x === 0n)).toBe(false);
  });

  it('need a key with every other decryptor', () => {
    const keys = keysOf(3);
    keys.delete(7);
    expect(() => maskOf(3, { maskKeys: keys })).toThrow(
      expect.objectContaining({ code: 'MASK_KEY_MISSING', data: { decryptor: 7 } }),
    );
    keys.set(7, new Uint8Array(31));
    expect(() => maskOf(3, { maskKeys: keys })).toThrow(
      expect.objectContaining({ code: 'MASK_KEY_MISSING' }),
    );
  });
});
