import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sha256, sha256Now, toHex, utf8 } from './index.ts';

describe('sha256Now', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'], // prettier-ignore
  ])('hashes %j as FIPS 180-4 does', (text, digest) => {
    expect(toHex(sha256Now(utf8(text)))).toBe(digest);
  });

  it('is what Web Crypto says of messages around every block boundary', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (message) => {
        expect(sha256Now(message)).toEqual(await sha256(message));
      }),
    );
  });
});
