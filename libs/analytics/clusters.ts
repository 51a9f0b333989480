import { DomainError } from '#core';

/** A partition of points: `of[i]` is the cluster of point i, clusters by falling size, ties by centroid. */
export interface Clusters {
  readonly centroids: readonly Float64Array[];
  readonly of: readonly number[];
  /** Σ squared distance of points to their centroids. */
  readonly withinSquares: number;
}

const MAX_PASSES = 200;

/**
 * k-means (Lloyd 1982) from farthest-first seeds (Gonzalez 1985): the point nearest the mean, then always the point farthest
 * from the seeds there are. No draw, so the same points make the same clusters in any order.
 * @throws CLUSTERS_INVALID for k below 1 or above the number of different points
 */
export function kMeans(points: readonly Float64Array[], k: number): Clusters {
  const sorted = points.map((point, i) => ({ point, i })).toSorted((a, b) => compare(a.point, b.point));
  const ordered = sorted.map(({ point }) => point);
  let centroids = seeds(ordered, k);
  let of: number[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const next = ordered.map((point) => nearest(point, centroids));
    if (next.every((cluster, i) => cluster === of[i])) break;
    of = next;
    centroids = centroids.map((centroid, c) => meanOf(ordered.filter((_, i) => of[i] === c)) ?? centroid);
  }
  return ranked(centroids, of, sorted);
}

function ranked(
  centroids: readonly Float64Array[],
  of: readonly number[],
  sorted: readonly { readonly point: Float64Array; readonly i: number }[],
): Clusters {
  const size = (cluster: number): number => of.filter((each) => each === cluster).length;
  const order = centroids
    .map((_, cluster) => cluster)
    .toSorted((a, b) => size(b) - size(a) || compare(centroids[a]!, centroids[b]!));
  const byPoint = Array.from(sorted, () => 0);
  sorted.forEach(({ i }, at) => (byPoint[i] = order.indexOf(of[at]!)));
  return {
    centroids: order.map((cluster) => centroids[cluster]!),
    of: byPoint,
    withinSquares: sorted.reduce((sum, { point }, at) => sum + squares(point, centroids[of[at]!]!), 0),
  };
}

/**
 * Mean silhouette (Rousseeuw 1987), by centroids: (b − a)/max(a, b), a the distance to the own centroid, b to the next nearest.
 * 1: far apart; 0: no clusters, or a single one.
 */
export function silhouette(points: readonly Float64Array[], { centroids, of }: Clusters): number {
  if (centroids.length < 2) return 0;
  const scores = points.map((point, i) => {
    const distances = centroids.map((centroid) => Math.sqrt(squares(point, centroid)));
    const a = distances[of[i]!]!;
    const b = Math.min(...distances.filter((_, cluster) => cluster !== of[i]));
    return a === b ? 0 : (b - a) / Math.max(a, b);
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/**
 * The clusters of the best silhouette up to `most`, each of `leastSize` points at least; one cluster where no partition reaches
 * `leastSilhouette`.
 */
export function bestClusters(
  points: readonly Float64Array[],
  { most, leastSize, leastSilhouette }: { most: number; leastSize: number; leastSilhouette: number },
): Clusters {
  const distinct = new Set(points.map((point) => point.join())).size;
  let best = { clusters: kMeans(points, 1), score: leastSilhouette };
  for (let k = 2; k <= Math.min(most, distinct); k += 1) {
    const clusters = kMeans(points, k);
    const sizes = clusters.centroids.map((_, c) => clusters.of.filter((each) => each === c).length);
    const score = silhouette(points, clusters);
    if (Math.min(...sizes) >= leastSize && score > best.score) best = { clusters, score };
  }
  return best.clusters;
}

function seeds(points: readonly Float64Array[], k: number): Float64Array[] {
  const mean = meanOf(points);
  if (mean === null || !Number.isInteger(k) || k < 1) {
    throw new DomainError(
      'CLUSTERS_INVALID',
      `expected points and at least one cluster, got ${points.length} and ${k}`,
    );
  }
  const chosen = [points[nearest(mean, points)]!];
  const gaps = points.map((point) => squares(point, chosen[0]!));
  while (chosen.length < k) {
    const farthest = gaps.indexOf(gaps.reduce((most, gap) => Math.max(most, gap)));
    if (gaps[farthest] === 0) {
      throw new DomainError(
        'CLUSTERS_INVALID',
        `expected at most ${chosen.length} clusters of those points, got ${k}`,
      );
    }
    chosen.push(points[farthest]!);
    points.forEach((point, i) => (gaps[i] = Math.min(gaps[i]!, squares(point, points[farthest]!))));
  }
  return chosen;
}

/** The first of the nearest. */
function nearest(point: Float64Array, candidates: readonly Float64Array[]): number {
  let best = { at: 0, gap: Number.POSITIVE_INFINITY };
  candidates.forEach((candidate, at) => {
    const gap = squares(point, candidate);
    if (gap < best.gap) best = { at, gap };
  });
  return best.at;
}

const squares = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

function meanOf(points: readonly Float64Array[]): Float64Array | null {
  if (points.length === 0) return null;
  const sum = new Float64Array(points[0]!.length);
  for (const point of points) point.forEach((value, i) => (sum[i]! += value));
  return sum.map((value) => value / points.length);
}

function compare(a: Float64Array, b: Float64Array): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
