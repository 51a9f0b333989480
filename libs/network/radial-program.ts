import { DomainError, type LpBounds, lpBuilder, type LpProblem } from '#core';
import { linDistFlow } from './lin-dist-flow.ts';
import type { Offer, Period } from './network.ts';
import { busierEnd, type FlowState, powerFlow } from './power-flow.ts';
import { emptySeeds, type Gradient, gradientOf, losslessTangent, type Seeds, tangentAt } from './tangent.ts';
import type { Tree } from './tree.ts';

/** `exact`: tangents of the power flow with its losses, renewed until they stand; `lindistflow`: without losses. */
export type RadialModel = 'exact' | 'lindistflow';

/** Something that can be dispatched, per unit: one column of the program. */
export interface Control {
  /** Where it produces. */
  readonly bus: number;
  /** Where it consumes as much, for a trade between two buses. */
  readonly to?: number;
  readonly kind: 'p' | 'q';
  readonly lower: number;
  readonly upper: number;
  readonly cost: number;
}

/** A limit of the network and how it answers consumption. */
export interface NetworkLimit {
  readonly kind: 'voltage' | 'line';
  /** Position of the bus, or of the bus that the line feeds. */
  readonly position: number;
  /** Squared voltage, or flow along its present direction. */
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly gradient: Gradient;
}

/** The network around one state: what the root must supply and what the limits are, to first order. */
export interface Linearisation {
  readonly state: FlowState;
  readonly supply: Gradient;
  readonly limits: readonly NetworkLimit[];
}

/** Active power of every offer, and reactive power of those that have a range; then what other columns bring. */
export function controlsOf(
  offers: readonly Offer[],
): { readonly control: Control; readonly offer: number }[] {
  return offers.flatMap(({ bus, cost, pmin, pmax, qmin, qmax }, offer) => [
    { offer, control: { bus, kind: 'p' as const, lower: pmin, upper: pmax, cost } },
    ...(qmin === 0 && qmax === 0
      ? []
      : [{ offer, control: { bus, kind: 'q' as const, lower: qmin, upper: qmax, cost: 0 } }]),
  ]);
}

/** Consumption left when the controls produce `x`; the root's own supply is not part of the feeder. */
export function netLoad(
  tree: Tree,
  { p, q }: Pick<Period, 'p' | 'q'>,
  controls: readonly Control[],
  x: Float64Array,
): { readonly p: Float64Array; readonly q: Float64Array } {
  const net = { p: p.slice(), q: q.slice() };
  // What the root produces and consumes itself does not load the feeder.
  const [ofRootP, ofRootQ] = [p[tree.network.root]!, q[tree.network.root]!];
  controls.forEach(({ bus, to, kind }, j) => {
    net[kind][bus]! -= x[j]!;
    if (to !== undefined) net[kind][to]! += x[j]!;
  });
  net.p[tree.network.root] = ofRootP;
  net.q[tree.network.root] = ofRootQ;
  return net;
}

/** Entries of all gradients together. */
const MAX_ENTRIES = 20_000_000;

/** @throws POWER_FLOW_DIVERGED, NETWORK_TOO_LARGE where there are too many limits for as many buses */
export function linearise(
  tree: Tree,
  load: { readonly p: Float64Array; readonly q: Float64Array },
  model: RadialModel,
  start?: FlowState,
): Linearisation {
  const state =
    model === 'exact' ? powerFlow(tree, load.p, load.q, start) : linDistFlow(tree, load.p, load.q, 'none');
  const tangent = model === 'exact' ? tangentAt(tree, state) : losslessTangent(tree);
  const supply = emptySeeds(tree);
  supply.p[0] = 1;
  const limits: NetworkLimit[] = [];
  requireEntries(tree);
  for (let k = 1; k < tree.parent.length; k += 1) {
    const { vmin, vmax } = tree.network.buses[tree.busAt[k]!]!;
    if (vmin > 0 || vmax < Infinity) {
      const seeds = emptySeeds(tree);
      seeds.v[k] = 1;
      limits.push({
        kind: 'voltage',
        position: k,
        value: state.v[k]!,
        lower: vmin * vmin,
        upper: vmax * vmax,
        gradient: gradientOf(tangent, seeds),
      });
    }
    const { limit } = tree.network.lines[tree.lineOf[k]!]!;
    if (limit < Infinity) {
      const { value, seeds } = alongTheFlow(tree, state, k);
      limits.push({
        kind: 'line',
        position: k,
        value,
        lower: -limit,
        upper: limit,
        gradient: gradientOf(tangent, seeds),
      });
    }
  }
  return { state, supply: gradientOf(tangent, supply), limits };
}

function requireEntries({ network: { buses, lines } }: Tree): void {
  const limited =
    buses.filter(({ vmin, vmax }) => vmin > 0 || vmax < Infinity).length +
    lines.filter(({ limit }) => limit < Infinity).length;
  if (2 * limited * buses.length <= MAX_ENTRIES) return;
  const message = `expected at most ${MAX_ENTRIES / 2} limits × buses in a dispatch, got ${limited} × ${buses.length}`;
  throw new DomainError('NETWORK_TOO_LARGE', message, 'limit', { limits: limited, buses: buses.length });
}

