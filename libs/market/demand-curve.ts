import { DomainError } from '#core';
import { MAX_ORDER_WH, MAX_PRICE_PER_MWH } from './order.ts';

/** What an agent wants at a price: positive Wh are consumed, negative ones produced. */
export interface CurvePoint {
  readonly pricePerMwh: number;
  readonly demandWh: number;
}

/** Between points: straight lines, or the demand of the point before; two points at one price are a step in both. */
export type CurveShape = 'linear' | 'step';

/**
 * Demand that never rises with the price, in columns: just below and just above each price in rising order, straight lines
 * between, constant before the first and after the last.
 */
export interface DemandCurve {
  readonly prices: readonly number[];
  readonly below: readonly number[];
  readonly above: readonly number[];
}

export const MAX_CURVE_POINTS = 1_000;

/** @throws CURVE_POINTS, CURVE_NOT_FINITE, CURVE_NOT_MONOTONE; `id` names the curve in them */
export function demandCurve(id: string, points: readonly CurvePoint[], shape: CurveShape): DemandCurve {
  requirePoints(id, points);
  const prices: number[] = [];
  const below: number[] = [];
  const above: number[] = [];
  points.forEach(({ pricePerMwh, demandWh }, i) => {
    if (pricePerMwh === prices.at(-1)) above[above.length - 1] = demandWh;
    else {
      prices.push(pricePerMwh);
      below.push(shape === 'step' ? (points[i - 1] ?? points[0]!).demandWh : demandWh);
      above.push(demandWh);
    }
  });
  return { prices, below, above };
}

function requirePoints(id: string, points: readonly CurvePoint[]): void {
  if (points.length < 1 || points.length > MAX_CURVE_POINTS) {
    const expected = `1 to ${MAX_CURVE_POINTS} points in curve ${id}`;
    throw new DomainError('CURVE_POINTS', `expected ${expected}, got ${points.length}`);
  }
  points.forEach(({ pricePerMwh, demandWh }, i) => {
    if (!isWhole(pricePerMwh, MAX_PRICE_PER_MWH) || !isWhole(demandWh, MAX_ORDER_WH)) {
      throw new DomainError(
        'CURVE_NOT_FINITE',
        `expected finite whole prices and demands in curve ${id}, got ${pricePerMwh} and ${demandWh}`,
      );
    }
    const last = points[i - 1];
    if (last !== undefined && (pricePerMwh < last.pricePerMwh || demandWh > last.demandWh)) {
      throw new DomainError(
        'CURVE_NOT_MONOTONE',
        `expected prices that rise and demand that never does in curve ${id}, got ${pricePerMwh < last.pricePerMwh ? 'a lower price' : 'more demand'} in point ${i + 1} than in the one before`,
      );
    }
  });
}

const isWhole = (value: number, limit: number): boolean =>
  Number.isSafeInteger(value) && Math.abs(value) <= limit;

/** Just below and just above a price. */
export interface DemandAt {
  readonly below: number;
  readonly above: number;
}

export function demandAt({ prices, below, above }: DemandCurve, price: number): DemandAt {
  let [low, high] = [0, prices.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (prices[middle]! < price) low = middle + 1;
    else high = middle;
  }
  if (prices[low] === price) return { below: below[low]!, above: above[low]! };
  const demand = between({ prices, below, above }, low, price);
  return { below: demand, above: demand };
}

/** Demand at a price between the points `next − 1` and `next`. */
function between({ prices, below, above }: DemandCurve, next: number, price: number): number {
  if (next === 0) return below[0]!;
  if (next === prices.length) return above[next - 1]!;
  const [from, to] = [above[next - 1]!, below[next]!];
  return from + ((to - from) * (price - prices[next - 1]!)) / (prices[next]! - prices[next - 1]!);
}

/** Of nobody. */
const NO_DEMAND: DemandCurve = { prices: [0], below: [0], above: [0] };

/** Net demand of several curves, added up in pairs, pairs of pairs and so on: n curves in n log n. */
export function aggregate(curves: readonly DemandCurve[]): DemandCurve {
  // What is nothing has no prices to say either.
  let level = curves.filter((curve) => curve !== NO_DEMAND);
  while (level.length > 1) {
    const next: DemandCurve[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [a, b] = [level[i]!, level[i + 1]];
      next.push(b === undefined ? a : add(a, b));
    }
    level = next;
  }
  return level[0] ?? NO_DEMAND;
}

function add(a: DemandCurve, b: DemandCurve): DemandCurve {
  const sum = { prices: [] as number[], below: [] as number[], above: [] as number[] };
  let [i, j] = [0, 0];
  while (i < a.prices.length || j < b.prices.length) {
    const price = Math.min(a.prices[i] ?? Infinity, b.prices[j] ?? Infinity);
    const [ofA, ofB] = [at(a, i, price), at(b, j, price)];
    if (a.prices[i] === price) i++;
    if (b.prices[j] === price) j++;
    sum.prices.push(price);
    sum.below.push(ofA.below + ofB.below);
    sum.above.push(ofA.above + ofB.above);
  }
  return sum;
}

/** Demand at a price that is not past the point `next`. */
function at(curve: DemandCurve, next: number, price: number): DemandAt {
  if (curve.prices[next] === price) return { below: curve.below[next]!, above: curve.above[next]! };
  const demand = between(curve, next, price);
  return { below: demand, above: demand };
}

/** All prices at which net demand can be zero, ±∞ where it still is at any; null where it is never. */
export function zeroDemand(net: DemandCurve): { readonly low: number; readonly high: number } | null {
  if (net.below[0]! < 0 || net.above.at(-1)! > 0) return null;
  return { low: leastWithoutDemand(net), high: -leastWithoutDemand(mirrored(net)) };
}

/** The least price above which nothing is demanded any more. */
function leastWithoutDemand({ prices, below, above }: DemandCurve): number {
  if (below[0]! <= 0) return -Infinity;
  const i = above.findIndex((demand) => demand <= 0);
  const [from, to] = [above[i - 1] ?? below[0]!, below[i]!];
  if (i === 0 || to > 0) return prices[i]!;
  return prices[i - 1]! + (from / (from - to)) * (prices[i]! - prices[i - 1]!);
}

/** Supply over the negative price: what is least of one is greatest of the other. */
const mirrored = ({ prices, below, above }: DemandCurve): DemandCurve => ({
  prices: prices.toReversed().map((price) => -price),
  below: above.toReversed().map((demand) => -demand),
  above: below.toReversed().map((demand) => -demand),
});
