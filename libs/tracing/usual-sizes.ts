import type { GridHour } from './grid.ts';
import type { HourWeights } from './reconciliation.ts';

const PARTS = ['generation', 'demand', 'netGeneration', 'interchange', 'flowFrom', 'flowTo'] as const;

/** Ten days, centred; a mean of fewer than a hundred hours is none (de Chalendar & Benson 2021). */
const WINDOW_HOURS = 240;
const LEAST_HOURS = 100;

/**
 * What cleaning weighs data by: of each the mean of ten days around its hour, of what is stated; the hour's own where too
 * few hours are. `hours` follow each other.
 */
export function usualSizes(hours: readonly GridHour[]): readonly HourWeights[] {
  if (hours.length < LEAST_HOURS) return hours;
  const sizes = hours.map(copyOf);
  for (const part of PARTS) {
    for (let i = 0; i < hours[0]![part].length; i += 1) {
      means(hours, part, i, (hour, mean) => (sizes[hour]![part][i] = mean));
    }
  }
  return sizes;
}

function copyOf(hour: GridHour): HourWeights {
  const copies = PARTS.map((part) => [part, hour[part].slice()] as const);
  return Object.fromEntries(copies) as unknown as HourWeights;
}

function means(
  hours: readonly GridHour[],
  part: (typeof PARTS)[number],
  i: number,
  tell: (hour: number, mean: number) => void,
): void {
  let [sum, count] = [0, 0];
  const add = (hour: number, sign: 1 | -1): void => {
    const value = hours[hour]?.[part][i] ?? NaN;
    if (Number.isNaN(value)) return;
    sum += sign * value;
    count += sign;
  };
  const half = WINDOW_HOURS / 2;
  for (let hour = 0; hour < half; hour += 1) add(hour, 1);
  for (let hour = 0; hour < hours.length; hour += 1) {
    if (count >= LEAST_HOURS) tell(hour, sum / count);
    add(hour + half, 1);
    add(hour - half, -1);
  }
}

/** A value that was filled in. */
export interface Imputed {
  /** Position in the hours. */
  readonly hour: number;
  readonly part: (typeof PARTS)[number];
  /** Number of the source, zone or line. */
  readonly of: number;
}

const DAY_HOURS = 24;
const MOST_DAYS = 4;

/**
 * Fills in what an hour does not state and others do: the mean of the same hour of the nearest days before and after, up to
 * four, else of all hours. What no hour states stays open. `hours` follow each other.
 */
export function imputed(hours: readonly GridHour[]): {
  hours: readonly GridHour[];
  filled: readonly Imputed[];
} {
  const filled: Imputed[] = [];
  const results = hours.map((hour) => ({ ...hour, ...copyOf(hour) }));
  for (const part of PARTS) {
    for (let of = 0; of < (hours[0]?.[part].length ?? 0); of += 1) {
      const series = hours.map((hour) => hour[part][of]!);
      const stated = series.filter((value) => !Number.isNaN(value));
      if (stated.length === 0 || stated.length === series.length) continue;
      const mean = stated.reduce((sum, value) => sum + value, 0) / stated.length;
      series.forEach((value, hour) => {
        if (!Number.isNaN(value)) return;
        results[hour]![part][of] = neighbourDays(series, hour) ?? mean;
        filled.push({ hour, part, of });
      });
    }
  }
  return { hours: results, filled };
}

function neighbourDays(series: readonly number[], hour: number): number | undefined {
  const nearest = [-1, 1].flatMap((side) => {
    for (let day = 1; day <= MOST_DAYS; day += 1) {
      const value = series[hour + side * day * DAY_HOURS] ?? NaN;
      if (!Number.isNaN(value)) return [value];
    }
    return [];
  });
  return nearest.length === 0 ? undefined : nearest.reduce((sum, value) => sum + value, 0) / nearest.length;
}
