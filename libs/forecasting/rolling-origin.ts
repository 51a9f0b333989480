import { type Interval } from '#core';
import type { MeterSeries } from '#metering';
import { addInputs } from './day-ahead.ts';
import { localMidnights } from './epochs.ts';
import { ErrorTally, type RollingScores } from './error-tally.ts';
import type { InputRow } from './inputs.ts';
import { profileAt, type SiteProfile } from './profile.ts';
import type { LinearMap } from './ridge.ts';
import { positionOf, valuesAt } from './series.ts';

/** What is forecast, from when to when, and the unit of its errors. */
export interface RollingInput {
  readonly series: MeterSeries;
  readonly zone: string;
  /** Issue times are its steps, or its local midnights, with a whole horizon ahead in it. */
  readonly test: Interval;
  readonly issues: 'every-step' | 'midnights';
  /** Steps ahead. */
  readonly horizon: number;
  /** Standard deviation of the training part. */
  readonly scale: number;
  /** Of a map with inputs, on the grid of the series. */
  readonly inputsAt?: InputRow;
}

/**
 * Told of each issue time: its position in the series, and what is forecast and what was read from there on, both less the same
 * profile; NaN where missing. Both arrays are used again: copy what is kept.
 */
export type IssueVisitor = (position: number, forecast: Float64Array, actual: Float64Array) => void;

export function issuePositions({ series, zone, test, issues, horizon }: RollingInput): readonly number[] {
  const from = positionOf(series, test.startMs);
  const to = positionOf(series, test.endMs) - horizon + 1;
  return issues === 'midnights'
    ? localMidnights(zone, test)
        .map((ms) => positionOf(series, ms))
        .filter((t) => t < to)
    : Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/**
 * A linear map at the issue times of the test part (none dropped), as forecasters of long horizons are
 * compared. It sees its look-back, missing values of which are taken as the profile's; only the first `horizon` of its columns are used.
 * @param positions where some of the issue times will do
 */
export function eachForecast(
  map: LinearMap,
  profile: SiteProfile,
  input: RollingInput,
  visit: IssueVisitor,
  positions = issuePositions(input),
): void {
  const { series, zone, horizon, test, inputsAt } = input;
  const { lookback, weights } = map;
  const first = positionOf(series, test.startMs) - lookback;
  const deviations = valuesAt(series, first, positionOf(series, test.endMs) - first).map(
    (value, i) => value - profileAt(profile, zone, series, first + i),
  );
  const known = deviations.map((value) => (Number.isNaN(value) ? 0 : value));
  const ahead = new Float64Array(map.horizon);
  const asked = ahead.subarray(0, horizon);
  for (const t of positions) {
    const start = t - first - lookback;
    const last = known[start + lookback - 1]!;
    ahead.fill(last);
    for (let j = 0; j < lookback - 1; j += 1) {
      const x = known[start + j]! - last;
      const row = j * map.horizon;
      for (let h = 0; h < horizon; h += 1) ahead[h]! += x * weights[row + h]!;
    }
    if (inputsAt) addInputs(ahead, inputsAt(t, last / profile.scaleKwh), map, profile.scaleKwh);
    visit(t, asked, deviations.subarray(start + lookback, start + lookback + horizon));
  }
}

/** A visitor that adds every error to `tally`. */
export const tallying =
  (tally: ErrorTally): IssueVisitor =>
  (position, forecast, actual) => {
    for (let h = 0; h < forecast.length; h += 1) tally.add(forecast[h]! - actual[h]!, h, position + h);
  };

/** For every step of the test part. */
export function tallyFor(input: RollingInput): ErrorTally {
  const { series, test } = input;
  const from = positionOf(series, test.startMs);
  return new ErrorTally(input, from, positionOf(series, test.endMs) - from);
}

/** Errors of a linear map at the issue times of the test part. */
export function rollingScores(map: LinearMap, profile: SiteProfile, input: RollingInput): RollingScores {
  const tally = tallyFor(input);
  eachForecast(map, profile, input, tallying(tally));
  return tally.scores(input.scale);
}

/** The same of a seasonal naive forecast: the last `lag` steps over and over. */
export function rollingNaive(lag: number, input: RollingInput): RollingScores {
  const { series, horizon, scale } = input;
  const tally = tallyFor(input);
  for (const t of issuePositions(input)) {
    for (let h = 0; h < horizon; h += 1) {
      const forecast = series.values[t - lag + (h % lag)] ?? Number.NaN;
      tally.add(forecast - (series.values[t + h] ?? Number.NaN), h, t + h);
    }
  }
  return tally.scores(scale);
}
