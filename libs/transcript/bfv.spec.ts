import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { EncryptionParameters } from '#federation';
import { bfvRing, slotsOf } from './bfv.ts';
import { isPrime, leastPrimitiveRoot, powMod } from './modular.ts';
import { bitReverse, forwardNtt, inverseNtt, nttOf } from './ntt.ts';

/** SEAL 4.1.2: CoeffModulus.Create(8192, [60, 60, 60, 17]) without the special prime, PlainModulus.Batching(8192, 59). */
const PRIMES = ['1152921504606683137', '1152921504606748673', '1152921504606830593'];
const PLAIN_MODULUS = '576460752303210497';

const parameters = (ringDegree: number): EncryptionParameters => ({
  scheme: 'threshold-bfv/1',
  ringDegree,
  primes: PRIMES,
  plainModulus: PLAIN_MODULUS,
  lanes: 1,
  fractionBits: 8,
  maxSites: 4,
  values: 5,
});

const mod = (a: bigint, m: bigint): bigint => ((a % m) + m) % m;

/** The definition, without any fast transform: place k is the value at ψ^(2·bitReverse(k) + 1). */
function schoolbookTransform(coefficients: readonly bigint[], modulus: bigint): bigint[] {
  const n = coefficients.length;
  const psi = leastPrimitiveRoot(n, modulus);
  return coefficients.map((_, k) => {
    const point = powMod(psi, BigInt(2 * bitReverse(k, n) + 1), modulus);
    return coefficients.reduceRight((value, c) => mod(value * point + c, modulus), 0n);
  });
}

/** SEAL's slot j of the first row: the value at ψ^(3^j); of the second row: at ψ^(−3^j). */
function schoolbookSlots(coefficients: readonly bigint[], modulus: bigint): bigint[] {
  const n = coefficients.length;
  const psi = leastPrimitiveRoot(n, modulus);
  return coefficients.map((_, slot) => {
    const j = slot % (n / 2);
    const power = powMod(3n, BigInt(j), BigInt(2 * n));
    const exponent = slot < n / 2 ? power : BigInt(2 * n) - power;
    const point = powMod(psi, exponent, modulus);
    return coefficients.reduceRight((value, c) => mod(value * point + c, modulus), 0n);
  });
}

const residue = (modulus: bigint) => fc.bigInt({ min: 0n, max: modulus - 1n });

describe('primes and roots', () => {
  it('knows primes from pseudoprimes and products', () => {
    for (const prime of [2n, 3n, 41n, 43n, 114689n, ...PRIMES.map(BigInt), BigInt(PLAIN_MODULUS)]) {
      expect(isPrime(prime)).toBe(true);
    }
    for (const composite of [0n, 1n, 4n, 561n, 3215031751n, 341550071728321n, 65537n * 114689n]) {
      expect(isPrime(composite)).toBe(false);
    }
  });

  it.each([
    [4, 17n, 2n], // 2^4 = 16 ≡ −1
    [8, 17n, 3n], // 3 is a primitive root modulo 17
    [4, 41n, 3n], // 3^4 = 81 ≡ −1 (mod 41), 2^4 = 16
  ])('the least 2·%d-th root of unity modulo %d is %d', (degree, modulus, root) => {
    expect(leastPrimitiveRoot(degree, modulus)).toBe(root);
  });
});

describe('transform', () => {
  const modulus = BigInt(PRIMES[0]!);

  it('is the evaluation at the odd powers of ψ in bit-reversed order', () => {
    const table = nttOf(16, modulus);
    fc.assert(
      fc.property(fc.array(residue(modulus), { minLength: 16, maxLength: 16 }), (coefficients) => {
        const a = BigUint64Array.from(coefficients);
        forwardNtt(a, table);
        expect([...a]).toEqual(schoolbookTransform(coefficients, modulus));
        inverseNtt(a, table);
        expect([...a]).toEqual(coefficients);
      }),
      { numRuns: 20 },
    );
  });

  it('turns negacyclic products into products of values', () => {
    const small = nttOf(8, 17n);
    const vectors = fc.array(residue(17n), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(vectors, vectors, (a, b) => {
        const product = Array.from({ length: 8 }, (_, k) =>
          a.reduce((sum, x, i) => sum + x * (i <= k ? b[k - i]! : -b[8 + k - i]!), 0n),
        );
        const [x, y] = [BigUint64Array.from(a), BigUint64Array.from(b)];
        forwardNtt(x, small);
        forwardNtt(y, small);
        const z = x.map((value, k) => (value * y[k]!) % 17n);
        inverseNtt(z, small);
        expect([...z]).toEqual(product.map((value) => mod(value, 17n)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('decoding', () => {
  const ring = bfvRing(parameters(16));
  const t = BigInt(PLAIN_MODULUS);
  /** Everything below q/2t in magnitude is rounded away. */
  const noiseBound = ring.q / (2n * t) - 1n;

  const phaseOf = (plain: readonly bigint[], noise: readonly bigint[]): BigUint64Array => {
    const x = plain.map((m, k) => mod((ring.q * m + t / 2n) / t + noise[k]!, ring.q));
    return BigUint64Array.from(
      PRIMES.flatMap((prime) =>
        schoolbookTransform(
          x.map((c) => c % BigInt(prime)),
          BigInt(prime),
        ),
      ),
    );
  };

  it('recovers the slots under any noise below the bound', () => {
    fc.assert(
      fc.property(
        fc.array(residue(t), { minLength: 16, maxLength: 16 }),
        fc.array(fc.bigInt({ min: -noiseBound, max: noiseBound }), { minLength: 16, maxLength: 16 }),
        (plain, noise) => {
          const expected = schoolbookSlots(plain, t).map((slot) => (slot > t / 2n ? slot - t : slot));
          expect([...slotsOf(phaseOf(plain, noise), ring)]).toEqual(expected);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('loses the slots beyond the bound', () => {
    const zeros = Array.from({ length: 16 }, () => 0n);
    const noise = zeros.map((zero, k) => (k === 3 ? noiseBound + 3n : zero));
    expect([...slotsOf(phaseOf(zeros, zeros), ring)]).toEqual(zeros);
    expect([...slotsOf(phaseOf(zeros, noise), ring)]).not.toEqual(zeros);
  });

  it.each([
    ['a degree that is no power of two', { ringDegree: 24 }],
    ['a degree beyond the limit', { ringDegree: 65536 }],
    ['no primes', { primes: [] }],
    ['a prime twice', { primes: [PRIMES[0]!, PRIMES[0]!] }],
    ['a composite that is 1 modulo 2N', { primes: [String(65537n * 114689n)] }],
    ['a prime without 2N-th roots', { primes: ['19'] }],
    ['a modulus beyond 61 bits', { plainModulus: '18446744073709550593' }],
    ['a number in other notation', { plainModulus: '0x61' }],
  ])('refuses %s', (_name, change) => {
    expect(() => bfvRing({ ...parameters(16), ...change })).toThrow(
      expect.objectContaining({ code: 'CARD_RING' }),
    );
  });
});
