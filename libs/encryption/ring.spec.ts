import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CIPHERTEXT_PRIMES, PLAIN_MODULUS } from './parameters.ts';
import {
  addInto,
  evaluateAt,
  innerProduct,
  multiply,
  multiplyAdd,
  parseResidues,
  type Ring,
  ringBytes,
  ringOf,
  scalars,
  subtractInto,
  sumOf,
  toBytes,
  uniform,
} from './ring.ts';

const DEGREE = 4;
const ring = ringOf(DEGREE, CIPHERTEXT_PRIMES);
const doubledPlain = ringOf(DEGREE, [2n * PLAIN_MODULUS]);

const below = (p: bigint) =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: p - 1n }),
    fc.constantFrom(0n, 1n, p - 1n, p - 2n, (1n << 30n) - 1n, (1n << 42n) - 1n, (1n << 59n) + 1n),
  );
const element = (of: Ring) =>
  fc
    .tuple(...of.moduli.flatMap(({ p }) => Array.from({ length: of.degree }, () => below(p))))
    .map((numbers) => BigUint64Array.from(numbers));

const expected = (of: Ring, value: (i: number, j: number, p: bigint) => bigint): bigint[] =>
  Array.from({ length: of.length }, (_, i) => {
    const j = Math.floor(i / of.degree);
    const { p } = of.moduli[j]!;
    return ((value(i, j, p) % p) + p) % p;
  });

