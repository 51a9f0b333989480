import type { DayQuantiles } from './quantiles.ts';
import { intervalScores, meanAbsoluteError, percentageErrors, skillScore } from './scores.ts';

/** By issue time, then hour ahead; NaN where missing. */
type ByIssue = readonly Float64Array[];

/** Forecasts for the same hours. */
export interface AheadForecasts {
  readonly actual: ByIssue;
  readonly forecast: ByIssue;
  readonly naive24: ByIssue;
  readonly naive168: ByIssue;
  readonly intervals: readonly { readonly coverage: number; readonly quantiles: readonly DayQuantiles[] }[];
}

/** Errors over some hours ahead, each method on the same hours. Null where no hour has been read, of percentages none but 0. */
export interface AheadErrors {
  readonly mae: number | null;
  readonly mapePercent: number | null;
  /** Of the naive forecast that is better over the whole horizon. */
  readonly naiveMae: number | null;
  readonly naiveMapePercent: number | null;
}

export interface AheadScores extends AheadErrors {
  readonly issues: number;
  /** Which of both is better. */
  readonly naive: 'naive24' | 'naive168';
  /** 1 − MAE / that of the better naive forecast. */
  readonly skill: number | null;
  /** Hours 1 to 24 ahead, 25 to 48 and so on; the last may be shorter. */
  readonly byDay: readonly (AheadErrors & { readonly throughHour: number })[];
  /** One hour ahead first. */
  readonly mapePercentByHour: readonly (number | null)[];
  /** Share of the hours that lay within, and the mean width. */
  readonly intervals: readonly {
    readonly coverage: number;
    readonly held: number | null;
    readonly width: number | null;
  }[];
}

const HOURS = 24;

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Scores of forecasts several days ahead. Hours that one of the methods says nothing about count for none. */
export function scoreAhead(forecasts: AheadForecasts): AheadScores {
  const { forecast, naive24, naive168, intervals } = forecasts;
  const actual = forecasts.actual.map((day, i) =>
    day.map((value, h) =>
      [forecast, naive24, naive168].some((of) => Number.isNaN(of[i]![h]!)) ? Number.NaN : value,
    ),
  );
  const horizon = actual[0]?.length ?? 0;
  const all = [0, horizon] as const;
  const maeOf = (of: ByIssue) => meanAbsoluteError(hoursOf(actual, all), hoursOf(of, all));
  const naive = maeOf(naive168) < maeOf(naive24) ? 'naive168' : 'naive24';
  const errors = (range: readonly [number, number]): AheadErrors => {
    const read = hoursOf(actual, range);
    const [own, other] = [hoursOf(forecast, range), hoursOf(forecasts[naive], range)];
    return {
      mae: orNull(meanAbsoluteError(read, own)),
      mapePercent: orNull(percentageErrors(read, own).mapePercent),
      naiveMae: orNull(meanAbsoluteError(read, other)),
      naiveMapePercent: orNull(percentageErrors(read, other).mapePercent),
    };
  };
  const days = Array.from({ length: Math.ceil(horizon / HOURS) }, (_, d) => HOURS * d);
  return {
    issues: actual.length,
    naive,
    ...errors(all),
    skill: orNull(skillScore(maeOf(forecast), maeOf(forecasts[naive]))),
    byDay: days.map((from) => {
      const throughHour = Math.min(horizon, from + HOURS);
      return { throughHour, ...errors([from, throughHour]) };
    }),
    mapePercentByHour: Array.from({ length: horizon }, (_, h) => errors([h, h + 1]).mapePercent),
    intervals: intervals.map(({ coverage, quantiles }) => {
      const [lower, upper] = (['p10', 'p90'] as const).map((end) =>
        hoursOf(
          quantiles.map((day) => day[end]),
          all,
        ),
      );
      const scores = intervalScores(hoursOf(actual, all), { lower: lower!, upper: upper! }, coverage);
      return { coverage, held: orNull(scores.coverage), width: orNull(scores.width) };
    }),
  };
}

const hoursOf = (of: ByIssue, [from, to]: readonly [number, number]): number[] =>
  of.flatMap((day) => [...day.subarray(from, to)]);
