/** One hour's forecast at three levels; p10 ≤ p50 ≤ p90. */
export interface HourForecast {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/**
 * The mean behind three quantiles by Swanson's rule, 0.3·p10 + 0.4·p50 + 0.3·p90 (Hurst, Brown & Swanson, AAPG Bulletin 2000): means
 * add up over members, medians of skewed loads do not.
 */
export const swansonMean = ({ p10, p50, p90 }: HourForecast): number => 0.3 * p10 + 0.4 * p50 + 0.3 * p90;

/** The variance of the same three-point distribution. */
export function swansonVariance(forecast: HourForecast): number {
  const mean = swansonMean(forecast);
  const { p10, p50, p90 } = forecast;
  return 0.3 * (p10 - mean) ** 2 + 0.4 * (p50 - mean) ** 2 + 0.3 * (p90 - mean) ** 2;
}

/** √((1 − ρ)·Σd² + ρ·(Σd)²) with the sign of Σd: spread of a sum whose parts are all correlated by ρ. */
function combined(deviations: readonly number[], correlation: number): number {
  const [sum, squares] = deviations.reduce(([s, q], d) => [s + d, q + d * d], [0, 0]);
  return Math.sign(sum) * Math.sqrt((1 - correlation) * squares + correlation * sum * sum);
}

/**
 * Quantiles of a sum from those of its parts, whose errors are taken to be correlated by `correlation` ∈ [0, 1], every two alike: the sum
 * of the means plus each quantile's distances from them, added up as standard deviations are (exact for a Gaussian copula with
 * normal margins). With 1 the quantiles add up: no errors of members can make the sum's spread wider on average.
 */
export function groupQuantiles(parts: readonly HourForecast[], correlation: number): HourForecast {
  const means = parts.map(swansonMean);
  const mean = means.reduce((sum, value) => sum + value, 0);
  const at = (level: keyof HourForecast) =>
    mean +
    combined(
      parts.map((part, i) => part[level] - means[i]!),
      correlation,
    );
  return { p10: at('p10'), p50: at('p50'), p90: at('p90') };
}

/** Mean of the correlations of every two members' errors over the same hours, for `groupQuantiles`; 0 of one, never below 0. */
export function meanCorrelation(errors: readonly Float64Array[]): number {
  const standardised = errors.map((of) => {
    const mean = of.reduce((sum, value) => sum + value, 0) / of.length;
    const spread = Math.sqrt(of.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
    return of.map((value) => (value - mean) / spread);
  });
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < errors.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      sum += standardised[i]!.reduce((r, value, t) => r + value * standardised[j]![t]!, 0);
      pairs += 1;
    }
  }
  return pairs === 0 ? 0 : Math.max(0, sum / pairs);
}