describe.each([
  ['ciphertext primes', ring],
  ['twice the plaintext modulus', doubledPlain],
])('arithmetic modulo the %s equals that of integers', (_name, of) => {
  it('x·y + z', () => {
    fc.assert(
      fc.property(element(of), element(of), element(of), (x, y, z) => {
        expect([...multiplyAdd(of, x, y, z)]).toEqual(expected(of, (i) => x[i]! * y[i]! + z[i]!));
        expect([...multiply(of, x, y)]).toEqual(expected(of, (i) => x[i]! * y[i]!));
      }),
      { numRuns: 300 },
    );
  });

  it('sums of many, also of the largest', () => {
    const largest = BigUint64Array.from(
      { length: of.length },
      (_, i) => of.moduli[Math.floor(i / DEGREE)]!.p - 1n,
    );
    for (let count = 0; count <= 48; count++) {
      const sum = sumOf(
        of,
        Array.from({ length: count }, () => largest),
      );
      expect([...sum]).toEqual(expected(of, () => BigInt(-count)));
    }
    fc.assert(
      fc.property(fc.array(element(of), { maxLength: 40 }), (elements) => {
        expect([...sumOf(of, elements)]).toEqual(
          expected(of, (i) => elements.reduce((sum, x) => sum + x[i]!, 0n)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('inner products', () => {
    fc.assert(
      fc.property(element(of), element(of), (x, y) => {
        const products = of.moduli.map(({ p }, j) => {
          const places = Array.from({ length: DEGREE }, (_, i) => j * DEGREE + i);
          return places.reduce((sum, i) => sum + x[i]! * y[i]!, 0n) % p;
        });
        expect([...innerProduct(of, x, y)]).toEqual(products);
      }),
    );
  });

  it('polynomials at small points', () => {
    const coefficients = fc.array(element(of), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(coefficients, fc.integer({ min: 0, max: 31 }), (c, x) => {
        const value = (i: number) => c.reduce((sum, of_k, k) => sum + of_k[i]! * BigInt(x) ** BigInt(k), 0n);
        expect([...evaluateAt(of, c, x)]).toEqual(expected(of, value));
      }),
      { numRuns: 200 },
    );
    const largest = BigUint64Array.from(
      { length: of.length },
      (_, i) => of.moduli[Math.floor(i / DEGREE)]!.p - 1n,
    );
    const powers = Array.from({ length: 20 }, (_, k) => 31n ** BigInt(k)).reduce((sum, power) => sum + power);
    expect([
      ...evaluateAt(
        of,
        Array.from({ length: 20 }, () => largest),
        31,
      ),
    ]).toEqual(expected(of, () => -powers));
  });

  it('an element with itself', () => {
    fc.assert(
      fc.property(element(of), (x) => {
        expect([...multiplyAdd(of, x, x, x)]).toEqual(expected(of, (i) => x[i]! * x[i]! + x[i]!));
        const [doubled, nothing] = [x.slice(), x.slice()];
        addInto(of, doubled, doubled);
        expect([...doubled]).toEqual(expected(of, (i) => 2n * x[i]!));
        subtractInto(of, nothing, nothing);
        expect([...nothing]).toEqual(expected(of, () => 0n));
      }),
    );
  });

  it('sums and differences', () => {
    fc.assert(
      fc.property(element(of), element(of), (x, y) => {
        expect([...sumOf(of, [x, y, x])]).toEqual(expected(of, (i) => 2n * x[i]! + y[i]!));
        const difference = x.slice();
        subtractInto(of, difference, y);
        expect([...difference]).toEqual(expected(of, (i) => x[i]! - y[i]!));
        addInto(of, difference, y);
        expect([...difference]).toEqual([...x]);
      }),
    );
  });
});

describe('operands', () => {
  it('broadcast: scalars by modulus, polynomials by place', () => {
    const low = fc.array(fc.bigInt({ min: 0n, max: (1n << 60n) - 1n }), {
      minLength: DEGREE,
      maxLength: DEGREE,
    });
    fc.assert(
      fc.property(element(ring), low, fc.bigInt(), (x, numbers, k) => {
        const polynomial = BigUint64Array.from(numbers);
        const factor = scalars(ring, () => k);
        expect([...multiplyAdd(ring, polynomial, factor, x)]).toEqual(
          expected(ring, (i) => polynomial[i % DEGREE]! * k + x[i]!),
        );
        expect([...multiplyAdd(ring, factor, x, polynomial)]).toEqual(
          expected(ring, (i) => k * x[i]! + polynomial[i % DEGREE]!),
        );
      }),
    );
  });

  it('refuses moduli it cannot fold', () => {
    for (const modulus of [1n << 60n, (1n << 60n) - (1n << 19n), PLAIN_MODULUS, 97n]) {
      expect(() => ringOf(DEGREE, [modulus])).toThrow(
        expect.objectContaining({ code: 'MODULUS_UNSUPPORTED' }),
      );
    }
  });
});

describe('foreign bytes', () => {
  it('are read where every residue is below its prime, and left alone', () => {
    fc.assert(
      fc.property(element(ring), (x) => {
        const bytes = toBytes(x.slice());
        expect([...parseResidues(bytes, ring)]).toEqual([...x]);
        expect(bytes).toEqual(toBytes(x));
      }),
      { numRuns: 20 },
    );
  });

  it('are read at any offset', () => {
    const x = BigUint64Array.from({ length: ring.length }, (_, i) => BigInt(i) << 50n);
    const shifted = new Uint8Array(ringBytes(ring) + 3);
    shifted.set(toBytes(x), 3);
    expect([...parseResidues(shifted.subarray(3), ring)]).toEqual([...x]);
  });

  it('are refused at any other length', () => {
    fc.assert(
      fc.property(fc.nat(3 * ringBytes(ring)), (length) => {
        fc.pre(length !== ringBytes(ring));
        expect(() => parseResidues(new Uint8Array(length), ring)).toThrow(
          expect.objectContaining({ code: 'CIPHERTEXT_MALFORMED' }),
        );
      }),
    );
  });

  it('are refused with a residue that is not below its prime, under the code asked for', () => {
    fc.assert(
      fc.property(
        element(ring),
        fc.nat(ring.length - 1),
        fc.bigInt({ min: 0n, max: 1n << 63n }),
        (x, i, by) => {
          x[i] = ring.moduli[Math.floor(i / DEGREE)]!.p + by;
          expect(() => parseResidues(toBytes(x), ring, 'SHARE_MALFORMED')).toThrow(
            expect.objectContaining({ code: 'SHARE_MALFORMED', data: { index: i } }),
          );
        },
      ),
    );
  });
});

describe('uniform residues', () => {
  it('are the low 60 bits of those words that are small enough, in order', () => {
    // One word in three is refused, at any place; primes differ, so the same word may be small enough for the next.
    const word = fc.oneof(
      { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: CIPHERTEXT_PRIMES[0] - 1n }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...CIPHERTEXT_PRIMES, (1n << 60n) - 1n, CIPHERTEXT_PRIMES[2] - 1n),
      },
    );
    const high = fc.bigInt({ min: 0n, max: 15n });
    const stream = fc.array(fc.tuple(word, high), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: DEGREE }), (words, places) => {
        let taken = 0;
        const source = (count: number) =>
          BigUint64Array.from(words.slice(taken, (taken += count)), ([low, top]) => low + (top << 60n));
        const numbers = uniform(ring, places, source);
        let at = 0;
        const one = (p: bigint) => {
          while (words[at]![0] >= p) at++;
          return words[at++]![0];
        };
        expect([...numbers]).toEqual(
          CIPHERTEXT_PRIMES.flatMap((p) => Array.from({ length: places }, () => one(p))),
        );
      }),
    );
  });
});
