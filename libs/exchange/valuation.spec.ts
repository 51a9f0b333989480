import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { correlation, type SellerData, similarityClasses, valueByClass } from './similarity.ts';
import { rewardShares, valueContributors, valueGroups } from './valuation.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
/** Diminishing returns, unlike players: √Σ(i + 1). */
const root = (coalition: readonly number[]): number => Math.sqrt(sum(coalition.map((i) => i + 1)));
/** Of two groups. */
const twoGroups = (coalition: readonly number[]): number => [0, 2, 4, 8][sum(coalition.map((i) => i + 1))]!;
const rootOfKinds = (kinds: readonly number[]): number => new Set(kinds).size ** 0.5;
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `firm-${i}`);

describe('contributors', () => {
  it('have exact values up to twelve, and from thirteen on sampled ones within their errors', () => {
    const exact = valueContributors(names(12), root);
    expect(exact).toMatchObject({ method: 'exact', standardErrors: null });
    // A thirteenth that adds nothing leaves the others' values as they are.
    const sampled = valueContributors(names(13), (coalition) => root(coalition.filter((i) => i < 12)), {
      samples: 3000,
      seed: 7,
    });
    expect(sampled.method).toBe('sampled');
    expect(sum(sampled.values)).toBeCloseTo(root([...Array(12).keys()]), 9);
    expect(sampled.values[12]).toBe(0);
    for (const [i, value] of exact.values.entries()) {
      expect(Math.abs(sampled.values[i]! - value)).toBeLessThan(4.5 * sampled.standardErrors![i]!);
    }
  });

  it('have the same sampled values for the same seed', () => {
    const [once, again] = [1, 2].map(() => valueContributors(names(14), root, { samples: 50, seed: 3 }));
    expect(once).toEqual(again);
  });

  it('are refused where there are none, two of one name, or a utility is no number', () => {
    expect(() => valueContributors([], root)).toThrow(expect.objectContaining({ code: 'VALUATION_PLAYERS' }));
    expect(() => valueContributors(['a', 'a'], root)).toThrow(
      expect.objectContaining({ code: 'VALUATION_PLAYERS' }),
    );
    expect(() => valueContributors(['a'], () => NaN)).toThrow(
      expect.objectContaining({ code: 'VALUATION_UTILITY' }),
    );
  });

  it('are paid to the unit; who lowered the utility gets nothing', () => {
    expect(rewardShares(100, [2, 1, -5])).toEqual([67, 33, 0]);
    expect(rewardShares(7, [-1, 0, 0])).toEqual([3, 2, 2]);
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.nat(1_000_000_000), (of, amount) => {
        expect(sum(rewardShares(amount, of))).toBe(amount);
      }),
      { numRuns: 50 },
    );
  });
});

describe('groups', () => {
  const groups = [
    { members: ['a', 'b', 'c', 'd'] },
    { members: ['e', 'f', 'g', 'h'], weights: [3n, 1n, 0n, 0n] },
  ];

  it('are valued as one and divide their value by the rule of the card', () => {
    // Alone 2 and 4, together 8: (2 + 4)/2 = 3 and (4 + 6)/2 = 5.
    const { values, memberValues } = valueGroups(groups, twoGroups, { least: 4 });
    expect(values).toEqual([3, 5]);
    expect(memberValues).toEqual([
      [0.75, 0.75, 0.75, 0.75],
      [3.75, 1.25, 0, 0],
    ]);
  });

  it('of fewer members than the least are not valued, nor a member twice, nor by weights that do not fit', () => {
    expect(() => valueGroups(groups, root, { least: 5 })).toThrow(
      expect.objectContaining({ code: 'VALUATION_GROUP_TOO_SMALL' }),
    );
    expect(() => valueGroups([groups[0]!, groups[0]!], root, { least: 4 })).toThrow(
      expect.objectContaining({ code: 'VALUATION_GROUPS' }),
    );
    expect(() => valueGroups([{ members: ['a', 'b'], weights: [1n] }], root, { least: 2 })).toThrow(
      expect.objectContaining({ code: 'VALUATION_GROUPS' }),
    );
  });
});

describe('the same data under several names', () => {
  const series = [1, 5, 2, 8, 3];

  it('are found by their content, by correlation, and through others', () => {
    const sellers: SellerData[] = [
      { id: 'a', contentRoot: 'x' },
      { id: 'b', series: [3, 1, 2, 0, 9] },
      { id: 'c', contentRoot: 'x', series },
      { id: 'd', series: series.map((value) => 2 * value + 1) },
    ];
    expect(similarityClasses(sellers, 0.99)).toEqual([[0, 2, 3], [1]]);
    expect(correlation(series, [4, 4, 4, 4, 4])).toBe(0);
    expect(() => correlation(series, [1, 2])).toThrow(expect.objectContaining({ code: 'VALUATION_SERIES' }));
    expect(() => similarityClasses(sellers, 0)).toThrow(
      expect.objectContaining({ code: 'VALUATION_THRESHOLD' }),
    );
  });

  it('bring their owner what they bring under one name, whoever else sells them', () => {
    const kinds = fc.array(fc.nat(4), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(kinds, fc.nat(5), fc.integer({ min: 2, max: 5 }), (of, at, copies) => {
        const honest = of.map((kind, i): SellerData => ({ id: `s${i}`, contentRoot: `root ${kind}` }));
        const split = honest[at % of.length]!;
        const more = Array.from({ length: copies }, (_, i) => ({
          ...split,
          id: `copy ${i}`,
          owner: split.id,
        }));
        const total = (sellers: readonly SellerData[]): number => {
          const classes = similarityClasses(sellers, 1);
          const kindOf = (number: number) => Number(sellers[classes[number]![0]!]!.contentRoot!.slice(5));
          const { values } = valueByClass(sellers, classes, (all) => root(all.map(kindOf)));
          return sum(values.filter((_, i) => (sellers[i]!.owner ?? sellers[i]!.id) === split.id));
        };
        expect(total([...honest, ...more])).toBeCloseTo(total(honest), 9);
      }),
      { numRuns: 60 },
    );
  });

  it('gain under the plain Shapley value, which is why they are found first', () => {
    const [one, two] = valueContributors(['a', 'b'], rootOfKinds).values;
    expect(one).toBeCloseTo(two!, 12);
    const [, b, again] = valueContributors(['a', 'b', 'b again'], (all) =>
      rootOfKinds(all.map((i) => Math.min(i, 1))),
    ).values;
    expect(b! + again!).toBeGreaterThan(two!);
  });
});
