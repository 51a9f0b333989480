import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { normal, permutation, randomSource, uniform, xoshiro128 } from './random.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const take = (count: number, draw: () => number) => Array.from({ length: count }, draw);

describe('random numbers', () => {
  it('are those of the authors’ reference implementation of xoshiro128** 1.1', () => {
    // State 1, 2, 3, 4, as published with the Rust crate rand_xoshiro from the C source.
    const reference = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(take(10, xoshiro128([1, 2, 3, 4]))).toEqual(reference);
  });

  it('uniform fills [0, 1) evenly and normal has mean 0 and variance 1', () => {
    const next = randomSource(2026);
    const bins = new Uint32Array(10);
    for (const value of take(20_000, () => uniform(next))) bins[Math.floor(value * 10)]! += 1;
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const normals = take(20_000, () => normal(next));
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  it('neighbouring seeds are unrelated, the same seed is the same sequence', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [a, again, neighbour] = [seed, seed, (seed + 1) % 2 ** 32].map((of) =>
          take(4, randomSource(of)),
        );
        expect(a).toEqual(again);
        expect(a!.some((value, i) => value === neighbour![i])).toBe(false);
      }),
    );
  });

  it('a permutation holds every number once, and all six orders of three are equally likely', () => {
    fc.assert(
      fc.property(fc.nat(200), seeds, (count, seed) => {
        expect(permutation(count, randomSource(seed)).toSorted()).toEqual(
          Uint32Array.from({ length: count }, (_, i) => i),
        );
      }),
    );
    const next = randomSource(5);
    const counts = new Map<string, number>();
    for (const order of Array.from({ length: 6000 }, () => permutation(3, next).join(''))) {
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