/** The disc P² + Q² ≤ limit² between two half-planes across the present direction of the flow; active power where none flows. */
function alongTheFlow(
  tree: Tree,
  state: FlowState,
  k: number,
): { readonly value: number; readonly seeds: Seeds } {
  const seeds = emptySeeds(tree);
  return { value: seedFlow(tree, state, k, 1, seeds), seeds };
}

/** Adds `weight` times the flow into k along its direction at its busier end; returns that flow. */
export function seedFlow(tree: Tree, state: FlowState, k: number, weight: number, seeds: Seeds): number {
  const { s, p, q, far } = busierEnd(tree, state, k);
  const [directionP, directionQ] = s > 1e-9 ? [p / s, q / s] : [1, 0];
  seeds.p[k]! += weight * directionP;
  seeds.q[k]! += weight * directionQ;
  if (far) seeds.current[k]! -= weight * (directionP * tree.r[k]! + directionQ * tree.x[k]!);
  return directionP * p + directionQ * q;
}

/** Around which dispatch a program is made. */
export interface Step {
  readonly controls: readonly Control[];
  /** Present values of the controls. */
  readonly x: Float64Array;
  /** Largest step of each control; none where absent. */
  readonly reach?: Float64Array;
  /** Of the grid at the root; null where generators supply everything. */
  readonly price: number | null;
}

/** A program of one step and what its rows stand for. */
export interface RadialProgram {
  readonly problem: LpProblem;
  /** Row of the root's balance; null where the grid balances at its price. */
  readonly balanceRow: number | null;
  /** Row i stands for limits[i]. */
  readonly limits: readonly NetworkLimit[];
  /** What the root is missing at a step of nothing, and the grid supplies if it has a price. */
  readonly missing: number;
}

/**
 * Cheapest supply around a linearisation, in steps Δ of the controls and the grid's supply y where it has a price,
 *   min Σ cost·Δ + price·y   s.t.   Σ −∂supply·Δ + y = missing,   lower ≤ limit + gradient·Δ ≤ upper,
 * with y put into the objective. A side of a limit that no step in the box can break is left out: it is implied, and what
 * remains is the umbrella.
 */
export function buildRadialProgram(tree: Tree, point: Linearisation, step: Step): RadialProgram {
  const { controls, x, price } = step;
  const { root } = tree.network;
  const atRoot = controls.map(({ bus, to, kind }) =>
    kind === 'p' ? Number(bus === root) - Number(to === root) : 0,
  );
  const answer = (gradient: Gradient, j: number): number => {
    const { bus, to = root, kind } = controls[j]!;
    const consumed = (at: number): number => (at === root ? 0 : gradient[kind][at]!);
    return consumed(to) - consumed(bus);
  };
  const supplied = atRoot.map((one, j) => one - answer(point.supply, j));
  const missing = point.state.p[0]! - atRoot.reduce((sum, one, j) => sum + one * x[j]!, 0);
  const boxes = controls.map((control, j) => boxOf(control, x[j]!, Infinity));
  const lp = lpBuilder('minimize');
  controls.forEach((control, j) => {
    const box = boxOf(control, x[j]!, step.reach?.[j] ?? Infinity);
    lp.column({ cost: control.cost - (price ?? 0) * supplied[j]!, ...box });
  });
  const limits = point.limits.filter((limit) => {
    const slopes = controls.map((_, j) => answer(limit.gradient, j));
    const bounds = boundsThatBind(limit, slopes, boxes);
    if (bounds === null) return false;
    lp.row(bounds, [...slopes.entries()]);
    return true;
  });
  const balanceRow =
    price === null ? lp.row({ lower: missing, upper: missing }, [...supplied.entries()]) : null;
  return { problem: lp.build((price ?? 0) * missing), balanceRow, limits, missing };
}

interface Box {
  readonly lower: number;
  readonly upper: number;
}

/** Of the step. */
const boxOf = ({ lower, upper }: Control, x: number, reach: number): Box => ({
  lower: Math.max(lower - x, -reach),
  upper: Math.min(upper - x, reach),
});

/** Slack of a limit below which it stays in, though no step breaks it: it may price the edge of the box. */
const IMPLIED_MARGIN = 1e-9;

/** Bounds on the step's part of a limit, infinite on a side that nothing in the box breaks; null where neither does. */
function boundsThatBind(
  { value, lower, upper }: NetworkLimit,
  slopes: readonly number[],
  boxes: readonly Box[],
): LpBounds | null {
  let [least, most] = [0, 0];
  slopes.forEach((slope, j) => {
    if (slope === 0) return;
    least += Math.min(slope * boxes[j]!.lower, slope * boxes[j]!.upper);
    most += Math.max(slope * boxes[j]!.lower, slope * boxes[j]!.upper);
  });
  const below = value + least > lower + IMPLIED_MARGIN ? -Infinity : lower - value;
  const above = value + most < upper - IMPLIED_MARGIN ? Infinity : upper - value;
  return below === -Infinity && above === Infinity ? null : { lower: below, upper: above };
}
