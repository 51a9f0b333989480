import { type Interval } from '#core';
import type { MeterSeries } from '#metering';
import { addInputs } from './day-ahead.ts';
import { localMidnights } from './epochs.ts';
import type { InputRow } from './inputs.ts';
import { profileAt, type SiteProfile } from './profile.ts';
import type { LinearMap } from './ridge.ts';
import { positionOf, valuesAt } from './series.ts';

/** Mean errors over all values forecast, in squared and plain standard deviations of the training part. */
export interface RollingScores {
  readonly mse: number;
  readonly mae: number;
  /** Mean absolute error relative to what was read, where that is not zero. */
  readonly mape: number;
  /** Values that had a forecast and a reading. */
  readonly values: number;
}

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

class Errors {
  private squares = 0;
  private absolutes = 0;
  private count = 0;
  private relatives = 0;
  private nonZero = 0;

  /** @param error forecast less what was read */
  add(error: number, actual: number): void {
    if (Number.isNaN(error)) return;
    if (actual !== 0) {
      this.relatives += Math.abs(error / actual);
      this.nonZero += 1;
    }
    this.squares += error * error;
    this.absolutes += Math.abs(error);
    this.count += 1;
  }

  scores(scale: number): RollingScores {
    const { squares, absolutes, count, relatives, nonZero } = this;
    return {
      mse: squares / count / scale ** 2,
      mae: absolutes / count / scale,
      mape: relatives / nonZero,
      values: count,
    };
  }
}

function issuePositions({ series, zone, test, issues, horizon }: RollingInput): readonly number[] {
  const from = positionOf(series, test.startMs);
  const to = positionOf(series, test.endMs) - horizon + 1;
  return issues === 'midnights'
    ? localMidnights(zone, test)
        .map((ms) => positionOf(series, ms))
        .filter((t) => t < to)
    : Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/**
 * Errors of a linear map at the issue times of the test part (none dropped), as forecasters of long horizons are
 * compared. It sees its look-back, missing values of which are taken as the profile's; only the first `horizon` of its columns are used.
 */
export function rollingScores(map: LinearMap, profile: SiteProfile, input: RollingInput): RollingScores {
  const { series, zone, horizon, scale, inputsAt } = input;
  const { lookback, weights } = map;
  const first = positionOf(series, input.test.startMs) - lookback;
  const readings = valuesAt(series, first, positionOf(series, input.test.endMs) - first);
  const deviations = readings.map((value, i) => value - profileAt(profile, zone, series, first + i));
  const known = deviations.map((value) => (Number.isNaN(value) ? 0 : value));
  const errors = new Errors();
  const ahead = new Float64Array(map.horizon);
  for (const t of issuePositions(input)) {
    const start = t - first - lookback;
    const last = known[start + lookback - 1]!;
    ahead.fill(last);
    for (let j = 0; j < lookback - 1; j += 1) {
      const x = known[start + j]! - last;
      const row = j * map.horizon;
      for (let h = 0; h < horizon; h += 1) ahead[h]! += x * weights[row + h]!;
    }
    if (inputsAt) addInputs(ahead, inputsAt(t, last / profile.scaleKwh), map, profile.scaleKwh);
    for (let h = 0; h < horizon; h += 1) {
      const at = start + lookback + h;
      errors.add(ahead[h]! - deviations[at]!, readings[at]!);
    }
  }
  return errors.scores(scale);
}

/** The same of a seasonal naive forecast: the last `lag` steps over and over. */
export function rollingNaive(lag: number, input: RollingInput): RollingScores {
  const { series, horizon, scale } = input;
  const errors = new Errors();
  for (const t of issuePositions(input)) {
    for (let h = 0; h < horizon; h += 1) {
      const forecast = series.values[t - lag + (h % lag)] ?? Number.NaN;
      const actual = series.values[t + h] ?? Number.NaN;
      errors.add(forecast - actual, actual);
    }
  }
  return errors.scores(scale);
}
