import { DomainError, type LpSolution, type LpSolve } from '#core';
import type { Period } from './network.ts';
import {
  buildRadialProgram,
  type Control,
  type Linearisation,
  linearise,
  netLoad,
  type NetworkLimit,
  type RadialModel,
  type RadialProgram,
} from './radial-program.ts';
import { explainInfeasible } from './infeasible.ts';
import type { Tree } from './tree.ts';

/** A limit that holds the dispatch back, with d cost / d bound: negative at an upper bound, positive at a lower one. */
export interface BindingLimit extends NetworkLimit {
  readonly dual: number;
}

/** The optimum of one period, per unit; prices in the owner's unit of price. */
export interface RadialDispatch {
  /** Value of each control. */
  readonly x: Float64Array;
  readonly point: Linearisation;
  /** Of the grid; 0 where it has no price. */
  readonly gridP: number;
  /** d cost / d supply at the root. */
  readonly energyPrice: number;
  readonly binding: readonly BindingLimit[];
  /** Linearisations until the last step was nothing. */
  readonly iterations: number;
  /** Limits that could bind somewhere in the box of the controls, of all limits. */
  readonly umbrella: { readonly kept: number; readonly of: number };
}

/** A step this small, per unit, ends the search. */
const STEP_TOLERANCE = 1e-9;
/** By how much limits, and the balance of generators that supply everything, may be broken where the search ends on gain. */
const ROUNDING = 1e-7;
/**
 * After so many linearisations a step that gains less than this, relative to the cost, gains nothing: several controls that
 * share their losses approach a flat optimum slowly.
 */
const GAIN_TOLERANCES = [
  { after: 40, gain: 1e-7 },
  { after: 20, gain: 1e-9 },
  { after: 6, gain: 1e-10 },
];
const MAX_ITERATIONS = 100;

/**
 * Optimal power flow of a radial feeder in one period by successive linear programs: each takes the tangent of the exact
 * power flow at the last dispatch (or LinDistFlow, which is its own tangent), so that at the end losses, voltages and flows
 * are those of the exact power flow and duals are those of the non-linear optimum (a KKT point).
 * `start` is where the search begins, for example at the dispatch of the period before; where it leads nowhere, the optimum
 * of LinDistFlow is, which always has a flow.
 * @throws NETWORK_INFEASIBLE naming limits that cannot be kept, NETWORK_NOT_CONVERGED, POWER_FLOW_DIVERGED, and what `solve` throws
 */
export function dispatchRadial(search: Search, start?: Float64Array): RadialDispatch {
  const first = within(search.controls, start ?? new Float64Array(search.controls.length));
  if (search.model === 'lindistflow') return searchFrom(search, positionAt(search, first));
  try {
    return searchFrom(search, positionAt(search, first));
  } catch (error) {
    if (!(error instanceof DomainError && LEADS_NOWHERE.has(error.code))) throw error;
    return searchFrom(search, losslessOptimum(search));
  }
}

const LEADS_NOWHERE = new Set(['NETWORK_INFEASIBLE', 'NETWORK_NOT_CONVERGED', 'POWER_FLOW_DIVERGED']);

/** What is searched. */
export interface Search {
  readonly tree: Tree;
  readonly period: Pick<Period, 'p' | 'q' | 'price'>;
  readonly controls: readonly Control[];
  readonly model: RadialModel;
  readonly solve: LpSolve;
}

function searchFrom(search: Search, from: Position): RadialDispatch {
  const { controls } = search;
  let position = from;
  let last: Move | undefined;
  const reach = new Float64Array(controls.length).fill(Infinity);
  for (let iterations = 1; iterations <= MAX_ITERATIONS; iterations += 1) {
    let solved = solveWithin(search, position, reach);
    if (last !== undefined && shorten(reach, solved.move, last))
      solved = solveWithin(search, position, reach);
    if (hasArrived(solved, position, iterations) && !released(search, reach, solved)) {
      return finish(search, position, iterations, solved);
    }
    last = solved.move;
    position = moveBy(search, position, last.steps);
  }
  const message = `expected the dispatch to stand after ${MAX_ITERATIONS} linearisations, got steps of ${largest(last!.steps)} pu`;
  throw new DomainError('NETWORK_NOT_CONVERGED', message, 'unavailable');
}

/** Nothing moves; or, where the optimum is flat, moving gains nothing and no limit is broken. */
function hasArrived(
  { program, solution, move }: SolvedStep,
  { point }: Position,
  iterations: number,
): boolean {
  if (largest(move.steps) < STEP_TOLERANCE) return true;
  const { problem, balanceRow, missing } = program;
  const { offset } = problem;
  const { gain = 0 } = GAIN_TOLERANCES.find(({ after }) => iterations > after) ?? {};
  return (
    offset - solution.objective < gain * Math.max(1, Math.abs(offset)) &&
    (balanceRow === null || Math.abs(missing) < ROUNDING) &&
    point.limits.every(({ value, lower, upper }) => value > lower - ROUNDING && value < upper + ROUNDING)
  );
}

/** Relative to the price: a slope above it is no optimum. */
const SLOPE_TOLERANCE = 1e-3;

