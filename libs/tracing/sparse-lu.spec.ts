import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { minimumDegree, packed } from './elimination.ts';
import { sparseLu } from './sparse-lu.ts';

const pairs = (count: number) =>
  fc.uniqueArray(
    fc
      .tuple(fc.integer({ min: 0, max: count - 1 }), fc.integer({ min: 0, max: count - 1 }))
      .filter(([i, j]) => i < j),
    { selector: ([i, j]) => i * count + j, maxLength: 40 },
  );

const COUNT = 12;

function patternOf(edges: readonly (readonly [number, number])[]) {
  const rows: number[][] = Array.from({ length: COUNT }, () => []);
  for (const [i, j] of edges) {
    rows[i]!.push(j);
    rows[j]!.push(i);
  }
  return packed(rows);
}

it('solves diagonally dominant systems and their transposes, several right-hand sides at once', () => {
  fc.assert(
    fc.property(
      pairs(COUNT),
      fc.infiniteStream(fc.double({ min: 0.01, max: 1, noNaN: true })),
      (edges, numbers) => {
        const next = (): number => numbers.next().value;
        const pattern = patternOf(edges);
        const values = Float64Array.from(pattern.indices, () => -next());
        const diagonal = new Float64Array(COUNT);
        for (let i = 0; i < COUNT; i += 1) {
          diagonal[i] = 0.5;
          for (let at = pattern.starts[i]!; at < pattern.starts[i + 1]!; at += 1) diagonal[i]! -= values[at]!;
        }
        const lu = sparseLu(pattern);
        lu.factorize(diagonal, values);
        const wanted = Float64Array.from({ length: 2 * COUNT }, next);
        const sides = product(wanted, false);
        lu.solve(sides, 2);
        const transposed = product(wanted, true);
        lu.solveTransposed(transposed, 2);
        for (const solved of [sides, transposed]) {
          solved.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 9));
        }

        function product(x: Float64Array, transpose: boolean): Float64Array {
          const result = new Float64Array(2 * COUNT);
          for (let i = 0; i < COUNT; i += 1) {
            for (let c = 0; c < 2; c += 1) {
              result[2 * i + c]! += diagonal[i]! * x[2 * i + c]!;
              for (let at = pattern.starts[i]!; at < pattern.starts[i + 1]!; at += 1) {
                const j = pattern.indices[at]!;
                const [to, from] = transpose ? [j, i] : [i, j];
                result[2 * to + c]! += values[at]! * x[2 * from + c]!;
              }
            }
          }
          return result;
        }
      },
    ),
  );
});

it('eliminates a star from its rays, without fill', () => {
  const star = packed([[1, 2, 3, 4], [0], [0], [0], [0]]);
  const { order, upper } = minimumDegree(star);
  expect([...order].indexOf(0)).toBeGreaterThan(2);
  expect(upper.indices).toHaveLength(4);
});
