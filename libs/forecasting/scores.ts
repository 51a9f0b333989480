/** Mean of `values`; NaN of none. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** MAE: mean |actual − forecast| over the hours where both exist, in their unit; NaN without such an hour. */
export function meanAbsoluteError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  return meanScore(actual, forecast, Math.abs);
}

/**
 * Pinball (quantile) loss at `level` τ: mean of max(τ·e, (τ − 1)·e) with e = actual − forecast (Koenker & Bassett 1978).
 * At τ = 0.5 half the MAE.
 */
export function pinballLoss(actual: ArrayLike<number>, quantile: ArrayLike<number>, level: number): number {
  return meanScore(actual, quantile, (error) => Math.max(level * error, (level - 1) * error));
}

/** Share of hours with lower ≤ actual ≤ upper, over those where all three exist. */
export function intervalCoverage(
  actual: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  const inside: number[] = [];
  for (let i = 0; i < actual.length; i += 1) {
    const [value, low, high] = [actual[i]!, lower[i]!, upper[i]!];
    if (!Number.isNaN(value + low + high)) inside.push(value >= low && value <= high ? 1 : 0);
  }
  return mean(inside);
}

function meanScore(
  actual: ArrayLike<number>,
  forecast: ArrayLike<number>,
  score: (error: number) => number,
): number {
  const scores: number[] = [];
  for (let i = 0; i < actual.length; i += 1) {
    const error = actual[i]! - forecast[i]!;
    if (!Number.isNaN(error)) scores.push(score(error));
  }
  return mean(scores);
}
