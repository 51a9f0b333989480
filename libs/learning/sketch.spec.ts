import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { normal, randomSource } from './random.ts';
import { clusterSlots, similarity, sketch } from './sketch.ts';

const LENGTH = 5000;
const SIZE = 1024;
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const draws = (seed: number) => {
  const next = randomSource(seed);
  return Float64Array.from({ length: LENGTH }, () => normal(next));
};

describe('sketches', () => {
  it('keep cosines between updates to five times 1/√size', () => {
    fc.assert(
      fc.property(seeds, seeds, fc.double({ min: -1, max: 1, noNaN: true }), (seed, projection, mix) => {
        const [a, noise] = [draws(seed), draws((seed + 1) % 2 ** 32)];
        const b = a.map((value, i) => mix * value + (1 - Math.abs(mix)) * noise[i]!);
        const cosine = similarity(sketch(a, projection, SIZE), sketch(b, projection, SIZE));
        expect(Math.abs(cosine - similarity(a, b))).toBeLessThan(5 / Math.sqrt(SIZE));
      }),
      { numRuns: 20 },
    );
  });

  it('have length 1, do not depend on an update’s length, and are the same on every machine', () => {
    const a = draws(1);
    const [once, twice] = [
      sketch(a, 7, 64),
      sketch(
        a.map((value) => 2 * value),
        7,
        64,
      ),
    ];
    expect(Math.hypot(...once)).toBeCloseTo(1, 12);
    for (let i = 0; i < 64; i += 1) expect(twice[i]).toBeCloseTo(once[i]!, 12);
    expect(sketch([0, 0], 7, 4)).toEqual(new Float64Array(4));
    expect([...sketch([1, 0, 0], 7, 4)]).toEqual([1, 0, 0, 0]);
  });

  it('summed by cluster tell which cluster is nearer, and how many sites each has', () => {
    const [north, south] = [draws(10), draws(20)];
    const near = (base: Float64Array, seed: number) => {
      const noise = draws(seed);
      return sketch(
        base.map((value, i) => value + noise[i]! / 2),
        3,
        SIZE,
      );
    };
    const sites = [0, 0, 0, 1, 1].map((cluster, i) =>
      clusterSlots(near(cluster === 0 ? north : south, 30 + i), cluster, 2),
    );
    const sum = sites.reduce((total, site) => total.map((value, i) => value + site[i]!));
    const newcomer = near(south, 99);
    const [toNorth, toSouth] = [0, 1].map((cluster) =>
      similarity(newcomer, sum.slice(cluster * (SIZE + 1), cluster * (SIZE + 1) + SIZE)),
    );
    expect(toSouth).toBeGreaterThan(0.7);
    expect(Math.abs(toNorth!)).toBeLessThan(0.2);
    expect([sum[SIZE], sum[2 * SIZE + 1]]).toEqual([3, 2]);
  });

  it('refuse a size or a cluster that is none', () => {
    expect(() => sketch([1], 1, 0)).toThrow(expect.objectContaining({ code: 'SKETCH_SIZE_INVALID' }));
    expect(() => clusterSlots(new Float64Array(2), 2, 2)).toThrow(
      expect.objectContaining({ code: 'CLUSTER_INVALID' }),
    );
  });
});
