import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { Bfv, ERROR_BOUND } from './bfv.ts';
import {
  CIPHERTEXT_MODULUS,
  CIPHERTEXT_PRIMES,
  PLAIN_MODULUS,
  requireSupported,
  RING_DEGREE,
  SPECIAL_PRIME,
  thresholdParameters,
} from './parameters.ts';
import { addInto, ringOf, subtractInto } from './ring.ts';
import { scaleMessage } from './scaling.ts';
import { loadSeal } from './seal.ts';

// Generous: the ring is the real one and the machine may be busy.
jest.setTimeout(60_000);

const q = CIPHERTEXT_MODULUS;
const t = PLAIN_MODULUS;

let bfv: Bfv;
beforeAll(async () => {
  bfv = new Bfv(await loadSeal());
});
afterAll(() => bfv[Symbol.dispose]());

/** round(n / d) for d > 0, no ties. */
const nearest = (n: bigint, d: bigint): bigint => {
  const twice = 2n * n + d;
  return twice / (2n * d) - (twice % (2n * d) < 0n ? 1n : 0n);
};

describe('parameters', () => {
  it('are those SEAL makes', async () => {
    const seal = await loadSeal();
    const made = seal.CoeffModulus.Create(RING_DEGREE, Int32Array.from([60, 60, 60, 17]));
    const primes = Array.from({ length: made.size() }, (_, i) => made.get(i)!.value());
    expect(primes).toEqual([...CIPHERTEXT_PRIMES, SPECIAL_PRIME]);
    expect(seal.PlainModulus.Batching(RING_DEGREE, 59).value()).toBe(t);
    expect((q * SPECIAL_PRIME).toString(2).length).toBeLessThanOrEqual(
      seal.CoeffModulus.MaxBitCount(RING_DEGREE, seal.SecLevelType.tc128),
    );
  });

  it.each([
    ['scheme', { scheme: 'plain/1' }],
    ['ringDegree', { ringDegree: 4096 }],
    ['primes', { primes: CIPHERTEXT_PRIMES.slice(1).map(String) }],
    ['plainModulus', { plainModulus: '65537' }],
  ] as const)('of another %s are refused', (field, change) => {
    const params = {
      ...thresholdParameters({ values: 1, lanes: 1, fractionBits: 0, maxSites: 4 }),
      ...change,
    };
    expect(() => requireSupported(params)).toThrow(
      expect.objectContaining({ code: 'PARAMETERS_UNSUPPORTED', data: { field } }),
    );
  });
});

describe('the encoding of a message', () => {
  const small = ringOf(8, CIPHERTEXT_PRIMES);
  const coefficient = fc.oneof(
    fc.bigInt({ min: 0n, max: t - 1n }),
    fc.constantFrom(0n, 1n, t - 1n, t / 2n, t / 2n + 1n),
  );

  it('is round(q·m/t) + e modulo every prime', () => {
    fc.assert(
      fc.property(
        fc.array(coefficient, { minLength: 8, maxLength: 8 }),
        fc.array(fc.integer({ min: -21, max: 21 }), { minLength: 8, maxLength: 8 }),
        (m, e) => {
          const scaled = scaleMessage(small, BigUint64Array.from(m), Int32Array.from(e));
          const exact = m.map((c, i) => nearest(q * c, t) + BigInt(e[i]!));
          expect([...scaled]).toEqual(CIPHERTEXT_PRIMES.flatMap((p) => exact.map((x) => ((x % p) + p) % p)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('opens to the slots', () => {
    const slots = BigInt64Array.from({ length: RING_DEGREE }, (_, i) =>
      i % 3 === 0 ? (t - 1n) / 2n : BigInt(i * i) * (i % 2 === 0 ? 1n : -1n),
    );
    const phase = bfv.transform(scaleMessage(bfv.ring, bfv.encode(slots), bfv.drawError()));
    expect([...bfv.open(phase)]).toEqual([...slots]);
  });
});

describe('samplers', () => {
  it('draw errors of SEAL’s distribution, never twice the same', () => {
    const [a, b] = [bfv.drawError(), bfv.drawError()];
    expect(a).toHaveLength(RING_DEGREE);
    expect([...a].every((e) => BigInt(Math.abs(e)) <= ERROR_BOUND)).toBe(true);
    expect([...a]).not.toEqual([...b]);
    // 21 coin pairs: variance 10.5. Mean and variance of 8192 draws leave these bounds once in 10^9 runs.
    const mean = a.reduce((sum, e) => sum + e, 0) / RING_DEGREE;
    const variance = a.reduce((sum, e) => sum + e * e, 0) / RING_DEGREE;
    expect(Math.abs(mean)).toBeLessThan(0.25);
    expect(variance).toBeGreaterThan(9.4);
    expect(variance).toBeLessThan(11.6);
  });

  it('draw secrets, never twice the same, below their primes', () => {
    const [a, b] = [bfv.drawSecret(), bfv.drawSecret()];
    expect(a).toHaveLength(bfv.ring.length);
    expect([...a]).not.toEqual([...b]);
    expect(a.every((residue, i) => residue < CIPHERTEXT_PRIMES[Math.floor(i / RING_DEGREE)]!)).toBe(true);
  });
});

describe('the transform', () => {
  it('is linear and sends constants to themselves', () => {
    const constant = new BigUint64Array(bfv.ring.length);
    CIPHERTEXT_PRIMES.forEach((_, j) => (constant[j * RING_DEGREE] = 12345n));
    expect(bfv.transform(constant).every((value) => value === 12345n)).toBe(true);
    const [x, y] = [bfv.drawSecret(), bfv.drawSecret()];
    const sum = x.slice();
    addInto(bfv.ring, sum, y);
    const difference = bfv.transform(sum);
    subtractInto(bfv.ring, difference, bfv.transform(x));
    expect([...difference]).toEqual([...bfv.transform(y)]);
  });
});
