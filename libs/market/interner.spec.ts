import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { firstOfEach, intern } from './interner.ts';

describe('interner', () => {
  const names = fc.array(fc.string({ maxLength: 2 }), { maxLength: 300 });

  it('numbers names in the order in which they first come', () => {
    fc.assert(
      fc.property(names, (given) => {
        const { names: once, indexOf } = intern(given);
        expect(once).toEqual([...new Set(given)]);
        expect(Array.from(indexOf, (i) => once[i])).toEqual(given);
      }),
    );
  });

  it.each([1, 7, 9_000, 40_000])('tells where each of %i names came first', (different) => {
    const given = Array.from({ length: 40_000 }, (_, i) => `name-${i % different}`);
    expect(Array.from(firstOfEach(given))).toEqual(given.map((_, i) => i % different));
  });
});
