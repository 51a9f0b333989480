import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { EncryptionParameters } from './card.ts';
import { chunkCount, type Dither, decodeSums, encodeValues, laneLayout, valueLimit } from './packing.ts';

const T = 576460752303210497n;

const parameters = (change: Partial<EncryptionParameters> = {}): EncryptionParameters => ({
  scheme: 'plain/1',
  ringDegree: 16,
  primes: [],
  plainModulus: String(T),
  lanes: 3,
  fractionBits: 0,
  maxSites: 16,
  values: 50,
  ...change,
});

/** Draws that never round up. */
const down: Dither = (_chunk, count) => new Uint32Array(count).fill(2 ** 32 - 1);

/** Draws 0, 1/8, 2/8 … 7/8. */
const eighths: Dither = (_chunk, count) => Uint32Array.from({ length: count }, (_, i) => i * 2 ** 29);

const never: Dither = () => {
  throw new Error('nothing may be encoded');
};

const centred = (x: bigint): bigint => {
  const r = ((x % T) + T) % T;
  return r > T / 2n ? r - T : r;
};

const addChunks = (vectors: readonly BigInt64Array[][]): BigInt64Array[] =>
  vectors[0]!.map((first, c) =>
    first.map((_, i) => centred(vectors.reduce((sum, chunks) => sum + chunks[c]![i]!, 0n))),
  );

const thrown = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

const LANES = [1, 2, 3] as const;

describe('lanes', () => {
  it.each([
    [3, 16, 2 ** 14 - 1], // (2^18 − 1) / 16
    [3, 64, 2 ** 12 - 1],
    [2, 16, 2 ** 24 - 1], // (2^28 − 1) / 16
    [2, 64, 2 ** 22 - 1],
  ] as const)('%d lanes hold %d sites of ±%d', (lanes, maxSites, limit) => {
    expect(valueLimit(parameters({ lanes, maxSites }))).toBe(limit);
  });

  it.each([16, 64, 7])('one lane holds %d sites of (t − 1) / 2 shared among them', (maxSites) => {
    const limit = valueLimit(parameters({ lanes: 1, maxSites }));
    const exact = (T - 1n) / 2n / BigInt(maxSites);
    expect(BigInt(limit)).toBeLessThanOrEqual(exact);
    expect(Number(exact - BigInt(limit)) / Number(exact)).toBeLessThan(2 ** -51);
  });

  it('the last slot of a chunk is the checksum', () => {
    expect(laneLayout(parameters()).valuesPerChunk).toBe(45); // (16 − 1) · 3
    expect(chunkCount(parameters({ values: 45 }))).toBe(1);
    expect(chunkCount(parameters({ values: 46 }))).toBe(2);
  });

  it.each([
    ['a modulus too small for the lanes', { plainModulus: '65537' }],
    ['more sites than a lane has room for', { maxSites: 2 ** 18 }],
  ])('refuses %s', (_name, change) => {
    expect(() => valueLimit(parameters(change))).toThrow(
      expect.objectContaining({ code: 'LANES_UNSUPPORTED' }),
    );
  });
});

describe('sums', () => {
  it.each(LANES)('are exact at the limits of %d lanes, with every sign', (lanes) => {
    const params = parameters({ lanes, maxSites: 5 });
    const limit = valueLimit(params);
    const pattern = [limit, -limit, 0, limit, limit, -limit, -limit, 1, -1];
    const values = Float64Array.from({ length: params.values }, (_, i) => pattern[i % pattern.length]!);
    const encoded = Array.from({ length: 5 }, () => encodeValues(values, params, down));
    expect([...decodeSums(addChunks(encoded), params)]).toEqual([...values].map((v) => v * 5 + 0));
  });

  it('are exact for any integers of any number of sites', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LANES),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 60 }),
        fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })),
        (lanes, sites, count, stream) => {
          const params = parameters({ lanes, maxSites: 6, values: count });
          // Integers small enough that doubles add them exactly.
          const limit = Math.min(valueLimit(params), 2 ** 50);
          const vectors = Array.from({ length: sites }, () =>
            Float64Array.from({ length: count }, () => Math.round(stream.next().value * limit)),
          );
          const sum = decodeSums(addChunks(vectors.map((v) => encodeValues(v, params, down))), params);
          expect([...sum]).toEqual(
            vectors[0]!.reduce<number[]>((acc, _, i) => [...acc, vectors.reduce((s, v) => s + v[i]!, 0)], []),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('scale by the fraction bits', () => {
    const params = parameters({ fractionBits: 5, values: 4 });
    const values = Float64Array.of(0.03125, -1.5, 7, -0.96875);
    expect([...decodeSums(encodeValues(values, params, down), params)]).toEqual([...values]);
  });
});

