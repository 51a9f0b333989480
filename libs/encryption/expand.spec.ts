import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeFields, expand, type Field, publicComponent } from './expand.ts';
import { CIPHERTEXT_PRIMES } from './parameters.ts';
import { ringOf } from './ring.ts';

const ring = ringOf(8, CIPHERTEXT_PRIMES);

const bytesOf = (field: Field) => (typeof field === 'string' ? new TextEncoder().encode(field) : field);

describe('fields', () => {
  it('are prefixed with their length', () => {
    expect([...encodeFields(['ab', 3, Uint8Array.of(9)])]).toEqual(
      [
        [2, 0, 0, 0, 97, 98],
        [8, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 9],
      ].flat(),
    );
  });

  it('never read like other fields', () => {
    const fields = fc.array(fc.oneof(fc.string(), fc.uint8Array()), { maxLength: 4 });
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const same = JSON.stringify(a.map(bytesOf)) === JSON.stringify(b.map(bytesOf));
        expect(Buffer.from(encodeFields(a)).equals(encodeFields(b))).toBe(same);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuse the number %d', (number) => {
    expect(() => encodeFields([number])).toThrow(expect.objectContaining({ code: 'FIELD_INVALID' }));
  });
});

describe('Expand', () => {
  it('is SHAKE-256 of the fields, 60 bits a word', () => {
    const input = Buffer.from([4, 0, 0, 0, ...Buffer.from('data'), 2, 0, 0, 0, ...Buffer.from('ab')]);
    const rest = Buffer.from([8, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    const stream = createHash('shake256', { outputLength: 8 * ring.length })
      .update(Buffer.concat([input, rest]))
      .digest();
    const words = Array.from(
      { length: ring.length },
      (_, i) => stream.readBigUInt64LE(8 * i) & ((1n << 60n) - 1n),
    );
    expect([...publicComponent(ring, { cardHash: 'ab', round: 7, chunk: 1 })]).toEqual(words);
  });

  it('differs with label, card, round and chunk', () => {
    const at = { cardHash: 'ab', round: 1, chunk: 2 };
    const all = [
      publicComponent(ring, at),
      publicComponent(ring, { ...at, cardHash: 'ac' }),
      publicComponent(ring, { ...at, round: 2 }),
      publicComponent(ring, { ...at, chunk: 1 }),
      publicComponent(ring, { ...at, round: 2, chunk: 1 }),
      expand(ring, ['mask', 'ab', 1, 2]),
    ];
    expect(new Set(all.map(String)).size).toBe(all.length);
    expect(String(publicComponent(ring, at))).toBe(String(all[0]));
  });
});
