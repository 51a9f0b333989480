import type { Interval } from '#core';
import { CLAIM_WITHIN_MS, type ClaimWithin } from './certificate.ts';
import { Exact } from './exact.ts';

/** Some Wh of consumption that production was claimed for. */
export interface ClaimedTimes {
  readonly productionStartMs: number;
  readonly consumptionStartMs: number;
  readonly wh: number;
}

/** `CLAIMED_BEYOND_CONSUMPTION`: more was claimed than was consumed, so some of it twice or for something else. */
export type CoverageFlag = 'ZERO_CONSUMPTION' | 'CLAIMED_BEYOND_CONSUMPTION';

/** Percent of the consumption that claims cover, by how far production may be from it. */
export interface Coverage {
  readonly hourlyPercent: number;
  readonly dailyPercent: number;
  readonly weeklyPercent: number;
  /** Null for a period of less than 30 days. */
  readonly monthlyPercent: number | null;
  /** Null for a period of less than 365 days. */
  readonly yearlyPercent: number | null;
  readonly flags: readonly CoverageFlag[];
}

export const COVERAGE_METHOD = 'gridcommons/certificate-coverage/1';

/**
 * Coverage by the rule of the Danish registry (Energinet energy-origin, report generator): a claim counts for a resolution R
 * where |production start − consumption start| ≤ R, of 0 h, 1, 7, 30 and 365 days; Σ claimed Wh / Σ consumption Wh. Nothing
 * consumed counts as covered, and is flagged; so is more claimed than consumed, whose percentages stand as the rule makes them.
 */
export function certificateCoverage(
  claims: readonly ClaimedTimes[],
  consumptionWh: string | number,
  period: Interval,
): Coverage {
  const consumed = new Exact(consumptionWh);
  const length = period.endMs - period.startMs;
  const percent = (within: ClaimWithin): number =>
    consumed.isZero()
      ? 100
      : new Exact(claimedWithin(claims, CLAIM_WITHIN_MS[within])).mul(100).div(consumed).toNumber();
  const claimed = claims.reduce((sum, { wh }) => sum.add(wh), new Exact(0));
  return {
    hourlyPercent: percent('hour'),
    dailyPercent: percent('day'),
    weeklyPercent: percent('week'),
    monthlyPercent: length >= CLAIM_WITHIN_MS.month ? percent('month') : null,
    yearlyPercent: length >= CLAIM_WITHIN_MS.year ? percent('year') : null,
    flags: [
      ...(consumed.isZero() ? (['ZERO_CONSUMPTION'] as const) : []),
      ...(claimed.greaterThan(consumed) ? (['CLAIMED_BEYOND_CONSUMPTION'] as const) : []),
    ],
  };
}

const claimedWithin = (claims: readonly ClaimedTimes[], withinMs: number): number =>
  claims.reduce(
    (sum, { productionStartMs, consumptionStartMs, wh }) =>
      Math.abs(productionStartMs - consumptionStartMs) <= withinMs ? sum + wh : sum,
    0,
  );
