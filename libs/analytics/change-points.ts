import { DomainError } from '#core';

/** A stretch of a series between changes of its mean. */
export interface Segment {
  /** Position of the first value, and one past the last. */
  readonly from: number;
  readonly to: number;
  readonly mean: number;
}

/** Longest series: five years of days. */
const MAX_VALUES = 2_000;

/**
 * Changes of the mean by optimal partitioning with pruning (PELT; Killick, Fearnhead & Eckley 2012): least Σ squared residuals
 * over σ² + a penalty of 2·ln n a change (Schwarz: a position and a mean), σ from the differences of neighbours by their median absolute
 * deviation, which a few changes do not move. Segments have at least `leastLength` values.
 * @throws TREND_TOO_SHORT, TREND_TOO_LONG, TREND_VALUE
 */
export function changePoints(values: readonly number[], leastLength = 7): Segment[] {
  requireSeries(values, leastLength);
  const scale = noise(values);
  const cost = costs(values);
  // A series without noise breaks wherever it moves at all.
  const penalty = 2 * Math.log(values.length) * (scale > 0 ? scale ** 2 : Number.MIN_VALUE);
  return segments(values, bestEnds(values.length, leastLength, cost, penalty));
}

/** @returns for each end the start of the last segment of the best partition up to it */
function bestEnds(
  n: number,
  leastLength: number,
  cost: (from: number, to: number) => number,
  penalty: number,
): number[] {
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -penalty;
  const start = Array.from({ length: n + 1 }, () => 0);
  let candidates = [0];
  for (let to = leastLength; to <= n; to += 1) {
    for (const from of candidates) {
      const total = best[from]! + cost(from, to) + penalty;
      if (to - from >= leastLength && total < best[to]!) [best[to], start[to]] = [total, from];
    }
    candidates = candidates.filter(
      (from) => to - from < leastLength || best[from]! + cost(from, to) <= best[to]!,
    );
    candidates.push(to - leastLength + 1);
  }
  return start;
}

function segments(values: readonly number[], start: readonly number[]): Segment[] {
  const found: Segment[] = [];
  for (let to = values.length; to > 0; to = start[to]!) {
    const part = values.slice(start[to], to);
    found.unshift({ from: start[to]!, to, mean: part.reduce((sum, value) => sum + value, 0) / part.length });
  }
  return found;
}

/** Σ (value − mean)² of a stretch, from running sums around the overall mean. */
function costs(values: readonly number[]): (from: number, to: number) => number {
  const level = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [sums, squares] = [new Float64Array(values.length + 1), new Float64Array(values.length + 1)];
  values.forEach((value, i) => {
    sums[i + 1] = sums[i]! + value - level;
    squares[i + 1] = squares[i]! + (value - level) ** 2;
  });
  return (from, to) => {
    const sum = sums[to]! - sums[from]!;
    return Math.max(0, squares[to]! - squares[from]! - (sum * sum) / (to - from));
  };
}

/** Normal-consistent: median |Δ| / (0.6745·√2). */
function noise(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  return median(steps) / (0.6745 * Math.SQRT2);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function requireSeries(values: readonly number[], leastLength: number): void {
  if (values.length < Math.max(2, leastLength)) {
    throw new DomainError(
      'TREND_TOO_SHORT',
      `expected at least ${Math.max(2, leastLength)} values, got ${values.length}`,
    );
  }
  if (values.length > MAX_VALUES) {
    throw new DomainError(
      'TREND_TOO_LONG',
      `expected at most ${MAX_VALUES} values, got ${values.length}`,
      'limit',
    );
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new DomainError('TREND_VALUE', `expected finite values, got ${values[at]} at ${at}`);
}
