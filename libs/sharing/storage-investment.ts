import { DomainError } from '#core';
import { normalQuantile } from './normal-quantile.ts';
import { type TimeOfUsePrices, requirePrices } from './storage-sharing.ts';

export interface StorageEquilibrium {
  /** F_c(Q) = (p_h − p_l − p_s)/(p_h − p_l): how often the collective capacity suffices. */
  readonly serviceLevel: number;
  /** Q, the capacity of all. */
  readonly collectiveCapacity: number;
  /** C_k = E[X_k | X_c = Q], one a firm; they sum to Q. */
  readonly capacities: readonly number[];
  /** What each firm would invest alone at the same prices. */
  readonly alone: readonly number[];
  /**
   * Whether E[X_k | X_c = q] never falls as q rises, one a firm: the condition under which this is the one Nash
   * equilibrium. Where it fails the capacities are the social optimum, but a firm may gain by deviating.
   */
  readonly nonDecreasing: readonly boolean[];
}

/** Peak use X of the firms, jointly normal. */
export interface GaussianUse {
  readonly mean: readonly number[];
  /** Row by row, symmetric. */
  readonly covariance: readonly (readonly number[])[];
}

const MAX_FIRMS = 1_000;

/**
 * Equilibrium investment of firms that trade spare storage among each other at the spot: with p_s the daily cost of a unit
 * of capacity, the firms together hold the socially optimal Q, firm k the part E[X_k | X_c = Q] of it.
 * For jointly normal use that is μ_k + cov(X_k, X_c)/var(X_c)·(Q − μ_c).
 * Source: Kalathil, Wu, Poolla & Varaiya, IEEE TSG 10(1), 2019.
 * @throws STORAGE_INPUT, STORAGE_COST unless 0 < p_s < p_h − p_l, STORAGE_CAPACITY_NEGATIVE where a part of Q would be
 */
export function gaussianStorageEquilibrium(
  { mean, covariance }: GaussianUse,
  prices: TimeOfUsePrices,
  priceStorage: number,
): StorageEquilibrium {
  const serviceLevel = serviceLevelOf(prices, priceStorage);
  requireGaussian(mean, covariance);
  const z = normalQuantile(serviceLevel);
  const withAll = covariance.map(sumOf);
  const variance = sumOf(withAll);
  if (!(variance > 0)) {
    throw new DomainError('STORAGE_INPUT', `expected use that varies, got a variance of ${variance}`);
  }
  const deviation = Math.sqrt(variance) * z;
  return nonNegative({
    serviceLevel,
    collectiveCapacity: sumOf(mean) + deviation,
    capacities: mean.map((mu, k) => mu + (withAll[k]! / variance) * deviation),
    alone: mean.map((mu, k) => mu + Math.sqrt(covariance[k]![k]!) * z),
    nonDecreasing: withAll.map((cov) => cov >= 0),
  });
}

/** @throws STORAGE_COST: at no cost one builds without limit, above the spread not at all */
function serviceLevelOf(prices: TimeOfUsePrices, priceStorage: number): number {
  requirePrices(prices);
  const spread = prices.peak - prices.offPeak;
  if (!(priceStorage > 0 && priceStorage < spread)) {
    throw new DomainError(
      'STORAGE_COST',
      `expected a cost of storage between 0 and the spread of ${spread}, got ${priceStorage}`,
      'conflict',
    );
  }
  return (spread - priceStorage) / spread;
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function requireGaussian(mean: readonly number[], covariance: GaussianUse['covariance']): void {
  const count = mean.length;
  requireCount(count);
  const square = covariance.length === count && covariance.every((row) => row.length === count);
  if (!square || ![...mean, ...covariance.flat()].every((value) => Number.isFinite(value))) {
    throw new DomainError(
      'STORAGE_INPUT',
      `expected ${count} means and as many rows of covariances, got others`,
    );
  }
  covariance.forEach((row, k) => {
    const odd = row.findIndex((value, j) => value !== covariance[j]![k]);
    if (odd >= 0 || row[k]! < 0) {
      throw new DomainError(
        'STORAGE_INPUT',
        `expected a symmetric covariance with variances, got others in row ${k}`,
      );
    }
  });
}

function requireCount(firms: number): void {
  if (firms >= 1 && firms <= MAX_FIRMS) return;
  throw new DomainError('STORAGE_INPUT', `expected between 1 and ${MAX_FIRMS} firms, got ${firms}`);
}

function nonNegative(equilibrium: StorageEquilibrium): StorageEquilibrium {
  const firm = equilibrium.capacities.findIndex(
    (capacity) => capacity < -1e-9 * equilibrium.collectiveCapacity,
  );
  if (firm < 0 && equilibrium.collectiveCapacity >= 0) return equilibrium;
  throw new DomainError(
    'STORAGE_CAPACITY_NEGATIVE',
    'expected capacities of at least 0, got a negative one: the use is not that of peaks',
    'conflict',
    { firm },
  );
}

const MAX_DAYS = 100_000;
/** Where the condition on E[X_k | X_c = q] is looked at. */
const CHECKED_LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * The same from observed days: `days[d][k]` is what firm k used in the peak of day d. Q is the empirical quantile of the
 * days' sums; E[X_k | X_c = Q] is a local line through the `neighbours` days whose sums are nearest (default √days,
 * rounded up), which keeps Σ C_k = Q because Σ X_k = X_c on each of them.
 * @throws as gaussianStorageEquilibrium
 */
