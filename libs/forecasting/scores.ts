/** Mean of `values`; NaN of none. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Share of the values that a trimmed mean leaves out at each end. */
const TRIMMED_SHARE = 0.25;

/**
 * Mean without the highest and the lowest quarter, one of each at least (Tukey 1960; of three or four the median): a quarter of the
 * values can be anything and it stays among the others. NaN of fewer than three.
 */
export function trimmedMean(values: readonly number[]): number {
  const cut = Math.max(1, Math.floor(TRIMMED_SHARE * values.length));
  return mean(values.toSorted((a, b) => a - b).slice(cut, values.length - cut));
}

/** MAE: mean |actual − forecast| over the hours where both exist, in their unit; NaN without such an hour. */
export function meanAbsoluteError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  return meanScore(actual, forecast, Math.abs);
}

/** RMSE: root of the mean (actual − forecast)², in their unit. Rewards the mean where MAE rewards the median. */
export function rootMeanSquaredError(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  return Math.sqrt(meanScore(actual, forecast, (error) => error * error));
}

/** Errors as a share of what was measured. */
export interface PercentageErrors {
  /** MAPE: mean |actual − forecast| / |actual|, %, over the hours with an actual other than 0; NaN without any. */
  readonly mapePercent: number;
  /** WAPE: Σ |actual − forecast| / Σ |actual|, %, over all hours; NaN where all actuals are 0. */
  readonly wapePercent: number;
  /** Hours with an actual of 0, of which MAPE knows nothing. */
  readonly zeroHours: number;
}

export function percentageErrors(actual: ArrayLike<number>, forecast: ArrayLike<number>): PercentageErrors {
  const shares: number[] = [];
  let [errors, energy, zeroHours] = [0, 0, 0];
  for (let i = 0; i < actual.length; i += 1) {
    const error = Math.abs(actual[i]! - forecast[i]!);
    if (Number.isNaN(error)) continue;
    const size = Math.abs(actual[i]!);
    errors += error;
    energy += size;
    if (size === 0) zeroHours += 1;
    else shares.push(error / size);
  }
  const wape = energy === 0 ? Number.NaN : errors / energy;
  return { mapePercent: 100 * mean(shares), wapePercent: 100 * wape, zeroHours };
}

/**
 * Skill of an error: 1 − error / naive, the better naive (Hyndman & Athanasopoulos 2021, section 5.9). 0: no better, 1: perfect; NaN
 * where a naive forecast makes no error.
 */
export function skillScore(error: number, ...naiveErrors: readonly number[]): number {
  const best = Math.min(...naiveErrors);
  return best === 0 ? Number.NaN : 1 - error / best;
}

/**
 * Pinball (quantile) loss at `level` τ: mean of max(τ·e, (τ − 1)·e) with e = actual − forecast (Koenker & Bassett 1978).
 * At τ = 0.5 half the MAE.
 */
export function pinballLoss(actual: ArrayLike<number>, quantile: ArrayLike<number>, level: number): number {
  return meanScore(actual, quantile, (error) => Math.max(level * error, (level - 1) * error));
}

/** The two ends of an interval by hour. */
export interface IntervalForecast {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** What a central interval is worth over the hours where actual and both ends exist. */
export interface IntervalScores {
  /** Share of hours with lower ≤ actual ≤ upper. */
  readonly coverage: number;
  /** Mean upper − lower, in the unit of the actual. */
  readonly width: number;
  /**
   * Interval score: mean width plus 2/α times how far outside the actual falls, α = 1 − nominal coverage (Winkler 1972;
   * Gneiting & Raftery 2007, eq. 43). Least in expectation for the true quantiles.
   */
  readonly score: number;
}

/** Scores of the central interval that is meant to hold a share `nominal` of the hours; NaN without an hour. */
export function intervalScores(
  actual: ArrayLike<number>,
  { lower, upper }: IntervalForecast,
  nominal: number,
): IntervalScores {
  let [hours, inside, width, outside] = [0, 0, 0, 0];
  for (let i = 0; i < actual.length; i += 1) {
    const [value, low, high] = [actual[i]!, lower[i]!, upper[i]!];
    if (Number.isNaN(value + low + high)) continue;
    hours += 1;
    width += high - low;
    if (value >= low && value <= high) inside += 1;
    else outside += Math.max(low - value, value - high);
  }
  return {
    coverage: inside / hours,
    width: width / hours,
    score: (width + (2 / (1 - nominal)) * outside) / hours,
  };
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
