import { DomainError } from '#core';

/** When a rise of daily errors counts as drift; in the errors' unit. */
export interface DriftTerms {
  /** δ: a rise of the mean that is tolerated. */
  readonly tolerance: number;
  /** λ: cumulated excess at which drift is seen. */
  readonly threshold: number;
  /** Days that make up what is usual, before which nothing is seen. */
  readonly minimumDays: number;
}

/** @throws DRIFT_TERMS unless tolerance is 0 to 10, threshold above 0 up to 1 000, and minimumDays 2 to 365 */
export function requireDriftTerms({ tolerance, threshold, minimumDays }: DriftTerms): void {
  const sound =
    tolerance >= 0 &&
    tolerance <= 10 &&
    threshold > 0 &&
    threshold <= 1_000 &&
    Number.isInteger(minimumDays) &&
    minimumDays >= 2 &&
    minimumDays <= 365;
  if (sound) return;
  throw new DomainError(
    'DRIFT_TERMS',
    `expected a tolerance of 0 to 10, a threshold up to 1 000 and 2 to 365 days, got ${tolerance}, ${threshold} and ${minimumDays}`,
  );
}

/** What a run of daily errors amounts to. */
export interface DriftState {
  readonly days: number;
  /** Mean error so far. */
  readonly mean: number;
  /** PH_T = m_T − min m_t: compared with the threshold. */
  readonly excess: number;
  readonly drifted: boolean;
}

/**
 * Page–Hinkley test for a rise of the mean (Page 1954; Hinkley 1971): m_T = Σ (x_t − x̄_t − δ), drift where m_T − min m_t > λ
 * and there are `minimumDays` at least. A function of the errors alone: whoever has them finds the same state.
 * @param errors by day, in order; finite
 */
export function pageHinkley(
  errors: readonly number[],
  { tolerance, threshold, minimumDays }: DriftTerms,
): DriftState {
  let [mean, sum, least] = [0, 0, 0];
  for (const [t, error] of errors.entries()) {
    mean += (error - mean) / (t + 1);
    sum += error - mean - tolerance;
    least = Math.min(least, sum);
  }
  const excess = sum - least;
  return { days: errors.length, mean, excess, drifted: errors.length >= minimumDays && excess > threshold };
}
