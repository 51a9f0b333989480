import { ExactSum } from './exact-sum.ts';

/** Energy of one member at one limit, as it stands beside what is traded. */
export interface Segment {
  readonly member: number;
  readonly wh: number;
  readonly pricePerMwh: number;
}

/**
 * What others would do with a member's energy: segments in the order in which they would take its place, and for any
 * member the worth of the first q Wh that are not its own. Logarithmic a query beside the member's own segments, by
 * prefix sums.
 */
export class Displacement {
  readonly #endsWh: Float64Array;
  readonly #ends: readonly bigint[];
  readonly #own = new Map<number, number[]>();

  constructor(private readonly segments: readonly Segment[]) {
    const worth = new ExactSum();
    this.#endsWh = new Float64Array(segments.length);
    this.#ends = segments.map(({ member, wh, pricePerMwh }, i) => {
      this.#endsWh[i] = (this.#endsWh[i - 1] ?? 0) + wh;
      const own = this.#own.get(member);
      if (own) own.push(i);
      else this.#own.set(member, [i]);
      worth.add(wh, pricePerMwh);
      return worth.exact;
    });
  }

  /** Σ Wh × price of the first `wh` of others, or of all there are; in millionths of a minor unit. */
  worth(member: number, wh: number): bigint {
    let [targetWh, own] = [wh, 0n];
    for (const i of this.#own.get(member) ?? []) {
      if (this.#startWh(i) >= targetWh) break;
      targetWh += this.segments[i]!.wh;
      own += this.#ends[i]! - (this.#ends[i - 1] ?? 0n);
    }
    return this.#upTo(targetWh) - own;
  }

  #startWh(i: number): number {
    return this.#endsWh[i - 1] ?? 0;
  }

  #upTo(wh: number): bigint {
    let [low, high] = [0, this.#endsWh.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#endsWh[middle]! <= wh) low = middle + 1;
      else high = middle;
    }
    const whole = this.#ends[low - 1] ?? 0n;
    const next = this.segments[low];
    return next === undefined ? whole : whole + BigInt(wh - this.#startWh(low)) * BigInt(next.pricePerMwh);
  }
}

/** Two lists, each sorted so that `before` never holds backwards, as one; equal ones of `first` lead. */
export function mergeSegments(
  first: readonly Segment[],
  second: readonly Segment[],
  before: (a: Segment, b: Segment) => boolean,
): Segment[] {
  const merged: Segment[] = [];
  let i = 0;
  for (const segment of second) {
    while (i < first.length && !before(segment, first[i]!)) merged.push(first[i++]!);
    merged.push(segment);
  }
  for (; i < first.length; i++) merged.push(first[i]!);
  return merged;
}
