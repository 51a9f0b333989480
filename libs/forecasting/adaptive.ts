import type { MeterSeries } from '#metering';
import type { PointForecast } from './day-ahead.ts';
import {
  type DayQuantiles,
  errorQuantiles,
  errorsOfDay,
  hasError,
  NOMINAL_LEVELS,
  type PastErrors,
  sortedErrors,
  type TailLevels,
} from './quantiles.ts';

/**
 * Step γ of adaptive conformal inference, a day. Chosen on the last 73 training and validation days of twelve homes among 0 … 0.2:
 * their coverages lie 0.8 points off 80 % on average against 1.2 with 0, for 0.3 % of pinball loss.
 */
const STEP = 0.05;

/** What a site's intervals are read from at an issue time: its latest errors, and the levels that its outcomes call for. */
export interface AdaptiveErrors {
  readonly errors: PastErrors;
  /** `sortedErrors` of them. */
  readonly sorted: readonly Float64Array[];
  readonly levels: TailLevels;
}

/** Shares of a day's steps that fell below p10 and above p90. */
export interface Missed {
  readonly below: number;
  readonly above: number;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/**
 * Adaptive conformal inference (Gibbs & Candès, NeurIPS 2021, eq. 2) of either tail: α ← α + γ(nominal − missed), a tail that is
 * missed too often is read further out. Not beyond the extremes of the sample, nor past the median.
 */
export function nextLevels(
  { lower, upper }: TailLevels,
  { below, above }: Missed,
  nominal: TailLevels = NOMINAL_LEVELS,
): TailLevels {
  return {
    lower: clamp(lower + STEP * (nominal.lower - below), 0, 0.5),
    upper: clamp(upper + STEP * (above - (1 - nominal.upper)), 0.5, 1),
  };
}

/** The quantiles that a state gives, in multiples of the difficulty. */
export const adaptiveQuantiles = ({ sorted, levels }: AdaptiveErrors): DayQuantiles =>
  errorQuantiles(sorted, levels);

/** Errors and levels once the outcome of another day is known. As many days as at the start are kept, the latest. */
function afterDay(state: AdaptiveErrors, day: Float64Array, nominal: TailLevels): AdaptiveErrors {
  if (!hasError(day)) return state;
  const missed = missedSteps(day, state);
  const errors = { ...state.errors, days: [...state.errors.days.slice(1), day] };
  const levels = missed ? nextLevels(state.levels, missed, nominal) : state.levels;
  return { errors, sorted: sortedErrors(errors), levels };
}

/** Null of a day without a step to judge: one whose errors never differ (PV at night) is always met and would narrow the others. */
function missedSteps(day: Float64Array, state: AdaptiveErrors): Missed | null {
  const { p10, p90 } = adaptiveQuantiles(state);
  let [below, above, judged] = [0, 0, 0];
  for (const [h, error] of day.entries()) {
    const errors = state.sorted[h]!;
    if (Number.isNaN(error) || errors[0] === errors.at(-1)) continue;
    judged += 1;
    if (error < p10[h]!) below += 1;
    else if (error > p90[h]!) above += 1;
  }
  return judged === 0 ? null : { below: below / judged, above: above / judged };
}

/** A point forecast, the series it is of, and the issue times of the days that count, ascending. */
export interface DeliveredDays {
  readonly point: PointForecast;
  readonly actual: MeterSeries;
  readonly issuesMs: readonly number[];
}

/**
 * The state at each of the instants `atMs` (ascending): `start` after every day whose whole horizon had been delivered by then,
 * one after the other. Follows from the readings alone, of which none at or after an instant counts.
 */
export function replayDays(
  start: PastErrors,
  { point, actual, issuesMs }: DeliveredDays,
  atMs: readonly number[],
  nominal: TailLevels = NOMINAL_LEVELS,
): AdaptiveErrors[] {
  const horizonMs = start.days[0]!.length * actual.resolutionMs;
  let state: AdaptiveErrors = { errors: start, sorted: sortedErrors(start), levels: nominal };
  let next = 0;
  return atMs.map((nowMs) => {
    for (; next < issuesMs.length && issuesMs[next]! + horizonMs <= nowMs; next += 1) {
      const day = errorsOfDay(point, actual, issuesMs[next]!, start.leastDifficultyKwh);
      state = afterDay(state, day, nominal);
    }
    return state;
  });
}
