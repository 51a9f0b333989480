import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, utf8 } from '#core';
import { shake256Words } from './shake256.ts';

function squeezed(input: Uint8Array, words: number): BigUint64Array {
  const stream = shake256Words(input);
  return BigUint64Array.from({ length: words }, () => stream.next().value);
}

describe('SHAKE-256', () => {
  // NIST CAVP, SHAKE256ShortMsg: the empty message.
  it('squeezes the published output of nothing', () => {
    const published = fromHex('46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f');
    expect(new Uint8Array(squeezed(utf8(''), 4).buffer)).toEqual(published);
  });

  it('is what Node computes, across block boundaries', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 60 }), (input, words) => {
        const expected = createHash('shake256', { outputLength: 8 * words })
          .update(input)
          .digest();
        expect(Buffer.from(squeezed(input, words).buffer).equals(expected)).toBe(true);
      }),
    );
  });
});
