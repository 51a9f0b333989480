import { DAY_MS, HOUR_MS } from '#core';
import type { MeterSeries } from './series.ts';

/*
 * What a ratio of two levels of one quantity may mean. A change of unit multiplies every value alike; a season or a new machine
 * changes some hours of the day more than others.
 */

/** A thousand, give or take what consumption itself may do between neighbours. */
export const isThousandfold = (ratio: number): boolean => ratio > 300 && ratio < 3000;

const above1 = (ratio: number): number => (ratio < 1 ? 1 / ratio : ratio);

/** The middle of ratios and their middle half. */
export interface RatioSpread {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.round(q * (sorted.length - 1))]!;
}

/** Ratios of later to earlier values, of those where both are positive; null where these are fewer than a quarter. */
export function ratioSpread(earlier: Float64Array, later: Float64Array): RatioSpread | null {
  const ratios: number[] = [];
  for (const [slot, value] of later.entries())
    if (value > 0 && earlier[slot]! > 0) ratios.push(value / earlier[slot]!);
  if (ratios.length === 0 || ratios.length < earlier.length / 4) return null;
  const sorted = ratios.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), q1: quantile(sorted, 0.25), q3: quantile(sorted, 0.75) };
}

/** Mean of the known values of each time of day (UTC) over steps [from, to); NaN where none is known. */
export function dayProfile(
  { startMs, resolutionMs, values }: MeterSeries,
  from = 0,
  to = values.length,
): Float64Array {
  const perDay = DAY_MS / resolutionMs;
  const phase = Math.round((startMs % DAY_MS) / resolutionMs);
  const sums = new Float64Array(perDay);
  const counts = new Float64Array(perDay);
  for (let i = Math.max(0, from); i < Math.min(to, values.length); i += 1) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const slot = (phase + i) % perDay;
    sums[slot]! += value;
    counts[slot]! += 1;
  }
  return sums.map((sum, slot) => sum / counts[slot]!);
}

const MIXED_UP: readonly (readonly [factor: number, explanation: string])[] = [
  [2, 'half-hours of kW summed, or kW for kWh of half-hours'],
  [3, 'kW for kWh of 20 minutes'],
  [4, 'quarter-hours of kW or MW summed, or kW for kWh of quarter-hours'],
];

/** Intervals of a usual resolution in an hour that an overall ratio is within a tenth of: 2, 3 or 4. Null: it is none of them. */
export function intervalsPerHourIn(ratio: number): readonly [number, string] | null {
  return MIXED_UP.find(([factor]) => Math.abs(above1(ratio) / factor - 1) < 0.1) ?? null;
}

/**
 * The mix-up of units that a ratio of two levels would follow from; null where none. Of the intervals in an hour, four and those
 * of the column's own resolution count always, others where `alsoFewer`.
 */
export function unitChange(
  { median, q1, q3 }: RatioSpread,
  resolutionMs: number,
  alsoFewer = false,
): string | null {
  const spread = q3 / q1;
  // Rain and reserve plants leap a thousandfold too, but not at every hour of the day alike.
  if (isThousandfold(above1(median))) return spread < 4 ? 'Wh or MWh for kWh' : null;
  const found = intervalsPerHourIn(median);
  if (found === null || spread >= 1.25) return null;
  const [factor, explanation] = found;
  return alsoFewer || factor === 4 || factor === HOUR_MS / resolutionMs ? explanation : null;
}

/** Median of values over those a day before, of the known positive ones among steps [from, to); NaN where there are none. */
function dayOverDay({ values, resolutionMs }: MeterSeries, from: number, to: number): number {
  const perDay = DAY_MS / resolutionMs;
  const ratios: number[] = [];
  for (let i = Math.max(perDay, from); i < Math.min(to, values.length); i += 1) {
    const ratio = values[i]! / values[i - perDay]!;
    if (Number.isFinite(ratio) && ratio > 0) ratios.push(ratio);
  }
  return ratios.length === 0
    ? Number.NaN
    : quantile(
        ratios.toSorted((a, b) => a - b),
        0.5,
      );
}

const isNear = (found: number, expected: number) => found / expected > 0.7 && found / expected < 1.4;

/**
 * Whether a level changes by `ratio` within a moment near step `at`: half a day before it every hour is much like the day before,
 * half a day after it by the ratio above it. What the weather or a power station does takes longer.
 */
export function isAbrupt(series: MeterSeries, at: number, ratio: number): boolean {
  const perDay = DAY_MS / series.resolutionMs;
  const half = perDay / 2;
  for (let i = at - perDay; i <= at + perDay; i += 1) {
    const [before, after] = [dayOverDay(series, i - half, i), dayOverDay(series, i, i + half)];
    const isJump = isThousandfold(above1(ratio)) ? isThousandfold(above1(after)) : isNear(after, ratio);
    if (isJump && (isNear(before, 1) || Number.isNaN(before))) return true;
  }
  return false;
}
