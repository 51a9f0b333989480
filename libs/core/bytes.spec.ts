import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError, fromBase64, fromHex, toBase64, toHex } from './index.ts';

/** What the text decodes to, or the code of its refusal. */
function decodedHex(text: string): string {
  try {
    return toHex(fromBase64(text));
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe('base64', () => {
  it('returns every byte sequence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it('has one text for one byte sequence', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat({ max: 127 }),
        (bytes, at, code) => {
          const text = toBase64(bytes);
          const i = at % text.length;
          const other = text.slice(0, i) + String.fromCharCode(code) + text.slice(i + 1);
          fc.pre(other !== text);
          expect(decodedHex(other)).not.toBe(toHex(bytes));
        },
      ),
    );
  });

  it.each(['A', 'AA', 'AA=', 'AB==', 'AAB=', 'A===', '====', 'AAAA AAA', 'AA==AAAA', 'AAAA\n', '\n'])(
    'refuses %j',
    (text) => {
      expect(() => fromBase64(text)).toThrow(expect.objectContaining({ code: 'BASE64_MALFORMED' }));
    },
  );

  it('reads many megabytes', () => {
    const bytes = new Uint8Array(12 << 20).fill(0xa5);
    expect(fromBase64(toBase64(bytes)).length).toBe(bytes.length);
  });
});

describe('hexadecimal', () => {
  it('returns every byte sequence', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });
});
