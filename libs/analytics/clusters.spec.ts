import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { bestClusters, kMeans, silhouette } from './clusters.ts';

const point = (...values: number[]): Float64Array => Float64Array.from(values);
const coordinate = fc.integer({ min: -50, max: 50 });
const points = fc.array(
  fc.tuple(coordinate, coordinate).map((pair) => point(...pair)),
  { minLength: 6, maxLength: 40 },
);

const gap = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, i) => value - b[i]!));

describe('kMeans', () => {
  it('finds groups that are apart, the largest first', () => {
    const near = [point(0, 0), point(0, 1), point(1, 0)];
    const far = [point(9, 9), point(9, 8)];
    const { centroids, of } = kMeans([...far, ...near], 2);
    expect(of).toEqual([1, 1, 0, 0, 0]);
    expect([...centroids[1]!]).toEqual([9, 8.5]);
  });

  it('gives each point its nearest centroid, each centroid the mean of its points', () => {
    fc.assert(
      fc.property(points, (given) => {
        const k = Math.min(3, new Set(given.map((each) => each.join())).size);
        const { centroids, of } = kMeans(given, k);
        given.forEach((each, i) => {
          const gaps = centroids.map((centroid) => gap(each, centroid));
          expect(gaps[of[i]!]).toBeCloseTo(Math.min(...gaps), 9);
        });
        centroids.forEach((centroid, cluster) => {
          const own = given.filter((_, i) => of[i] === cluster);
          if (own.length === 0) return;
          centroid.forEach((value, axis) =>
            expect(value).toBeCloseTo(own.reduce((sum, each) => sum + each[axis]!, 0) / own.length, 9),
          );
        });
      }),
    );
  });

  it('does not depend on the order of the points', () => {
    fc.assert(
      fc.property(
        points.chain((given) =>
          fc.tuple(
            fc.constant(given),
            fc.shuffledSubarray(
              given.map((_, i) => i),
              { minLength: given.length },
            ),
          ),
        ),
        ([given, order]) => {
          const k = Math.min(3, new Set(given.map((each) => each.join())).size);
          const { of, centroids } = kMeans(given, k);
          const shuffled = kMeans(
            order.map((i) => given[i]!),
            k,
          );
          expect(shuffled.of).toEqual(order.map((i) => of[i]));
          expect(shuffled.centroids.map((each) => [...each])).toEqual(centroids.map((each) => [...each]));
        },
      ),
    );
  });

  it('refuses more clusters than different points', () => {
    expect(() => kMeans([point(1), point(1)], 2)).toThrow(
      expect.objectContaining({ code: 'CLUSTERS_INVALID' }),
    );
    expect(() => kMeans([], 1)).toThrow(expect.objectContaining({ code: 'CLUSTERS_INVALID' }));
  });
});

describe('bestClusters', () => {
  const limits = { most: 4, leastSize: 2, leastSilhouette: 0.25 };

  it('takes as many as are apart', () => {
    const groups = [0, 10, 25].flatMap((at) => [at, at + 1, at + 2].map((value) => point(value)));
    const clusters = bestClusters(groups, limits);
    expect(clusters.centroids.map((each) => each[0]).toSorted((a, b) => a! - b!)).toEqual([1, 11, 26]);
    expect(silhouette(groups, clusters)).toBeGreaterThan(0.8);
  });

  it('is one cluster of points that are alike, or of which only a stray is apart', () => {
    expect(
      bestClusters(
        Array.from({ length: 5 }, () => point(3)),
        limits,
      ).centroids,
    ).toHaveLength(1);
    expect(
      bestClusters([...Array.from({ length: 9 }, () => point(3)), point(99)], limits).centroids,
    ).toHaveLength(1);
  });
});
