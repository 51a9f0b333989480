import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GrowingMap } from './growing-map.ts';

describe('a growing map', () => {
  it('is at every step what a copied map would be, on every branch', () => {
    const additions = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 60 });
    fc.assert(
      fc.property(additions, (steps) => {
        const versions = [{ grown: GrowingMap.empty<number, number>(), copied: new Map<number, number>() }];
        for (const [from, key] of steps) {
          const { grown, copied } = versions[from % versions.length]!;
          if (copied.has(key)) continue;
          versions.push({ grown: grown.with(key, from), copied: new Map(copied).set(key, from) });
        }
        for (const { grown, copied } of versions) {
          expect([...grown]).toEqual([...copied]);
          expect([...grown.keys()]).toEqual([...copied.keys()]);
          expect([...grown.values()]).toEqual([...copied.values()]);
          expect(grown.size).toBe(copied.size);
          for (let key = 0; key <= 30; key++) {
            expect(grown.has(key)).toBe(copied.has(key));
            expect(grown.get(key)).toBe(copied.get(key));
          }
        }
      }),
    );
  });
});
