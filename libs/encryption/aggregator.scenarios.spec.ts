import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { type Bytes, DomainError } from '#core';
import {
  type Aggregator,
  type AnswerInput,
  decodeSums,
  type Dealing,
  type Dither,
  encodeValues,
  type EncryptionParameters,
  plainAggregator,
  valueLimit,
} from '#federation';
import { thresholdParameters } from './parameters.ts';
import { thresholdAggregator } from './threshold-aggregator.ts';

// Generous: the ring is the real one and the machine may be busy.
jest.setTimeout(60_000);

const DECRYPTORS = 5;
const MAX_SITES = 5;
const COMPONENT = { cardHash: 'c0'.repeat(32), round: 3, chunk: 1 };

const parametersOf = (lanes: 1 | 2 | 3): EncryptionParameters =>
  thresholdParameters({ values: 200, lanes, fractionBits: 0, maxSites: MAX_SITES });

const down: Dither = (_chunk, count) => new Uint32Array(count).fill(2 ** 32 - 1);

const subsets = (of: readonly number[]): number[][] =>
  of.reduce<number[][]>((all, x) => [...all, ...all.map((some) => [...some, x])], [[]]).slice(1);

const range = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);
const POINTS = range(DECRYPTORS, 1);

/** K_lk as two decryptors would agree on it. */
const maskKeys = (index: number, active: readonly number[]): Map<number, Bytes> =>
  new Map(
    active
      .filter((other) => other !== index)
      .map((other) => [other, new Uint8Array(32).fill(16 * Math.min(index, other) + Math.max(index, other))]),
  );

/** What the honest decryptor `index` does for uploaders U and active set A. */
const answerOf = (
  aggregator: Aggregator,
  uploaders: readonly Dealing[],
  index: number,
  active: readonly number[],
  change: Partial<AnswerInput> = {},
): Bytes =>
  aggregator.answer({
    shares: uploaders.map(({ shares }) => shares[index - 1]!),
    index,
    active,
    maskKeys: maskKeys(index, active),
    agreementHash: 'a9'.repeat(32),
    component: COMPONENT,
    ...change,
  });

const sums = (vectors: readonly Float64Array[]): number[] =>
  range(vectors[0]!.length).map((i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0));

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'none';
};

const IMPLEMENTATIONS: readonly [string, (params: EncryptionParameters) => Promise<Aggregator>][] = [
  ['plain', async (params) => plainAggregator(params)],
  ['threshold', thresholdAggregator],
];

