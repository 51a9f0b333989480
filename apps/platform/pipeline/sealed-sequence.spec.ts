import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { generateSigningKey } from '#core';
import { SealedSequences } from './sealed-sequence.ts';

describe('a sealed sequence number', () => {
  const [mine, other] = [{ organisationId: 'a' }, { organisationId: 'b' }];
  let sealed: SealedSequences;

  beforeAll(async () => {
    sealed = new SealedSequences(await generateSigningKey());
  });

  const number = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
  const malformed = expect.objectContaining({ code: 'CURSOR_MALFORMED' });

  it('opens for whom it was sealed, in the list that it is of', () => {
    fc.assert(
      fc.property(number, (sequence) => {
        const cursor = sealed.seal(mine, 'list', sequence);
        expect(sealed.open(mine, 'list', cursor)).toBe(sequence);
        expect(() => sealed.open(other, 'list', cursor)).toThrow(malformed);
        expect(() => sealed.open(mine, 'other', cursor)).toThrow(malformed);
      }),
    );
    expect(sealed.open(mine, 'list', undefined)).toBeUndefined();
  });

  it('is not made up, nor one of another platform', async () => {
    const elsewhere = new SealedSequences(await generateSigningKey());
    for (const cursor of ['1', '', '0'.repeat(32), elsewhere.seal(mine, 'list', '1')])
      expect(() => sealed.open(mine, 'list', cursor)).toThrow(malformed);
  });

  it('tells nothing of how far apart two are', () => {
    const [one, two] = ['1', '2'].map((sequence) => BigInt(`0x${sealed.seal(mine, 'list', sequence)}`)) as [
      bigint,
      bigint,
    ];
    const bits = (one ^ two).toString(2).replaceAll('0', '').length;
    expect(bits).toBeGreaterThan(30);
  });
});
