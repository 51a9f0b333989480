import { DomainError, type LpSolution, type LpSolve } from '#core';
import { type DeviceMember, type DeviceTerms } from './member.ts';
import { buildDevices, type DevicesOptions, type DevicesProgram } from './member-program.ts';
import { type MemberDecision, readDevices } from './member-schedule.ts';

/** What is missed by less is rounding. */
const MISSED_KWH = 1e-6;

export interface DevicesDispatch {
  readonly members: readonly MemberDecision[];
  /** Price of electricity inside a community that shares; absent where members decide alone. */
  readonly pricePerKwh?: readonly number[];
  /** Optimal cost of all. */
  readonly cost: number;
}

/**
 * Least cost of every member alone.
 * @throws as buildDevices and `solve`, and DISPATCH_INFEASIBLE naming member, device, slot and what is missed there
 */
export function dispatchAlone(
  members: readonly DeviceMember[],
  terms: DeviceTerms,
  solve: LpSolve,
): DevicesDispatch {
  const each = members.map((member) => dispatchDevices([member], terms, solve, {}));
  return {
    members: each.flatMap((dispatch) => dispatch.members),
    cost: each.reduce((sum, { cost }) => sum + cost, 0),
  };
}

/**
 * Least cost of members who exchange electricity before the grid, at one price a slot: the dual of their balance, which
 * lies between selling and buying. Without integers nobody pays more than alone (equilibrium of a linear economy, Owen 1975).
 * @throws as dispatchAlone
 */
export function dispatchTogether(
  members: readonly DeviceMember[],
  terms: DeviceTerms,
  solve: LpSolve,
): DevicesDispatch {
  return dispatchDevices(members, terms, solve, { shared: true });
}

function dispatchDevices(
  members: readonly DeviceMember[],
  terms: DeviceTerms,
  solve: LpSolve,
  options: DevicesOptions,
): DevicesDispatch {
  const program = buildDevices(members, terms, options);
  const solution = solveNamed(program, members, options, solve);
  return {
    members: readDevices(program, solution),
    ...(options.shared === true ? { pricePerKwh: program.pool.map((row) => solution.duals[row]!) } : {}),
    cost: solution.objective,
  };
}

function solveNamed(
  program: DevicesProgram,
  members: readonly DeviceMember[],
  options: DevicesOptions,
  solve: LpSolve,
): LpSolution {
  try {
    return solve(program.problem);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'LP_INFEASIBLE') throw error;
    throw infeasible(buildDevices(members, program.terms, { ...options, relaxed: true }), solve);
  }
}

/** The needs that are missed where as little as possible is; the one that is missed most comes first. */
function infeasible({ problem, misses }: DevicesProgram, solve: LpSolve): DomainError {
  const { x } = solve(problem);
  const missed = misses
    .map(({ columns: [below, above], ...need }) => ({ ...need, by: x[below]! + x[above]! }))
    .filter(({ by }) => by > MISSED_KWH)
    .toSorted((a, b) => b.by - a.by);
  const [first] = missed;
  if (first === undefined) {
    return new DomainError(
      'DISPATCH_INFEASIBLE',
      'expected a schedule within all limits, got none',
      'conflict',
    );
  }
  const { member, device, slot, what, by } = first;
  return new DomainError(
    'DISPATCH_INFEASIBLE',
    `expected ${what} of ${device} of ${member} in slot ${slot} to be possible, got ${by.toPrecision(6)} too little or too much`,
    'conflict',
    {
      member,
      device,
      slot,
      what,
      by,
      missed: missed.slice(0, 20).map((need) => `${need.member}/${need.device}/${need.slot}: ${need.what}`),
    },
  );
}