describe('stochastic rounding', () => {
  const params = parameters({ values: 8 });

  it('rounds up exactly as often as the fraction says', () => {
    for (const [value, ups] of [
      [2.25, 2],
      [-2.25, 6],
      [2.5, 4],
      [3, 0],
    ] as const) {
      const rounded = decodeSums(encodeValues(new Float64Array(8).fill(value), params, eighths), params);
      expect(rounded.filter((digit) => digit === Math.floor(value) + 1)).toHaveLength(ups);
      expect(rounded.filter((digit) => digit === Math.floor(value))).toHaveLength(8 - ups);
    }
  });

  it('asks for one draw a value, chunk by chunk', () => {
    const asked: number[][] = [];
    encodeValues(new Float64Array(50), parameters(), (chunk, count) => {
      asked.push([chunk, count]);
      return new Uint32Array(count);
    });
    expect(asked).toEqual([
      [0, 45],
      [1, 5],
    ]);
  });
});

describe('refusals', () => {
  const params = parameters({ fractionBits: 3, values: 5 });

  it.each([
    ['VALUE_NOT_FINITE', Number.NaN],
    ['VALUE_NOT_FINITE', Number.NEGATIVE_INFINITY],
    ['VALUE_OVERFLOW', 16383.125 / 8],
    ['VALUE_OVERFLOW', -16384 / 8],
    ['VALUE_OVERFLOW', Number.MAX_VALUE],
  ])('%s before anything is encoded, without the value', (code, value) => {
    const error = thrown(() => encodeValues(Float64Array.of(0, 1, 2, value, 4), params, never));
    expect(error).toMatchObject({ code, data: { index: 3 } });
    expect(JSON.stringify(error) + String(error)).not.toContain(String(value));
  });

  it('a vector of another length', () => {
    expect(() => encodeValues(new Float64Array(4), params, never)).toThrow(
      expect.objectContaining({ code: 'VALUES_LENGTH' }),
    );
    expect(() => decodeSums([new BigInt64Array(16), new BigInt64Array(16)], params)).toThrow(
      expect.objectContaining({ code: 'VALUES_LENGTH' }),
    );
    expect(() => decodeSums([new BigInt64Array(15)], params)).toThrow(
      expect.objectContaining({ code: 'VALUES_LENGTH' }),
    );
  });

  it('a changed slot, two exchanged slots, a slot beyond the modulus', () => {
    const values = Float64Array.from({ length: 50 }, (_, i) => i * i - 300);
    const encoded = () => encodeValues(values, parameters(), down);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 0, max: 14 }),
        fc.bigInt({ min: 1n, max: T / 4n }),
        (i, j, by) => {
          const changed = encoded();
          changed[0]![i] = centred(changed[0]![i]! + by);
          expect(() => decodeSums(changed, parameters())).toThrow(
            expect.objectContaining({ code: 'CHECKSUM_MISMATCH', data: { chunk: 0 } }),
          );
          if (i === j || i === 15) return;
          const exchanged = encoded();
          const [a, b] = [exchanged[0]![i]!, exchanged[0]![j]!];
          [exchanged[0]![i], exchanged[0]![j]] = [b, a];
          expect(() => decodeSums(exchanged, parameters())).toThrow(
            expect.objectContaining({ code: 'CHECKSUM_MISMATCH' }),
          );
        },
      ),
      { numRuns: 50 },
    );
  });
});
