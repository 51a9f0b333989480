import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Hierarchy, hierarchyOf, type HierarchyNode } from './hierarchy.ts';
import {
  projection,
  reconcile,
  reconciliation,
  RECONCILIATION_METHODS,
  shrunkCovariance,
} from './reconciliation.ts';

const coded = (code: string) => expect.objectContaining({ code });

/** Total = A + B, A = AA + AB + AC, B = BA + BB: figure 11.1 of Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd ed.). */
const BOOK: HierarchyNode[] = [
  { id: 'Total' },
  ...['A', 'B'].map((id) => ({ id, parent: 'Total' })),
  ...['AA', 'AB', 'AC'].map((id) => ({ id, parent: 'A' })),
  ...['BA', 'BB'].map((id) => ({ id, parent: 'B' })),
];
const COUPLE = hierarchyOf([{ id: 'both' }, { id: 'a', parent: 'both' }, { id: 'b', parent: 'both' }]);

/** A random tree: node i hangs on one of the nodes before it. */
const trees = fc
  .array(fc.nat(), { minLength: 1, maxLength: 12 })
  .map((picks) =>
    hierarchyOf([
      { id: 'n0' },
      ...picks.map((pick, i) => ({ id: `n${i + 1}`, parent: `n${pick % (i + 1)}` })),
    ]),
  );
const amount = fc.integer({ min: -1_000, max: 1_000 });
const vector = (length: number) => fc.array(amount, { minLength: length, maxLength: length });
/** A tree, errors of its nodes over twenty instants and base forecasts that do not add up. */
const cases = trees.chain((tree) => {
  const nodes = tree.ids.length;
  return fc.record({
    tree: fc.constant(tree),
    errors: fc.array(vector(20), { minLength: nodes, maxLength: nodes }),
    base: vector(nodes),
    leaves: vector(tree.leaves),
  });
});

const rowsOf = ({ leaves }: Hierarchy, weights: Float64Array): number[][] =>
  Array.from({ length: leaves }, (_, i) => [
    ...weights.subarray((i * weights.length) / leaves, ((i + 1) * weights.length) / leaves),
  ]);
const addUp = ({ sums, leaves, parts }: Hierarchy, ofLeaves: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: sums + leaves }, (_, i) => {
    if (i >= sums) return ofLeaves[i - sums]!;
    let sum = 0;
    for (let j = 0; j < leaves; j += 1) sum += parts[i * leaves + j]! * ofLeaves[j]!;
    return sum;
  });
const near = (values: ArrayLike<number>, digits = 12): unknown[] =>
  Array.from(values, (value) => expect.closeTo(value, digits));
const refused =
  (...errors: number[][]) =>
  () =>
    reconciliation(
      COUPLE,
      'wls',
      errors.map((of) => Float64Array.from(of)),
    );

describe('hierarchy', () => {
  it("has the summing matrix of the textbook's example", () => {
    const { ids, sums, leaves, parts } = hierarchyOf(BOOK);
    expect(ids).toEqual(['Total', 'A', 'B', 'AA', 'AB', 'AC', 'BA', 'BB']);
    expect({ sums, leaves }).toEqual({ sums: 3, leaves: 5 });
    expect([...parts]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1]);
  });

  it.each<[string, HierarchyNode[]]>([
    ['no node', []],
    ['an id twice', [{ id: 'a' }, { id: 'b', parent: 'a' }, { id: 'b', parent: 'a' }]],
    ['two roots', [{ id: 'a' }, { id: 'b' }]],
    ['an unknown parent', [{ id: 'a' }, { id: 'b', parent: 'c' }]],
    ['a cycle beside the root', [{ id: 'a' }, { id: 'b', parent: 'c' }, { id: 'c', parent: 'b' }]],
    ['itself as parent', [{ id: 'a' }, { id: 'b', parent: 'b' }]],
  ])('refuses %s', (_, nodes) => {
    expect(() => hierarchyOf(nodes)).toThrow(coded('HIERARCHY_INVALID'));
  });

  it('refuses more nodes than a covariance fits', () => {
    const nodes = [
      { id: 'all' },
      ...Array.from({ length: 2_000 }, (_, i) => ({ id: `${i}`, parent: 'all' })),
    ];
    expect(() => hierarchyOf(nodes)).toThrow(coded('HIERARCHY_TOO_LARGE'));
  });
});