describe.each(IMPLEMENTATIONS)('%s aggregator', (_name, make) => {
  const params = parametersOf(3);
  let aggregator: Aggregator;
  let sites: Dealing[];
  beforeAll(async () => {
    aggregator = await make(params);
    sites = range(MAX_SITES).map(() => aggregator.deal(2, DECRYPTORS));
  });

  const limit = valueLimit(params);
  const vectors = range(MAX_SITES).map((site) =>
    Float64Array.from(
      { length: params.values },
      (_, i) => ((i * 7919 + site * 104_729) % (2 * limit + 1)) - limit,
    ),
  );
  const upload = (site: number, values = vectors[site]!) =>
    aggregator.encrypt(sites[site]!.secret, encodeValues(values, params, down)[0]!, COMPONENT);
  const sumOfUploads = (uploaders: readonly number[], uploads: readonly Bytes[], active = [2, 4]) => {
    const dealings = uploaders.map((site) => sites[site]!);
    const answers = active.map((index) => answerOf(aggregator, dealings, index, active));
    return [...decodeSums([aggregator.combine(aggregator.add(uploads), answers)], params)];
  };

  it.each([1, 2, 3] as const)('sum-exact at lane limits: %d lanes, every sign', (lanes) => {
    const atLimit = parametersOf(lanes);
    const most = valueLimit(atLimit);
    const pattern = [most, -most, 0, most, most, -most, -most, 1, -1];
    const values = Float64Array.from({ length: atLimit.values }, (_, i) => pattern[i % pattern.length]!);
    const slots = encodeValues(values, atLimit, down)[0]!;
    const uploads = sites.map(({ secret }) => aggregator.encrypt(secret, slots, COMPONENT));
    const answers = [2, 4].map((index) => answerOf(aggregator, sites, index, [2, 4]));
    const slotsOfSum = aggregator.combine(aggregator.add(uploads), answers);
    expect([...decodeSums([slotsOfSum], atLimit)]).toEqual([...values].map((value) => value * MAX_SITES + 0));
  });

  it('sums every set of uploaders exactly', () => {
    const uploads = range(MAX_SITES).map((site) => upload(site));
    for (const uploaders of subsets(range(MAX_SITES))) {
      expect(
        sumOfUploads(
          uploaders,
          uploaders.map((site) => uploads[site]!),
        ),
      ).toEqual(sums(uploaders.map((site) => vectors[site]!)));
    }
  });

  it('adds in any order and grouping to the same bytes', () => {
    const uploads = range(4).map((site) => upload(site));
    const [a, b, c, d] = uploads as [Bytes, Bytes, Bytes, Bytes];
    const once = Buffer.from(aggregator.add(uploads));
    expect(once.equals(aggregator.add([d, b, a, c]))).toBe(true);
    expect(once.equals(aggregator.add([aggregator.add([a, b]), aggregator.add([c, d])]))).toBe(true);
    expect(once.equals(aggregator.add([aggregator.add([aggregator.add([c]), a, d]), b]))).toBe(true);
  });

  it('overflow refused', () => {
    const values = vectors[0]!.slice();
    values[7] = limit + 1;
    expect(codeOf(() => upload(0, values))).toBe('VALUE_OVERFLOW');
  });

  it('refuses uploads of another length, other numbers of slots', () => {
    const good = upload(0);
    for (const length of [0, 8, good.length - 8, good.length + 8, 2 * good.length]) {
      expect(codeOf(() => aggregator.add([good, new Uint8Array(length)]))).toBe('CIPHERTEXT_MALFORMED');
      expect(codeOf(() => aggregator.combine(new Uint8Array(length), []))).toBe('CIPHERTEXT_MALFORMED');
    }
    expect(codeOf(() => aggregator.encrypt(sites[0]!.secret, new BigInt64Array(8191), COMPONENT))).toBe(
      'SLOTS_LENGTH',
    );
  });

  it('refuses residues that are not below their modulus', () => {
    const good = upload(0);
    fc.assert(
      fc.property(fc.nat(good.length / 8 - 1), (word) => {
        const bad = good.slice().fill(255, 8 * word, 8 * word + 8);
        expect(codeOf(() => aggregator.add([good, bad]))).toBe('CIPHERTEXT_MALFORMED');
      }),
      { numRuns: 20 },
    );
  });
});

