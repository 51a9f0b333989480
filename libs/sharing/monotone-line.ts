/**
 * The derivative of a convex piecewise quadratic function as a rising line through points (x, y): both coordinates never
 * fall. A level stretch is where the function is linear, an upright one a kink; before the first point and after the last
 * the line is upright, which bounds the domain. Arrays are reused, so `length` says how many points there are.
 */
export interface MonotoneLine {
  readonly x: Float64Array;
  readonly y: Float64Array;
  length: number;
}

export const emptyLine = (capacity: number): MonotoneLine => ({
  x: new Float64Array(capacity),
  y: new Float64Array(capacity),
  length: 0,
});

export function addPoint(line: MonotoneLine, x: number, y: number): void {
  line.x[line.length] = x;
  line.y[line.length] = y;
  line.length += 1;
}

/** x at height y, given that `next` is the first point not yet passed. */
function xBefore({ x, y, length }: MonotoneLine, next: number, height: number): number {
  if (next === 0) return x[0]!;
  if (next === length) return x[length - 1]!;
  const rise = y[next]! - y[next - 1]!;
  return rise > 0
    ? x[next - 1]! + ((height - y[next - 1]!) / rise) * (x[next]! - x[next - 1]!)
    : x[next - 1]!;
}

/** Derivative of the infimal convolution of both functions: at each height the x of both add up. */
export function addHorizontally(a: MonotoneLine, b: MonotoneLine, sum: MonotoneLine): void {
  sum.length = 0;
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (j === b.length || (i < a.length && a.y[i]! <= b.y[j]!)) {
      addPoint(sum, a.x[i]! + xBefore(b, j, a.y[i]!), a.y[i]!);
      i += 1;
    } else {
      addPoint(sum, b.x[j]! + xBefore(a, i, b.y[j]!), b.y[j]!);
      j += 1;
    }
  }
}

/** The line within low ≤ x ≤ high; `line` must reach into it. */
export function clipLine(line: MonotoneLine, low: number, high: number, clipped: MonotoneLine): void {
  clipped.length = 0;
  const { x, y, length } = line;
  for (let k = 0; k < length; k += 1) {
    if (k > 0) {
      addCut(line, k, low, clipped);
      addCut(line, k, high, clipped);
    }
    if (x[k]! >= low && x[k]! <= high) addPoint(clipped, x[k]!, y[k]!);
  }
  if (clipped.length > 0) return;
  // Rounding may leave it a hair outside.
  const end = x[0]! > high ? 0 : length - 1;
  addPoint(clipped, Math.min(high, Math.max(low, x[end]!)), y[end]!);
}

/** The point at x = `at` where the segment that ends at point k passes it. */
function addCut(line: MonotoneLine, k: number, at: number, clipped: MonotoneLine): void {
  if (line.x[k - 1]! < at && line.x[k]! > at) addPoint(clipped, at, heightOn(line, k, at));
}

/** y at x on the segment that ends at point k. */
function heightOn({ x, y }: MonotoneLine, k: number, at: number): number {
  const run = x[k]! - x[k - 1]!;
  return run > 0 ? y[k - 1]! + ((at - x[k - 1]!) / run) * (y[k]! - y[k - 1]!) : y[k - 1]!;
}

/** A height of the line at x: the lowest where it is upright there. */
export function heightAt(line: MonotoneLine, at: number): number {
  const { x, y, length } = line;
  if (at <= x[0]!) return y[0]!;
  for (let k = 1; k < length; k += 1) if (at <= x[k]!) return heightOn(line, k, at);
  return y[length - 1]!;
}

/** The first x of the line at height y. */
export function firstAt(line: MonotoneLine, height: number): number {
  let next = 0;
  while (next < line.length && line.y[next]! < height) next += 1;
  return xBefore(line, next, height);
}

/** The last x of the line at height y. */
export function lastAt(line: MonotoneLine, height: number): number {
  let next = 0;
  while (next < line.length && line.y[next]! <= height) next += 1;
  return xBefore(line, next, height);
}