describe('reconciliation', () => {
  it('by ordinary least squares shares what does not add up as the normal equations say', () => {
    const book = hierarchyOf(BOOK);
    // UᵀU = (6 3 2; 3 4 0; 2 0 3), its inverse (12 −9 −8; −9 14 6; −8 6 15) / 29. A leaf of A takes (1, 1, 0) of that, (3, 5, −2) / 29, of the
    // differences Total − all, A − its own, B − its own; a leaf of B (1, 0, 1), (4, −3, 7) / 29.
    const ofA = [3, 5, -2, 21, -8, -8, -1, -1].map((weight) => weight / 29);
    const ofB = [4, -3, 7, -1, -1, -1, 18, -11].map((weight) => weight / 29);
    const rows = rowsOf(book, reconciliation(book, 'ols').weights);
    expect(rows[0]).toEqual(near(ofA));
    expect(rows[3]).toEqual(near(ofB));
  });

  it('by least squares of a couple: a third of the difference each', () => {
    const { weights } = reconciliation(COUPLE, 'ols');
    expect([...weights]).toEqual(near([1, 2, -1, 1, -1, 2].map((third) => third / 3)));
    // 10 is 3 more than 4 + 3.
    expect([...reconcile(COUPLE, weights, Float64Array.of(10, 4, 3))]).toEqual(near([9, 5, 4]));
  });

  it('bottom-up leaves members alone and adds them up', () => {
    const { weights } = reconciliation(COUPLE, 'bottom-up');
    expect([...weights]).toEqual([0, 1, 0, 0, 0, 1]);
    expect([...reconcile(COUPLE, weights, Float64Array.of(10, 4, 3))]).toEqual([7, 4, 3]);
  });

  it('by weighted least squares shares the difference by the variances of past errors', () => {
    // Mean squares 4, 1 and 3: the total gives 4/8 of its 8 too many, the members take 1/8 and 3/8.
    const errors = [
      [2, -2, 2, -2],
      [1, 1, -1, -1],
      [0, Math.sqrt(6), 0, Math.sqrt(6)],
    ].map((of) => Float64Array.from(of));
    const { weights } = reconciliation(COUPLE, 'wls', errors);
    expect([...reconcile(COUPLE, weights, Float64Array.of(18, 6, 4))]).toEqual(near([14, 7, 7]));
  });

  it('by minimum trace shrinks correlations by how uncertain they are', () => {
    // Mean squares 1, r = (1 + 1 + 1 − 1) / 4; products lie 0.5, 0.5, 0.5 and −1.5 from it: Var r = 3 / (4·3), λ = (1/4) / (1/4).
    const [x, y] = [Float64Array.of(1, 1, -1, -1), Float64Array.of(1, 1, -1, 1)];
    expect(shrunkCovariance([x, y])).toEqual({ covariance: Float64Array.of(1, 0, 0, 1), shrinkage: 1 });
    // Twice as often the same: Var r = 6 / (8·7), λ = (6/56) / (1/4) = 3/7, and 4/7 of 1/2 is left.
    const twice = [x, y].map((of) => Float64Array.of(...of, ...of));
    const { covariance, shrinkage } = shrunkCovariance(twice);
    expect(shrinkage).toBeCloseTo(3 / 7, 12);
    expect([...covariance]).toEqual(near([1, 2 / 7, 2 / 7, 1]));
  });

  it.each(RECONCILIATION_METHODS)('adds up, and leaves alone what does: S·G·S = S (%s)', (method) => {
    fc.assert(
      fc.property(cases, ({ tree, errors, base, leaves }) => {
        // Every node errs by something of its own, as real ones do.
        const own = errors.map((of, i) => Float64Array.from(of, (error, t) => error + (t === i ? 2_000 : 0)));
        const { weights } = reconciliation(tree, method, own);
        const coherent = reconcile(tree, weights, Float64Array.from(base));
        expect(coherent).toEqual(addUp(tree, coherent.subarray(tree.sums)));
        const known = addUp(tree, leaves);
        expect([...reconcile(tree, weights, known)]).toEqual(near(known, 6));
      }),
    );
  });

  it('by minimum trace has no larger error variance than by any other method, where errors are as told', () => {
    fc.assert(
      fc.property(cases, ({ tree, errors }) => {
        const own = errors.map((of, i) => Float64Array.from(of, (error, t) => error + (t === i ? 2_000 : 0)));
        const { covariance, weights } = reconciliation(tree, 'mint', own);
        /** tr S·G·W·Gᵀ·Sᵀ. */
        const trace = (g: Float64Array): number => {
          const m = tree.ids.length;
          const columns = Array.from({ length: m }, (_, j) =>
            reconcile(
              tree,
              g,
              Float64Array.from({ length: m }, (_unit, i) => (i === j ? 1 : 0)),
            ),
          );
          let sum = 0;
          for (let i = 0; i < m; i += 1) {
            for (let j = 0; j < m; j += 1) {
              for (let k = 0; k < m; k += 1) {
                sum += columns[j]![i]! * covariance[j * m + k]! * columns[k]![i]!;
              }
            }
          }
          return sum;
        };
        const least = trace(weights);
        for (const method of RECONCILIATION_METHODS) {
          expect(least).toBeLessThanOrEqual(trace(reconciliation(tree, method, own).weights) * (1 + 1e-9));
        }
      }),
    );
  });

  it('moves nothing that never errs', () => {
    const weights = projection(COUPLE, Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1));
    expect([...reconcile(COUPLE, weights, Float64Array.of(10, 4, 3))]).toEqual(near([8.5, 4, 4.5]));
  });

  it('refuses errors that are missing, too few, unequal, not finite or all zero', () => {
    expect(() => reconciliation(COUPLE, 'mint')).toThrow(coded('RESIDUALS_NEEDED'));
    expect(refused([1, 2], [1, 2], [1, 2])).toThrow(coded('RESIDUALS_TOO_FEW'));
    expect(refused([1, 2, 3], [1, 2, 3])).toThrow(coded('RESIDUALS_TOO_FEW'));
    expect(refused([1, 2, 3], [1, 2, 3], [1, 2])).toThrow(coded('RESIDUALS_TOO_FEW'));
    expect(refused([1, 2, 3], [1, 2, 3], [1, 2, Number.NaN])).toThrow(coded('RESIDUALS_TOO_FEW'));
    expect(refused([0, 0, 0], [0, 0, 0], [0, 0, 0])).toThrow(coded('COVARIANCE_SINGULAR'));
  });
});
