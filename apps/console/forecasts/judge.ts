import type { Actuals, Band } from './fan.ts';

/** How a member's forecasts fared against what it measured itself. */
export interface Verdict {
  /** Intervals that have been measured. */
  readonly intervals: number;
  /** Mean absolute error of the median. */
  readonly mae: number;
  /** Of the same intervals a week before in place of a forecast, and of the median there; null: none was measured. */
  readonly naive: { readonly intervals: number; readonly mae: number; readonly forecastMae: number } | null;
  /** Share of outcomes at or below each quantile. */
  readonly calibration: readonly { readonly stated: number; readonly observed: number }[];
  /** Share of outcomes within the band from p10 to p90; 0.8 is what it states. */
  readonly coverage: number;
}

const WEEK_MS = 7 * 86_400_000;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Null where none of the intervals has been measured. */
export function judge(rows: readonly Band[], actuals: Actuals): Verdict | null {
  const judged = rows.flatMap((row) => {
    const startMs = Date.parse(row.intervalStart);
    const actual = actuals.get(startMs);
    return actual === undefined ? [] : [{ ...row, actual, before: actuals.get(startMs - WEEK_MS) }];
  });
  if (judged.length === 0) return null;
  const repeated = judged.flatMap(({ before, ...row }) => (before === undefined ? [] : [{ ...row, before }]));
  const share = (holds: (row: (typeof judged)[number]) => boolean) =>
    judged.filter(holds).length / judged.length;
  return {
    intervals: judged.length,
    mae: mean(judged.map(({ p50, actual }) => Math.abs(p50 - actual))),
    naive:
      repeated.length === 0
        ? null
        : {
            intervals: repeated.length,
            mae: mean(repeated.map(({ before, actual }) => Math.abs(before - actual))),
            forecastMae: mean(repeated.map(({ p50, actual }) => Math.abs(p50 - actual))),
          },
    calibration: [
      { stated: 0.1, observed: share(({ p10, actual }) => actual <= p10) },
      { stated: 0.5, observed: share(({ p50, actual }) => actual <= p50) },
      { stated: 0.9, observed: share(({ p90, actual }) => actual <= p90) },
    ],
    coverage: share(({ p10, p90, actual }) => actual >= p10 && actual <= p90),
  };
}

const WH: ReadonlyMap<string, number> = new Map([
  ['Wh', 1],
  ['kWh', 1_000],
  ['MWh', 1_000_000],
]);

/** How many of one unit another is; null where they measure different things. */
export function scaleOf(from: string, to: string): number | null {
  if (from === to) return 1;
  const [of, into] = [WH.get(from), WH.get(to)];
  return of === undefined || into === undefined ? null : of / into;
}
