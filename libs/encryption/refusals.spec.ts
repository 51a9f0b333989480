import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Bytes, DomainError } from '#core';
import type { Aggregator, AnswerInput, Dealing, EncryptionParameters } from '#federation';
import { thresholdParameters } from './parameters.ts';
import { requireCiphertext, thresholdAggregator } from './threshold-aggregator.ts';

// Generous: the ring is the real one and the machine may be busy.
jest.setTimeout(60_000);

const MAX_SITES = 5;
const COMPONENT = { cardHash: 'c0'.repeat(32), round: 3, chunk: 1 };
const SLOTS = new BigInt64Array(8192);
const params = thresholdParameters({ values: 1, lanes: 1, fractionBits: 0, maxSites: MAX_SITES });

let aggregator: Aggregator & Disposable;
let site: Dealing;
let upload: Bytes;
beforeAll(async () => {
  aggregator = await thresholdAggregator(params);
  site = aggregator.deal(3, 5);
  upload = aggregator.encrypt(site.secret, SLOTS, COMPONENT);
});
afterAll(() => aggregator[Symbol.dispose]());

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'none';
};

/** The code of the refusal of an otherwise sound question. */
const ask = (change: Partial<AnswerInput>): string =>
  codeOf(() =>
    aggregator.answer({
      shares: [site.shares[0]!],
      index: 1,
      active: [1, 2, 3],
      maskKeys: new Map([2, 3].map((other) => [other, new Uint8Array(32)])),
      agreementHash: 'a9'.repeat(32),
      component: COMPONENT,
      ...change,
    }),
  );

describe('refusals', () => {
  it('of secrets that are none', () => {
    const { secret } = site;
    for (const bad of [secret.subarray(8), new Uint8Array(0), secret.slice().fill(255)]) {
      expect(codeOf(() => aggregator.encrypt(bad, SLOTS, COMPONENT))).toBe('SECRET_MALFORMED');
    }
  });

  it('of shares that are none', () => {
    const share = site.shares[0]!;
    const lastResidueTooLarge = share.slice().fill(255, share.length - 8);
    for (const bad of [share.subarray(8), site.secret, share.slice().fill(255), lastResidueTooLarge]) {
      expect(codeOf(() => aggregator.shareTest(bad, new Uint8Array(32)))).toBe('SHARE_MALFORMED');
      expect(ask({ shares: [bad] })).toBe('SHARE_MALFORMED');
    }
  });

  it.each([
    [0, 4],
    [5, 4],
    [2, 21],
    [1.5, 4],
  ])('of a %d-of-%d sharing', (threshold, points) => {
    expect(codeOf(() => aggregator.deal(threshold, points))).toBe('THRESHOLD_INVALID');
  });

  it('of questions that make no sense', () => {
    const tooMany = Array.from({ length: MAX_SITES + 1 }, () => site.shares[0]!);
    expect(ask({})).toBe('none');
    expect(ask({ shares: [] })).toBe('UPLOADS_OUT_OF_RANGE');
    expect(ask({ shares: tooMany })).toBe('UPLOADS_OUT_OF_RANGE');
    expect(ask({ index: 4 })).toBe('POINTS_INVALID');
    expect(ask({ active: [1, 1, 2] })).toBe('POINTS_INVALID');
    expect(ask({ active: [0, 1, 2] })).toBe('POINTS_INVALID');
    expect(ask({ maskKeys: new Map() })).toBe('MASK_KEY_MISSING');
    expect(ask({ component: { ...COMPONENT, round: -1 } })).toBe('FIELD_INVALID');
  });

  it.each<[string, Partial<EncryptionParameters>]>([
    ['PARAMETERS_UNSUPPORTED', { ringDegree: 4096 }],
    ['SMUDGING_DOES_NOT_FIT', { maxSites: 2 ** 36 }],
  ])('%s of parameters the ring was not made for', async (code, change) => {
    await expect(thresholdAggregator({ ...params, ...change })).rejects.toMatchObject({ code });
  });

  it('of a payload before it enters a transcript', () => {
    const two = new Uint8Array(2 * upload.length);
    two.set(upload);
    expect(codeOf(() => requireCiphertext(two, 2, params))).toBe('none');
    expect(codeOf(() => requireCiphertext(two, 1, params))).toBe('CIPHERTEXT_MALFORMED');
    two.fill(255, two.length - 8);
    expect(codeOf(() => requireCiphertext(two, 2, params))).toBe('CIPHERTEXT_MALFORMED');
  });

  it('after it was disposed of', async () => {
    const other = await thresholdAggregator(params);
    other[Symbol.dispose]();
    expect(() => other.deal(2, 4)).toThrow(/deleted object/);
  });
});
