import { DomainError } from '#core';
import { byPosition, type Tree } from './tree.ts';

/**
 * A state of a radial network, per unit, by position of the tree; entry 0 of the arrays over lines is the root's own supply.
 * The line that feeds k carries `p[k]` + j·`q[k]` at the parent's end.
 */
export interface FlowState {
  /** Squared voltage. */
  readonly v: Float64Array;
  /** Angle, radians; null in models without angles. */
  readonly angle: Float64Array | null;
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** Squared current of the feeding line. */
  readonly current: Float64Array;
  readonly iterations: number;
}

interface Voltages {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Largest change of a voltage in the last sweep, per unit. */
const TOLERANCE = 1e-13;
const MAX_SWEEPS = 2_000;

/**
 * Exact power flow of a radial network of constant-power loads by backward and forward sweeps (Shirmohammadi, Hong, Semlyen
 * & Luo 1988): currents Ī = S/V summed towards the root, voltages V_k = V_parent − z·I away from it, until they stand.
 * `p` and `q` are net consumption by bus number. @throws POWER_FLOW_DIVERGED where the load is past what the feeder can carry
 */
export function powerFlow(
  tree: Tree,
  p: Float64Array,
  q: Float64Array,
  start?: FlowState,
  maxSweeps: number = MAX_SWEEPS,
): FlowState {
  const count = tree.busAt.length;
  const load = { p: byPosition(tree, p), q: byPosition(tree, q) };
  const voltage = startVoltages(tree, start);
  const current = { re: new Float64Array(count), im: new Float64Array(count) };
  for (let sweep = 1; sweep <= maxSweeps; sweep += 1) {
    sumCurrents(tree, load, voltage, current);
    const change = dropVoltages(tree, current, voltage);
    if (!(change < 1)) break;
    if (change < TOLERANCE) return stateOf(tree, voltage, current, sweep);
  }
  throw new DomainError(
    'POWER_FLOW_DIVERGED',
    'expected a power flow that converges, got none: the load is past what the feeder can carry',
    'conflict',
  );
}

function startVoltages({ network, busAt }: Tree, start: FlowState | undefined): Voltages {
  const count = busAt.length;
  if (start?.angle === undefined || start.angle === null) {
    return { re: new Float64Array(count).fill(network.rootVoltage), im: new Float64Array(count) };
  }
  const { v, angle } = start;
  return {
    re: v.map((square, k) => Math.sqrt(square) * Math.cos(angle[k]!)),
    im: v.map((square, k) => Math.sqrt(square) * Math.sin(angle[k]!)),
  };
}

/** Backward: conj(S/V) of the load, and of the shunt conj(g − jb)·V, summed towards the root. */
function sumCurrents(
  tree: Tree,
  load: { readonly p: Float64Array; readonly q: Float64Array },
  { re, im }: Voltages,
  current: Voltages,
): void {
  for (let k = 0; k < re.length; k += 1) {
    const [e, f, p, q] = [re[k]!, im[k]!, load.p[k]!, load.q[k]!];
    const square = e * e + f * f;
    const [g, b] = [tree.g[k]!, tree.b[k]!];
    current.re[k] = (p * e + q * f) / square + g * e - b * f;
    current.im[k] = (p * f - q * e) / square + g * f + b * e;
  }
  for (let k = re.length - 1; k > 0; k -= 1) {
    const parent = tree.parent[k]!;
    current.re[parent]! += current.re[k]!;
    current.im[parent]! += current.im[k]!;
  }
}

/** Forward; the largest change of a voltage. */
function dropVoltages({ parent, r, x }: Tree, current: Voltages, { re, im }: Voltages): number {
  let change = 0;
  for (let k = 1; k < re.length; k += 1) {
    const [i, j, above] = [current.re[k]!, current.im[k]!, parent[k]!];
    const e = re[above]! - (r[k]! * i - x[k]! * j);
    const f = im[above]! - (r[k]! * j + x[k]! * i);
    change = Math.max(change, Math.abs(e - re[k]!), Math.abs(f - im[k]!));
    re[k] = e;
    im[k] = f;
    // Math.max would hide it.
    if (Number.isNaN(e + f)) return Number.NaN;
  }
  return change;
}

function stateOf({ parent }: Tree, voltage: Voltages, current: Voltages, iterations: number): FlowState {
  const { re, im } = voltage;
  // At the parent's end S = V·conj(I); the root supplies at its own voltage.
  const above = (k: number): number => Math.max(0, parent[k]!);
  return {
    v: re.map((e, k) => e * e + im[k]! * im[k]!),
    angle: re.map((e, k) => Math.atan2(im[k]!, e)),
    p: re.map((_, k) => re[above(k)]! * current.re[k]! + im[above(k)]! * current.im[k]!),
    q: re.map((_, k) => im[above(k)]! * current.re[k]! - re[above(k)]! * current.im[k]!),
    current: current.re.map((i, k) => i * i + current.im[k]! * current.im[k]!),
    iterations,
  };
}

/** Active and reactive losses in the lines. */
export function losses({ r, x }: Tree, { current }: FlowState): { readonly p: number; readonly q: number } {
  let [p, q] = [0, 0];
  for (let k = 1; k < r.length; k += 1) {
    p += r[k]! * current[k]!;
    q += x[k]! * current[k]!;
  }
  return { p, q };
}

/** Apparent power of the line that feeds k at its busier end, with P and Q there. */
export function busierEnd(
  { r, x }: Tree,
  { p, q, current }: FlowState,
  k: number,
): { readonly s: number; readonly p: number; readonly q: number; readonly far: boolean } {
  const far = { p: p[k]! - r[k]! * current[k]!, q: q[k]! - x[k]! * current[k]! };
  const [sNear, sFar] = [Math.hypot(p[k]!, q[k]!), Math.hypot(far.p, far.q)];
  return sFar > sNear ? { s: sFar, ...far, far: true } : { s: sNear, p: p[k]!, q: q[k]!, far: false };
}
