import { changePoints, median, type Segment } from './change-points.ts';

/** Where a series is going, and where its level broke. */
export interface Trend {
  /** Change a step: median of the slopes of all pairs (Theil 1950, Sen 1968). */
  readonly slopePerStep: number;
  /** Two-sided, of no monotone trend (Mann 1945, Kendall 1975, corrected for ties). */
  readonly pValue: number;
  readonly direction: 'falling' | 'rising' | 'none';
  readonly segments: readonly Segment[];
}

const SIGNIFICANT = 0.05;

/** @throws TREND_TOO_SHORT, TREND_TOO_LONG, TREND_VALUE */
export function trendOf(values: readonly number[], leastLength = 7): Trend {
  const segments = changePoints(values, leastLength);
  const slopePerStep = median(pairs(values, (a, b, steps) => (b - a) / steps));
  const pValue = mannKendall(values);
  const isTrend = pValue < SIGNIFICANT && slopePerStep !== 0;
  return {
    slopePerStep,
    pValue,
    direction: isTrend ? (slopePerStep < 0 ? 'falling' : 'rising') : 'none',
    segments,
  };
}

function pairs(values: readonly number[], of: (a: number, b: number, steps: number) => number): number[] {
  const all: number[] = [];
  for (let i = 0; i < values.length; i += 1)
    for (let j = i + 1; j < values.length; j += 1) all.push(of(values[i]!, values[j]!, j - i));
  return all;
}

const spread = (size: number): number => size * (size - 1) * (2 * size + 5);

function mannKendall(values: readonly number[]): number {
  const n = values.length;
  const s = pairs(values, (a, b) => Math.sign(b - a)).reduce((sum, sign) => sum + sign, 0);
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const variance = [...counts.values()].reduce((left, size) => left - spread(size), spread(n)) / 18;
  if (variance <= 0 || s === 0) return 1;
  const z = (Math.abs(s) - 1) / Math.sqrt(variance);
  return 2 * upperTail(z);
}

/** P(Z > z) of the standard normal, z ≥ 0: Zelen & Severo 1964 (Abramowitz & Stegun 26.2.17), error below 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z);
  const series = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_53].reduce(
    (sum, coefficient) => (sum + coefficient) * t,
    0,
  );
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
