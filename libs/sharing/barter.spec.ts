import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { barter } from './index.ts';

const utility = fc.integer({ min: 0, max: 9 });
const goods = fc.array(
  fc.record({ owner: fc.nat({ max: 2 }), utilities: fc.tuple(utility, utility, utility) }),
  { maxLength: 5 },
);

describe('barter of indivisible goods', () => {
  it('is rational for everybody and has the largest product of all allocations', () => {
    fc.assert(
      fc.property(goods, (drawn) => {
        const each = drawn.map((good, i) => ({ id: `${i}`, ...good }));
        const { holders, gains, product } = barter(3, each);
        const gainsOf = (to: readonly number[]) =>
          [0, 1, 2].map((member) =>
            each.reduce((sum, { owner, utilities }, g) => {
              const after = to[g] === member ? utilities[member]! : 0;
              return sum + after - (owner === member ? utilities[member]! : 0);
            }, 0),
          );
        expect(gainsOf(holders)).toEqual(gains);
        expect(Math.min(...gains)).toBeGreaterThanOrEqual(0);
        for (let code = 0; code < 3 ** each.length; code += 1) {
          const to = each.map((_, g) => Math.floor(code / 3 ** g) % 3);
          const others = gainsOf(to);
          const rational = Math.min(...others) >= 0 ? others.reduce((a, b) => a * b, 1) : 0;
          expect(rational).toBeLessThanOrEqual(product);
        }
      }),
    );
  });

  it('moves nothing where not everybody gains', () => {
    expect(barter(2, [{ id: 'pen', owner: 0, utilities: [1, 5] }])).toEqual({
      holders: [0],
      gains: [0, 0],
      product: 0,
    });
  });

  it('refuses what it cannot search or read', () => {
    const good = { id: 'pen', owner: 0, utilities: [1, 1] };
    const many = Array.from({ length: 30 }, () => good);
    expect(() => barter(2, many)).toThrow(expect.objectContaining({ code: 'BARTER_TOO_LARGE' }));
    expect(() => barter(1, [])).toThrow(expect.objectContaining({ code: 'BARTER_INPUT' }));
    expect(() => barter(2, [{ ...good, owner: 2 }])).toThrow(
      expect.objectContaining({ code: 'BARTER_INPUT' }),
    );
    expect(() => barter(2, [{ ...good, utilities: [1, NaN] }])).toThrow(
      expect.objectContaining({ code: 'BARTER_INPUT' }),
    );
  });
});