/** Frees controls that stand only because they were shortened, where going on would gain; true if there are any. */
function released(
  { controls, period }: Search,
  reach: Float64Array,
  { move, solution }: SolvedStep,
): boolean {
  const scale = Math.max(Math.abs(period.price ?? 0), ...controls.map(({ cost }) => Math.abs(cost)));
  const small = largest(move.steps) < STEP_TOLERANCE ? SLOPE_TOLERANCE / 1000 : SLOPE_TOLERANCE;
  let any = false;
  solution.reducedCosts.forEach((slope, j) => {
    if (Math.abs(slope) <= small * scale || Math.abs(move.steps[j]!) < reach[j]! * (1 - 1e-9)) return;
    reach[j] = Infinity;
    any = true;
  });
  return any;
}

/** Shortened controls may not reach a point within the limits: then they are free again. */
function solveWithin(search: Search, position: Position, reach: Float64Array): SolvedStep {
  try {
    return solveStep(search, position, reach);
  } catch (error) {
    const shortened = reach.some((length) => length < Infinity);
    if (!shortened || !(error instanceof DomainError && error.code === 'NETWORK_INFEASIBLE')) throw error;
    reach.fill(Infinity);
    return solveStep(search, position, reach);
  }
}

/** What the program of a step says: how far each control goes, and what one more unit of it would cost. */
interface Move {
  readonly steps: Float64Array;
  readonly slopes: Float64Array;
}

interface SolvedStep {
  readonly program: RadialProgram;
  readonly solution: LpSolution;
  readonly move: Move;
}

function solveStep(search: Search, { x, point }: Position, reach: Float64Array): SolvedStep {
  const { tree, controls, period } = search;
  const program = buildRadialProgram(tree, point, { controls, x, reach, price: period.price });
  const solution = solveOrExplain(search, program);
  return { program, solution, move: { steps: solution.x, slopes: solution.reducedCosts } };
}

/**
 * A control that turns back has passed its optimum, where marginal losses even out costs: from then on it goes no farther
 * than the last time, nor than the secant through its last two slopes has its zero, and half as far at most when it turns
 * back again. True where a step of `now` is longer than that.
 */
function shorten(reach: Float64Array, now: Move, last: Move): boolean {
  let tooFar = false;
  now.steps.forEach((step, j) => {
    const before = Math.abs(last.steps[j]!);
    const turned = step * last.steps[j]! < 0;
    if (before === 0 || !(turned || reach[j]! < Infinity)) return;
    const [slope, change] = [now.slopes[j]!, now.slopes[j]! - last.slopes[j]!];
    // Without a slope a limit of the network decides how far the control goes.
    if (slope === 0) return;
    const secant = change === 0 ? Infinity : Math.abs((before * slope) / change);
    reach[j] = Math.min(secant, turned ? before / 2 : Math.max(before, ROUNDING));
    tooFar ||= Math.abs(step) > reach[j];
  });
  return tooFar;
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

interface Position {
  readonly x: Float64Array;
  readonly point: Linearisation;
}

function positionAt({ tree, period, controls, model }: Search, x: Float64Array, from?: Position): Position {
  const load = netLoad(tree, period, controls, x);
  return { x, point: linearise(tree, load, model, from?.point.state) };
}

const within = (controls: readonly Control[], x: Float64Array): Float64Array =>
  Float64Array.from(controls, ({ lower, upper }, j) => Math.min(Math.max(x[j]!, lower), upper));

/** @throws NETWORK_INFEASIBLE, POWER_FLOW_DIVERGED */
function losslessOptimum(search: Search): Position {
  const { tree, period, controls } = search;
  const idle = within(controls, new Float64Array(controls.length));
  const { x, point } = positionAt({ ...search, model: 'lindistflow' }, idle);
  const step = { controls, x, price: period.price };
  const { x: steps } = solveOrExplain(search, buildRadialProgram(tree, point, step));
  return positionAt(
    search,
    within(
      controls,
      x.map((value, j) => value + steps[j]!),
    ),
  );
}

/** @throws NETWORK_INFEASIBLE, and what `solve` throws */
function solveOrExplain({ tree, solve }: Search, program: RadialProgram): LpSolution {
  try {
    return solve(program.problem);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'LP_INFEASIBLE') {
      throw explainInfeasible(tree, program, solve);
    }
    throw error;
  }
}

/** The whole step, or as much of it as the feeder can carry. @throws POWER_FLOW_DIVERGED where that is nothing */
function moveBy(search: Search, from: Position, steps: Float64Array): Position {
  for (let share = 1; ; share /= 2) {
    const x = within(
      search.controls,
      from.x.map((value, j) => value + share * steps[j]!),
    );
    try {
      return positionAt(search, x, from);
    } catch (error) {
      if (share < 1e-3) throw error;
    }
  }
}

/** Duals smaller than this, per pu, are rounding. */
const DUAL_TOLERANCE = 1e-9;

function finish(
  { period }: Search,
  { x, point }: Position,
  iterations: number,
  { program, solution }: SolvedStep,
): RadialDispatch {
  const { limits, missing, balanceRow } = program;
  return {
    x,
    point,
    gridP: period.price === null ? 0 : missing,
    energyPrice: balanceRow === null ? period.price! : solution.duals[balanceRow]!,
    binding: limits
      .map((limit, i) => ({ ...limit, dual: solution.duals[i]! }))
      .filter(({ dual }) => Math.abs(dual) > DUAL_TOLERANCE),
    iterations,
    umbrella: { kept: limits.length, of: point.limits.length },
  };
}
