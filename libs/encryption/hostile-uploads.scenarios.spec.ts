import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { type Bytes, DomainError } from '#core';
import { type Aggregator, decodeSums, type Dealing, type Dither, encodeValues } from '#federation';
import { Bfv } from './bfv.ts';
import { publicComponent } from './expand.ts';
import { RING_DEGREE, thresholdParameters } from './parameters.ts';
import { addInto, multiply, parseResidues, type Residues, scalars, subtractInto, toBytes } from './ring.ts';
import { scaleMessage } from './scaling.ts';
import { loadSeal } from './seal.ts';
import { thresholdAggregator } from './threshold-aggregator.ts';

/*
 * One of three sites uploads whatever it likes. Nobody can touch the public component, so it changes its own addend or
 * breaks the sum; it learns nothing from either.
 */

// Generous: the ring is the real one and the machine may be busy.
jest.setTimeout(60_000);

const params = thresholdParameters({ values: 24_000, lanes: 3, fractionBits: 0, maxSites: 8 });
const component = { cardHash: 'c0'.repeat(32), round: 1, chunk: 0 };
const ACTIVE = [1, 3];

const down: Dither = (_chunk, count) => new Uint32Array(count).fill(2 ** 32 - 1);
const vectorOf = (site: number) =>
  Float64Array.from({ length: params.values }, (_, i) => ((i * (2 * site + 3)) % 30_011) - 15_005);
const slotsOf = (vector: Float64Array) => encodeValues(vector, params, down)[0]!;
const VECTORS = [vectorOf(0), vectorOf(1), vectorOf(2)];
const sumOfVectors = (vectors: readonly Float64Array[]) =>
  Array.from({ length: params.values }, (_, i) => vectors.reduce((sum, v) => sum + v[i]!, 0));

let aggregator: Aggregator & Disposable;
let bfv: Bfv;
let sites: Dealing[];
let uploads: Bytes[];
let answers: Bytes[];

beforeAll(async () => {
  aggregator = await thresholdAggregator(params);
  bfv = new Bfv(await loadSeal());
  sites = VECTORS.map(() => aggregator.deal(2, 4));
  uploads = sites.map(({ secret }, i) => aggregator.encrypt(secret, slotsOf(VECTORS[i]!), component));
  answers = ACTIVE.map((index) =>
    aggregator.answer({
      shares: sites.map(({ shares }) => shares[index - 1]!),
      index,
      active: ACTIVE,
      maskKeys: new Map(ACTIVE.map((other) => [other, new Uint8Array(32).fill(13)])),
      agreementHash: 'a9'.repeat(32),
      component,
    }),
  );
});
afterAll(() => {
  bfv[Symbol.dispose]();
  aggregator[Symbol.dispose]();
});

/** The sum with the third upload replaced, or the code of its refusal. */
function openedWith(hostile: Bytes): number[] | string {
  try {
    const sum = aggregator.add([uploads[0]!, uploads[1]!, hostile]);
    return [...decodeSums([aggregator.combine(sum, answers)], params)];
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

const read = (bytes: Bytes): Residues => parseResidues(bytes, bfv.ring).slice();

const plus = (upload: Bytes, by: Residues): Bytes => {
  const residues = read(upload);
  addInto(bfv.ring, residues, by);
  return toBytes(residues);
};

const negated = (upload: Bytes): Bytes => {
  const zero = new BigUint64Array(bfv.ring.length);
  subtractInto(bfv.ring, zero, read(upload));
  return toBytes(zero);
};

const times = (upload: Bytes, k: bigint): Bytes => {
  const factor = scalars(bfv.ring, () => k);
  return toBytes(multiply(bfv.ring, read(upload), factor));
};

/** The number k in every place. */
const everywhere = (k: bigint): Residues =>
  BigUint64Array.from({ length: bfv.ring.length }, (_, i) => {
    const { p } = bfv.ring.moduli[Math.floor(i / RING_DEGREE)]!;
    return ((k % p) + p) % p;
  });

describe('hostile uploads: copied, negated, scaled, last-mover, all-max, random bytes → the honest sum shifts by at most that addend or the round fails', () => {
  it('stands beside honest ones that open', () => {
    expect(openedWith(uploads[2]!)).toEqual(sumOfVectors(VECTORS));
  });

  it.each<[string, () => Bytes]>([
    ['a copy of another', () => uploads[0]!],
    ['the negative of another', () => negated(uploads[0]!)],
    ['its own, negated', () => negated(uploads[2]!)],
    ['the last mover’s own less another', () => plus(uploads[2]!, read(negated(uploads[0]!)))],
    ['zeros', () => new Uint8Array(uploads[2]!.length)],
    ['residues at their largest', () => toBytes(everywhere(-1n))],
    ['random residues', () => toBytes(publicComponent(bfv.ring, { ...component, round: 77 }))],
    ['the public component itself', () => toBytes(publicComponent(bfv.ring, component))],
    [
      'its own of another round',
      () => aggregator.encrypt(sites[2]!.secret, slotsOf(VECTORS[2]!), { ...component, round: 2 }),
    ],
    [
      'its own under a secret that was not shared',
      () => aggregator.encrypt(aggregator.deal(2, 4).secret, slotsOf(VECTORS[2]!), component),
    ],
  ])('of %s fails the checksum', (_name, hostile) => {
    expect(openedWith(hostile())).toBe('CHECKSUM_MISMATCH');
  });

  it('of its own, scaled by any factor, fails the checksum', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n, max: 1n << 59n }), (k) => {
        expect(openedWith(times(uploads[2]!, k))).toBe('CHECKSUM_MISMATCH');
      }),
      { numRuns: 5 },
    );
  });

  it('of its own plus Δ·x shifts the sum by x, its own addend, and by nothing else', () => {
    const x = Float64Array.from({ length: params.values }, (_, i) => (i % 7) - 3);
    const delta = scaleMessage(bfv.ring, bfv.encode(slotsOf(x)), new Int32Array(RING_DEGREE));
    expect(openedWith(plus(uploads[2]!, bfv.transform(delta)))).toEqual(sumOfVectors([...VECTORS, x]));
  });

  it('has no second component: (0, K), which read off the key of the joint-key design, is refused', () => {
    const withSecondComponent = new Uint8Array(2 * uploads[2]!.length);
    withSecondComponent.set(uploads[2]!);
    withSecondComponent.set(toBytes(everywhere(1n << 59n)), uploads[2]!.length);
    expect(openedWith(withSecondComponent)).toBe('CIPHERTEXT_MALFORMED');
  });

  it('of random bytes is refused', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(255)), (stream) => {
        const bytes = Uint8Array.from({ length: 64 }, () => stream.next().value);
        const hostile = Uint8Array.from({ length: uploads[2]!.length }, (_, i) => bytes[i % 64]! | 0x80);
        expect(openedWith(hostile)).toBe('CIPHERTEXT_MALFORMED');
      }),
      { numRuns: 5 },
    );
  });
});
