import type { MeterSeries } from '#metering';
import { slotOf, stepsPerDay, stepsPerWeek } from './series.ts';

/** Mean errors by some order of cells, in squared and plain standard deviations; NaN in a cell without a value. */
export interface CellScores {
  readonly mse: readonly number[];
  readonly mae: readonly number[];
}

/** Mean errors over all values forecast, in squared and plain standard deviations of the training part. */
export interface RollingScores {
  readonly mse: number;
  readonly mae: number;
  /** Mean absolute error relative to what was read, where that is not zero. */
  readonly mape: number;
  /** Values that had a forecast and a reading. */
  readonly values: number;
  /** One step ahead first. */
  readonly byHorizon: CellScores;
  /** `mape` by step ahead. */
  readonly mapeByHorizon: readonly number[];
  /** By the local hour in which the step forecast begins, 0 first; a step of a day is in hour 0. */
  readonly byHour: CellScores;
  /** By the local day of the step forecast, Monday first. */
  readonly byWeekday: CellScores;
}

class Cells {
  private readonly squares: Float64Array;
  private readonly absolutes: Float64Array;
  readonly counts: Float64Array;

  constructor(private readonly length: number) {
    this.squares = new Float64Array(length);
    this.absolutes = new Float64Array(length);
    this.counts = new Float64Array(length);
  }

  add(cell: number, error: number): void {
    this.squares[cell]! += error * error;
    this.absolutes[cell]! += Math.abs(error);
    this.counts[cell]! += 1;
  }

  /** Cells that `groupOf` gives the same number added up; the means of what each then holds. */
  scores(scale: number, groups = this.length, groupOf = (cell: number) => cell): CellScores {
    const [squares, absolutes, counts] = [this.squares, this.absolutes, this.counts].map((sums) => {
      const grouped = new Float64Array(groups);
      for (let cell = 0; cell < sums.length; cell += 1) grouped[groupOf(cell)]! += sums[cell]!;
      return grouped;
    });
    return {
      mse: Array.from(squares!, (sum, i) => sum / counts![i]! / scale ** 2),
      mae: Array.from(absolutes!, (sum, i) => sum / counts![i]! / scale),
    };
  }
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const HOURS = 24;
const WEEKDAYS = 7;

/** Errors of forecasts of `steps` steps of a series from position `from` on, added up as they come. */
export class ErrorTally {
  private readonly ahead: Cells;
  private readonly week = new Cells(WEEKDAYS * HOURS);
  private readonly relatives: Float64Array;
  private readonly nonZero: Float64Array;
  private readonly values: Float64Array;
  /** Hour of the local week, by step. */
  private readonly hourOf: Uint8Array;

  constructor(
    {
      series,
      zone,
      horizon,
    }: { readonly series: MeterSeries; readonly zone: string; readonly horizon: number },
    private readonly from: number,
    steps: number,
  ) {
    this.values = series.values;
    this.ahead = new Cells(horizon);
    this.relatives = new Float64Array(horizon);
    this.nonZero = new Float64Array(horizon);
    const [day, week] = [stepsPerDay(series), stepsPerWeek(series)];
    this.hourOf = Uint8Array.from({ length: steps }, (_, i) => {
      const slot = slotOf(series, zone, from + i, week);
      return Math.floor(slot / day) * HOURS + Math.floor(((slot % day) * HOURS) / day);
    });
  }

  /** `error` of the step at `position` of the series, forecast `h` steps after the first. */
  add(error: number, h: number, position: number): void {
    if (Number.isNaN(error)) return;
    this.ahead.add(h, error);
    const actual = this.values[position]!;
    if (actual !== 0) {
      this.relatives[h]! += Math.abs(error / actual);
      this.nonZero[h]! += 1;
    }
    this.week.add(this.hourOf[position - this.from]!, error);
  }

  /** In units of `scale`. */
  scores(scale: number): RollingScores {
    const all = this.ahead.scores(scale, 1, () => 0);
    return {
      mse: all.mse[0]!,
      mae: all.mae[0]!,
      mape: total(this.relatives) / total(this.nonZero),
      mapeByHorizon: Array.from(this.relatives, (sum, h) => sum / this.nonZero[h]!),
      values: this.ahead.counts.reduce((sum, count) => sum + count, 0),
      byHorizon: this.ahead.scores(scale),
      byHour: this.week.scores(scale, HOURS, (cell) => cell % HOURS),
      byWeekday: this.week.scores(scale, WEEKDAYS, (cell) => Math.floor(cell / HOURS)),
    };
  }
}