export function empiricalStorageEquilibrium(
  days: readonly (readonly number[])[],
  prices: TimeOfUsePrices,
  priceStorage: number,
  neighbours: number = Math.ceil(Math.sqrt(days.length)),
): StorageEquilibrium {
  const serviceLevel = serviceLevelOf(prices, priceStorage);
  const firms = requireDays(days, neighbours);
  const sums = days.map(sumOf);
  const conditional = (level: number): number[] => {
    const at = empiricalQuantile(sums, level);
    return Array.from({ length: firms }, (_, k) =>
      localLine(
        sums,
        days.map((day) => day[k]!),
        at,
        neighbours,
      ),
    );
  };
  const levels = CHECKED_LEVELS.map(conditional);
  const slack = 1e-9 * Math.max(1, ...sums.map(Math.abs));
  return nonNegative({
    serviceLevel,
    collectiveCapacity: empiricalQuantile(sums, serviceLevel),
    capacities: conditional(serviceLevel),
    alone: Array.from({ length: firms }, (_, k) =>
      empiricalQuantile(
        days.map((day) => day[k]!),
        serviceLevel,
      ),
    ),
    nonDecreasing: Array.from({ length: firms }, (_, k) =>
      levels.every((level, l) => l === 0 || level[k]! >= levels[l - 1]![k]! - slack),
    ),
  });
}

function requireDays(days: readonly (readonly number[])[], neighbours: number): number {
  const firms = days[0]?.length ?? 0;
  requireCount(firms);
  const read = days.every(
    (day) => day.length === firms && day.every((use) => use >= 0 && Number.isFinite(use)),
  );
  if (days.length > MAX_DAYS || !read) {
    throw new DomainError(
      'STORAGE_INPUT',
      `expected at most ${MAX_DAYS} days with ${firms} uses of at least 0 each, got others`,
    );
  }
  if (!(Number.isInteger(neighbours) && neighbours >= 1 && neighbours <= days.length)) {
    throw new DomainError(
      'STORAGE_INPUT',
      `expected between 1 and ${days.length} neighbours, got ${neighbours}`,
    );
  }
  return firms;
}

/** The least value that at least `level` of all do not exceed. */
function empiricalQuantile(values: readonly number[], level: number): number {
  const rising = [...values].toSorted((a, b) => a - b);
  return rising[Math.max(0, Math.ceil(level * rising.length - 1e-9) - 1)]!;
}

/** Value at `at` of the least-squares line through the points nearest to it; their mean where they share one place. */
function localLine(
  places: readonly number[],
  values: readonly number[],
  at: number,
  neighbours: number,
): number {
  const distances = places.map((place) => Math.abs(place - at)).toSorted((a, b) => a - b);
  const reach = distances[neighbours - 1]!;
  // All at the same distance belong, so that the result does not depend on the order of days.
  const near = [...places.keys()].filter((d) => Math.abs(places[d]! - at) <= reach);
  const place = sumOf(near.map((d) => places[d]!)) / near.length;
  const mean = sumOf(near.map((d) => values[d]!)) / near.length;
  const variance = sumOf(near.map((d) => (places[d]! - place) ** 2));
  if (variance === 0) return mean;
  const covariance = sumOf(near.map((d) => (places[d]! - place) * (values[d]! - mean)));
  return mean + (covariance / variance) * (at - place);
}
