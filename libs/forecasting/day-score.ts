import type { Interval } from '#core';
import type { MeterSeries } from '#metering';
import type { DayQuantiles } from './quantiles.ts';
import { intervalScores, mean, meanAbsoluteError, pinballLoss } from './scores.ts';
import { positionOf, stepsPerDay, valuesFrom } from './series.ts';

/** How a forecast of one day did, without unit. */
export interface DayScore {
  /** MAE of the p50 over the mean error of yesterday's values in the epochs (Hyndman & Koehler 2006: MASE). */
  readonly mase: number;
  /** Share of steps within [p10, p90]. */
  readonly coverage: number;
  /** Mean pinball loss of p10, p50 and p90 over the same naive error; half the MASE where all three were the p50. */
  readonly pinball: number;
}

/** MAE of the same step yesterday over `range`, kWh; NaN without a pair of readings. */
export function naiveError(series: MeterSeries, range: Interval): number {
  const day = stepsPerDay(series);
  const count = positionOf(series, range.endMs) - positionOf(series, range.startMs);
  const values = valuesFrom(series, range.startMs, count);
  return meanAbsoluteError(values.slice(day), values.slice(0, -day));
}

/** Least share of a day's steps with a reading for a score of the day. */
const LEAST_SHARE = 0.75;

/**
 * Scores the forecast of a day against its readings; null where more than a quarter of them is missing, or where `naiveKwh`
 * is no scale: a site whose days are all alike.
 * @param naiveKwh `naiveError` over the model's epochs
 */
export function dayScore(
  actual: Float64Array,
  { p10, p50, p90 }: DayQuantiles,
  naiveKwh: number,
): DayScore | null {
  const known = actual.filter((value) => !Number.isNaN(value)).length;
  if (known < LEAST_SHARE * actual.length || !(naiveKwh > 0)) return null;
  const mase = meanAbsoluteError(actual, p50) / naiveKwh;
  const { coverage } = intervalScores(actual, { lower: p10, upper: p90 }, 0.8);
  const losses = [
    pinballLoss(actual, p10, 0.1),
    pinballLoss(actual, p50, 0.5),
    pinballLoss(actual, p90, 0.9),
  ];
  const pinball = mean(losses) / naiveKwh;
  return [mase, coverage, pinball].every(Number.isFinite) ? { mase, coverage, pinball } : null;
}
