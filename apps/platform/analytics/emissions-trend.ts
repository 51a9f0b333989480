import { type Trend, trendOf } from '#analytics';
import { DAY_MS, parseInstant } from '#core';
import type { EmissionsSum } from '../carbon/emissions.ts';

/** Where the published emissions of an hour are going. */
export interface EmissionsTrend {
  readonly days: readonly { readonly date: string; readonly gramsPerHour: number }[];
  /** Dates between the first and the last of which nothing is published: a step leaps over them. */
  readonly missingDays: number;
  readonly direction: Trend['direction'];
  readonly slopePerDay: number;
  readonly pValue: number;
  readonly levels: readonly { readonly date: string; readonly days: number; readonly gramsPerHour: number }[];
}

/**
 * Slope and breaks of the mean emissions of an hour with a reading, day after published day: a day of which less is known, or of
 * fewer members, is as high as any.
 * @param published sums by day, of one basis and one account
 * @throws TREND_TOO_SHORT, TREND_TOO_LONG
 */
export function emissionsTrend(
  published: readonly Pick<EmissionsSum, 'part' | 'grams' | 'hours'>[],
  leastLength: number,
): EmissionsTrend {
  const days = published.map(({ part, grams, hours }) => ({ date: part, gramsPerHour: grams / hours }));
  const { segments, slopePerStep, ...trend } = trendOf(
    days.map(({ gramsPerHour }) => gramsPerHour),
    leastLength,
  );
  return {
    days,
    missingDays: spanDays(days) - days.length,
    ...trend,
    slopePerDay: slopePerStep,
    levels: segments.map(({ from, to, mean }) => ({
      date: days[from]!.date,
      days: to - from,
      gramsPerHour: mean,
    })),
  };
}

function spanDays(days: EmissionsTrend['days']): number {
  const [first, last] = [days[0]!, days.at(-1)!].map(({ date }) => parseInstant(`${date}T00:00:00Z`));
  return Math.round((last! - first!) / DAY_MS) + 1;
}
