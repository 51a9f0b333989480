import { type Interval } from '#core';
import type { MeterSeries } from '#metering';
import { profileAt, type SiteProfile } from './profile.ts';
import type { LinearMap } from './ridge.ts';
import { positionOf, valuesAt } from './series.ts';

/** Mean errors over all values forecast, in squared and plain standard deviations of the training part. */
export interface RollingScores {
  readonly mse: number;
  readonly mae: number;
  /** Values that had a forecast and a reading. */
  readonly values: number;
}

/** What is forecast, from when to when, and the unit of its errors. */
export interface RollingInput {
  readonly series: MeterSeries;
  readonly zone: string;
  /** Every step at which a whole horizon ahead lies within it is an issue time. */
  readonly test: Interval;
  /** Steps ahead. */
  readonly horizon: number;
  /** Standard deviation of the training part. */
  readonly scale: number;
}

class Errors {
  private squares = 0;
  private absolutes = 0;
  private count = 0;

  add(error: number): void {
    if (Number.isNaN(error)) return;
    this.squares += error * error;
    this.absolutes += Math.abs(error);
    this.count += 1;
  }

  scores(scale: number): RollingScores {
    const { squares, absolutes, count } = this;
    return { mse: squares / count / scale ** 2, mae: absolutes / count / scale, values: count };
  }
}

/** First issue position and the one after the last. */
function issues({ series, test, horizon }: RollingInput): readonly [number, number] {
  return [positionOf(series, test.startMs), positionOf(series, test.endMs) - horizon + 1];
}

/**
 * Errors of a linear map at every step of the test part (stride 1, none dropped), as forecasters of long horizons are
 * compared. It sees its look-back, missing values of which are taken as the profile's; only the first `horizon` of its columns are used.
 */
export function rollingScores(map: LinearMap, profile: SiteProfile, input: RollingInput): RollingScores {
  const { series, zone, horizon, scale } = input;
  const { lookback, weights } = map;
  const [from, to] = issues(input);
  const first = from - lookback;
  const deviations = valuesAt(series, first, to - 1 + horizon - first).map(
    (value, i) => value - profileAt(profile, zone, series, first + i),
  );
  const known = deviations.map((value) => (Number.isNaN(value) ? 0 : value));
  const errors = new Errors();
  const ahead = new Float64Array(horizon);
  for (let t = from; t < to; t += 1) {
    const start = t - first - lookback;
    const last = known[start + lookback - 1]!;
    ahead.fill(last);
    for (let j = 0; j < lookback - 1; j += 1) {
      const x = known[start + j]! - last;
      const row = j * map.horizon;
      for (let h = 0; h < horizon; h += 1) ahead[h]! += x * weights[row + h]!;
    }
    for (let h = 0; h < horizon; h += 1) errors.add(ahead[h]! - deviations[start + lookback + h]!);
  }
  return errors.scores(scale);
}

/** The same of a seasonal naive forecast: the last `lag` steps over and over. */
export function rollingNaive(lag: number, input: RollingInput): RollingScores {
  const { series, horizon, scale } = input;
  const [from, to] = issues(input);
  const errors = new Errors();
  for (let t = from; t < to; t += 1) {
    for (let h = 0; h < horizon; h += 1) {
      const forecast = series.values[t - lag + (h % lag)] ?? Number.NaN;
      errors.add(forecast - (series.values[t + h] ?? Number.NaN));
    }
  }
  return errors.scores(scale);
}
