import { DomainError } from '#core';
import { studentT } from './student-t.ts';

/** Whether one forecaster's losses are smaller than another's, from paired differences. */
export interface LossTest {
  /** n: paired days. */
  readonly days: number;
  /** d̄: mean of challenger − champion; below 0 the challenger is better. */
  readonly meanDifference: number;
  /** The Diebold–Mariano statistic with the small-sample correction; null where the differences do not vary. */
  readonly statistic: number | null;
  /** Chance of a statistic as low where the challenger is no better; 1 where there is no statistic. */
  readonly pValue: number;
}

/**
 * Diebold–Mariano test (1995) with the correction and Student's t of Harvey, Leybourne & Newbold (1997), one-sided:
 * S = d̄ / √(V̂/n), V̂ = γ̂₀ + 2·Σ_{k<h} γ̂_k; S* = S·√((n + 1 − 2h + h(h − 1)/n)/n) against t with n − 1 degrees of freedom.
 * Where V̂ ≤ 0, which h > 1 allows, γ̂₀ stands in its place.
 * @param differences challenger − champion by day, in order; finite
 * @param horizonDays h: days that a forecast looks ahead, over which errors overlap
 * @throws LOSSES_TOO_FEW unless there are more than h of them and two at least
 */
export function dieboldMariano(differences: readonly number[], horizonDays = 1): LossTest {
  const n = differences.length;
  const h = horizonDays;
  if (n < 2 || n <= h) {
    throw new DomainError('LOSSES_TOO_FEW', `expected more than ${Math.max(h, 1)} paired days, got ${n}`);
  }
  const meanDifference = differences.reduce((sum, d) => sum + d, 0) / n;
  const variance = autocovariance(differences, meanDifference, 0);
  const largest = Math.max(...differences.map(Math.abs));
  // Equal differences are off their mean by a rounding: that is no variance.
  if (!(Math.sqrt(variance) > 1e-12 * largest))
    return { days: n, meanDifference, statistic: null, pValue: 1 };
  let longRun = variance;
  for (let k = 1; k < h; k += 1) longRun += 2 * autocovariance(differences, meanDifference, k);
  const dm = meanDifference / Math.sqrt((longRun > 0 ? longRun : variance) / n);
  const statistic = dm * Math.sqrt((n + 1 - 2 * h + (h * (h - 1)) / n) / n);
  return { days: n, meanDifference, statistic, pValue: studentT(statistic, n - 1) };
}

/** γ̂_k = Σ (d_t − d̄)(d_{t−k} − d̄) / n. */
function autocovariance(differences: readonly number[], mean: number, lag: number): number {
  let sum = 0;
  for (let t = lag; t < differences.length; t += 1)
    sum += (differences[t]! - mean) * (differences[t - lag]! - mean);
  return sum / differences.length;
}

/** When a challenger takes the champion's place. */
export interface PromotionTerms {
  /** Chance at most that a challenger that is no better is ever promoted, over all looks together. */
  readonly level: number;
  /** Paired days before the first look, and between two. */
  readonly minimumDays: number;
}

/** @throws PROMOTION_TERMS unless 0 < level ≤ 0.2 and minimumDays is a whole number of 7 to 365 */
export function requirePromotionTerms({ level, minimumDays }: PromotionTerms): void {
  if (level > 0 && level <= 0.2 && Number.isInteger(minimumDays) && minimumDays >= 7 && minimumDays <= 365)
    return;
  throw new DomainError(
    'PROMOTION_TERMS',
    `expected a level up to 0.2 and 7 to 365 days, got ${level} and ${minimumDays}`,
  );
}

export interface Look extends LossTest {
  /** j: 1 for the first look. */
  readonly look: number;
  /** The part of the level that this look may spend. */
  readonly level: number;
  readonly promote: boolean;
}

/**
 * The look that falls due with the newest of `differences`: every `minimumDays` paired days, at α/(j(j + 1)) for look j,
 * which add up to α: looking again and again promotes nobody by chance. Null where none falls due.
 */
export function promotionLook(
  differences: readonly number[],
  { level, minimumDays }: PromotionTerms,
  horizonDays = 1,
): Look | null {
  const days = differences.length;
  if (days === 0 || days % minimumDays !== 0 || days <= horizonDays) return null;
  const look = days / minimumDays;
  const spent = level / (look * (look + 1));
  const test = dieboldMariano(differences, horizonDays);
  return { ...test, look, level: spent, promote: test.pValue <= spent };
}