describe('threshold encryption', () => {
  const THRESHOLD = 3;
  const params = parametersOf(3);
  let aggregator: Aggregator & Disposable;
  let sites: Dealing[];
  let uploads: Bytes[];
  const values = range(3).map((site) =>
    Float64Array.from({ length: params.values }, (_, i) => ((i * (site + 3)) % 1999) - 999),
  );
  const slotsOf = (vector: Float64Array) => encodeValues(vector, params, down)[0]!;
  const expected = sums(values);
  beforeAll(async () => {
    aggregator = await thresholdAggregator(params);
    sites = range(3).map(() => aggregator.deal(THRESHOLD, DECRYPTORS));
    uploads = sites.map(({ secret }, i) => aggregator.encrypt(secret, slotsOf(values[i]!), COMPONENT));
  });
  afterAll(() => aggregator[Symbol.dispose]());

  const answers = (active: readonly number[], change: Partial<AnswerInput> = {}) =>
    active.map((index) => answerOf(aggregator, sites, index, active, change));
  const open = (from: readonly Bytes[], by: readonly Bytes[]) =>
    decodeSums([aggregator.combine(aggregator.add(from), by)], params);

  it('every t-subset agrees, every smaller one fails the checksum', () => {
    const agreeing = subsets(POINTS).filter(({ length }) => length === THRESHOLD);
    expect(agreeing).toHaveLength(10);
    for (const active of agreeing) expect([...open(uploads, answers(active))]).toEqual(expected);
    const smaller = subsets(POINTS).filter(({ length }) => length < THRESHOLD);
    expect(smaller).toHaveLength(15);
    for (const active of [[], ...smaller])
      expect(codeOf(() => open(uploads, answers(active)))).toBe('CHECKSUM_MISMATCH');
  });

  it('answers of different agreements fail the checksum', () => {
    const active = [1, 3, 4];
    const [first, second, third] = answers(active) as [Bytes, Bytes, Bytes];
    const other = { ...COMPONENT, round: COMPONENT.round + 1 };
    const mixtures = {
      'one missing': [first, second],
      'one twice': [first, second, third, third],
      'another A': [first, second, answerOf(aggregator, sites, 4, [1, 2, 4])],
      'another U': [first, second, answerOf(aggregator, sites.slice(1), 4, active)],
      'another round': [first, second, answerOf(aggregator, sites, 4, active, { component: other })],
      'another chunk': answers(active, { component: { ...COMPONENT, chunk: 0 } }),
      'another card': answers(active, { component: { ...COMPONENT, cardHash: 'c1'.repeat(32) } }),
      'another agreement': [first, second, answerOf(aggregator, sites, 4, active, { agreementHash: '00' })],
      'another point': [first, second, answerOf(aggregator, sites, 3, active)],
    };
    for (const [name, mixture] of Object.entries(mixtures)) {
      expect([name, codeOf(() => open(uploads, mixture))]).toEqual([name, 'CHECKSUM_MISMATCH']);
    }
    expect(codeOf(() => open(uploads.slice(1), [first, second, third]))).toBe('CHECKSUM_MISMATCH');
    expect([...open(uploads, [third, first, second])]).toEqual(expected);
  });

  it('the same slots never encrypt to the same bytes under another secret, round or chunk', () => {
    const slots = slotsOf(values[0]!);
    const all = [
      uploads[0]!,
      aggregator.encrypt(sites[1]!.secret, slots, COMPONENT),
      aggregator.encrypt(sites[0]!.secret, slots, { ...COMPONENT, round: 9 }),
      aggregator.encrypt(sites[0]!.secret, slots, { ...COMPONENT, chunk: 9 }),
    ];
    expect(new Set(all.map((bytes) => Buffer.from(bytes).toString('base64'))).size).toBe(all.length);
  });

  it('shares are read once for all chunks, and again where the list has changed', () => {
    const active = [1, 3, 4];
    let reads = 0;
    /** A decryptor's list of shares whose reading is counted. */
    const counted = (index: number, of: readonly Dealing[]) =>
      of.map(({ shares }) => {
        const share = shares[index - 1]!.slice();
        const { length } = share;
        return Object.defineProperty(share, 'length', { get: () => (reads++, length) });
      });
    const lists = active.map((index) => counted(index, sites.slice(0, 2)));
    const answerChunk = (chunk: number) =>
      active.map((index, i) =>
        answerOf(aggregator, [], index, active, { shares: lists[i]!, component: { ...COMPONENT, chunk } }),
      );
    const chunkOf = (site: number, chunk: number) =>
      aggregator.encrypt(sites[site]!.secret, slotsOf(values[site]!), { ...COMPONENT, chunk });
    const [first, second, third] = [1, 2, 3].map((chunk) => range(3).map((site) => chunkOf(site, chunk)));
    expect([...open(first!.slice(0, 2), answerChunk(1))]).toEqual(sums(values.slice(0, 2)));
    const readOnce = reads;
    expect(readOnce).toBeGreaterThan(0);
    expect([...open(second!.slice(0, 2), answerChunk(2))]).toEqual(sums(values.slice(0, 2)));
    expect(reads).toBe(readOnce);
    lists.forEach((list, i) => list.push(...counted(active[i]!, sites.slice(2))));
    expect([...open(third!, answerChunk(3))]).toEqual(expected);
    expect(reads).toBeGreaterThan(readOnce);
  });

  it('two answers to the same question differ: the smudge is fresh', () => {
    const twice = [1, 2].map(() => answerOf(aggregator, sites, 1, [1, 2, 3]));
    expect(Buffer.from(twice[0]!).equals(twice[1]!)).toBe(false);
  });
});
