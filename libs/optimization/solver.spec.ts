import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type LpProblem, type LpSolution, lpBuilder } from '#core';
import { type LpSolver, loadSolver } from './index.ts';

let solver: LpSolver;
beforeAll(async () => {
  solver = await loadSolver();
});

interface Draw {
  readonly sense: LpProblem['sense'];
  readonly columns: readonly { readonly cost: number; readonly upper: number; readonly at: number }[];
  readonly rows: readonly {
    readonly coefficients: readonly number[];
    readonly below: number;
    readonly above: number;
  }[];
}

/** Bounded columns and rows around a point of the box: feasible and bounded. */
const draws: fc.Arbitrary<Draw> = fc.record({
  sense: fc.constantFrom('minimize' as const, 'maximize' as const),
  columns: fc.array(
    fc.record({
      cost: fc.integer({ min: -5, max: 5 }),
      upper: fc.integer({ min: 0, max: 4 }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  rows: fc.array(
    fc.record({
      coefficients: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 5, maxLength: 5 }),
      below: fc.constantFrom(0, 1, Infinity),
      above: fc.constantFrom(0, 2, Infinity),
    }),
    { maxLength: 5 },
  ),
});

function programOf({ sense, columns, rows }: Draw, curved = false, integer = false): LpProblem {
  const lp = lpBuilder(sense);
  // Whole points, so that integer programs are feasible too.
  const inside = columns.map(({ upper, at }) => Math.round(upper * at));
  columns.forEach(({ cost, upper }, j) => {
    lp.column({ cost, upper, integer: integer && j % 2 === 0 });
    if (curved) lp.curvature(j, j, sense === 'minimize' ? j + 1 : -j - 1);
  });
  for (const { coefficients, below, above } of rows) {
    const terms = columns.map((_, j) => [j, coefficients[j]!] as const);
    const activity = terms.reduce((sum, [j, a]) => sum + a * inside[j]!, 0);
    lp.row({ lower: activity - below, upper: activity + above }, terms);
  }
  return lp.build(3);
}

const times = ({ starts, indices, values }: LpProblem['matrix'], x: Float64Array): number[] =>
  Array.from({ length: starts.length - 1 }, (_, i) => {
    let sum = 0;
    for (let k = starts[i]!; k < starts[i + 1]!; k += 1) sum += values[k]! * x[indices[k]!]!;
    return sum;
  });

/** The bound that a multiplier of this sign prices; its own value must not come from the solution. */
function pricedBound(sense: LpProblem['sense'], multiplier: number, lower: number, upper: number): number {
  return multiplier > 0 === (sense === 'minimize') ? lower : upper;
}

/** Σ multiplier × priced bound over rows and columns: the dual objective of an LP without its offset. */
function dualObjective({ sense, columns, rows }: LpProblem, { duals, reducedCosts }: LpSolution): number {
  let sum = 0;
  const add = (multiplier: number, lower: number, upper: number) => {
    if (Math.abs(multiplier) > 1e-9) sum += multiplier * pricedBound(sense, multiplier, lower, upper);
  };
  duals.forEach((dual, i) => add(dual, rows.lower[i]!, rows.upper[i]!));
  reducedCosts.forEach((cost, j) => add(cost, columns.lower[j]!, columns.upper[j]!));
  return sum;
}

/** ∇ objective − Aᵀ duals − reduced costs, which is 0 at an optimum; H is diagonal here. */
function stationarity(problem: LpProblem, { x, duals, reducedCosts }: LpSolution): number[] {
  const { columns, matrix, hessian } = problem;
  const residual = Array.from(columns.cost, (cost, j) => {
    const curve = hessian === undefined ? 0 : hessian.values[j]! * x[j]!;
    return cost + curve - reducedCosts[j]!;
  });
  duals.forEach((dual, i) => {
    for (let k = matrix.starts[i]!; k < matrix.starts[i + 1]!; k += 1) {
      residual[matrix.indices[k]!]! -= dual * matrix.values[k]!;
    }
  });
  return residual;
}

function expectFeasible(problem: LpProblem, { x, activities }: LpSolution): void {
  times(problem.matrix, x).forEach((activity, i) => {
    expect(activities[i]).toBeCloseTo(activity, 6);
    expect(activity).toBeGreaterThanOrEqual(problem.rows.lower[i]! - 1e-6);
    expect(activity).toBeLessThanOrEqual(problem.rows.upper[i]! + 1e-6);
  });
}

/** x + 2y ≥ right at the least cost, or the same cost as a loss that is most. */
function coveredAt(sense: LpProblem['sense'], right: number): LpSolution {
  const lp = lpBuilder(sense);
  const x = lp.column({ cost: sense === 'minimize' ? 2 : -2 });
  const y = lp.column({ cost: sense === 'minimize' ? 3 : -3, upper: 10 });
  lp.row({ lower: right }, [
    [x, 1],
    [y, 2],
  ]);
  return solver.solve(lp.build());
}

describe('linear programs', () => {
  it.each(['simplex', 'ipm'] as const)('are strongly dual in both senses (%s)', (method) => {
    fc.assert(
      fc.property(draws, (draw) => {
        const problem = programOf(draw);
        const solution = solver.solve(problem, { method });
        expectFeasible(problem, solution);
        for (const residual of stationarity(problem, solution)) expect(residual).toBeCloseTo(0, 6);
        expect(dualObjective(problem, solution) + problem.offset).toBeCloseTo(solution.objective, 5);
      }),
    );
  });

  it('have duals that are d objective / d right side, whatever the sense', () => {
    for (const sense of ['minimize', 'maximize'] as const) {
      const slope = coveredAt(sense, 11).objective - coveredAt(sense, 10).objective;
      expect(coveredAt(sense, 10).duals[0]).toBeCloseTo(slope, 9);
      expect(slope).toBe(sense === 'minimize' ? 1.5 : -1.5);
    }
  });

  it('say how they were solved, the same every time', () => {
    const lp = lpBuilder('minimize');
    lp.row({ lower: 1 }, [[lp.column({ cost: 1 }), 2]]);
    const once = solver.solve(lp.build(), { timeLimitSeconds: 5, presolve: 'off' });
    expect(once.solver).toMatchObject({
      name: 'highs',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      options: { time_limit: 5, presolve: 'off', random_seed: 0, qp_regularization_value: 0 },
    });
    expect(solver.solve(lp.build(), { timeLimitSeconds: 5, presolve: 'off' })).toEqual(once);
  });

  it('without columns are their offset, or infeasible', () => {
    const lp = lpBuilder('minimize');
    lp.row({ lower: -1, upper: 1 }, []);
    expect(solver.solve(lp.build(4))).toMatchObject({ objective: 4, activities: Float64Array.of(0) });
    lp.row({ lower: 1 }, []);
    expect(() => solver.solve(lp.build())).toThrow(expect.objectContaining({ code: 'LP_INFEASIBLE' }));
  });
});

describe('convex quadratic programs', () => {
  it('satisfy the conditions of Karush, Kuhn and Tucker with exact duals', () => {
    fc.assert(
      fc.property(draws, (draw) => {
        const problem = programOf(draw, true);
        const solution = solver.solve(problem);
        expectFeasible(problem, solution);
        for (const residual of stationarity(problem, solution)) expect(residual).toBeCloseTo(0, 6);
        // Duality of a convex QP: objective = dual value − ½ xᵀHx.
        const curve = solution.x.reduce((sum, x, j) => sum + (problem.hessian!.values[j]! * x * x) / 2, 0);
        expect(dualObjective(problem, solution) + problem.offset - curve).toBeCloseTo(solution.objective, 5);
      }),
    );
  });
});

describe('integer programs', () => {
  it('are optimal among all whole points, with the duals of the program that fixes them', () => {
    fc.assert(
      fc.property(draws, (draw) => {
        const problem = programOf(draw, false, true);
        const solution = solver.solve(problem);
        expectFeasible(problem, solution);
        const fixed = (lower: number, upper: number, j: number, whole: number) =>
          problem.columns.integer?.[j] === 1 ? [whole, whole] : [lower, upper];
        const best = wholePoints(problem).map((point) => {
          const bounds = Array.from(problem.columns.lower, (low, j) =>
            fixed(low, problem.columns.upper[j]!, j, point[j]!),
          );
          return objectiveWithin(problem, bounds);
        });
        const sign = problem.sense === 'minimize' ? 1 : -1;
        expect(solution.objective).toBeCloseTo(sign * Math.min(...best.map((value) => sign * value)), 6);
        expect(solution.mip?.gap ?? 0).toBeLessThan(1e-6);
        for (const residual of stationarity(problem, solution)) expect(residual).toBeCloseTo(0, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('are not spoilt by a presolve that takes a continuous column for a whole one', () => {
    const lp = lpBuilder('maximize');
    const [x, y, z] = [
      lp.column({ upper: 0, integer: true }),
      lp.column({ upper: 2 }),
      lp.column({ cost: 1, upper: 1, integer: true }),
    ];
    lp.row({ lower: -1, upper: 0 }, [
      [x, -1],
      [y, -1],
    ]);
    lp.row({ lower: 0, upper: 0 }, [
      [x, -1],
      [y, -3],
      [z, 3],
    ]);
    expect(solver.solve(lp.build())).toMatchObject({ objective: 1, x: Float64Array.of(0, 1, 1) });
  });

  it('are not opened for changes', () => {
    const lp = lpBuilder('minimize');
    lp.column({ integer: true });
    expect(() => solver.open(lp.build())).toThrow(expect.objectContaining({ code: 'LP_INVALID' }));
  });
});

/** All combinations of the integer columns; the others stay 0. */
function wholePoints({ columns }: LpProblem): number[][] {
  return Array.from(columns.upper).reduce<number[][]>(
    (points, upper, j) =>
      columns.integer?.[j] === 1
        ? points.flatMap((point) => Array.from({ length: upper + 1 }, (_, value) => [...point, value]))
        : points.map((point) => [...point, 0]),
    [[]],
  );
}

/** The optimum within other bounds of the columns; the worst value where there is none. */
function objectiveWithin(problem: LpProblem, bounds: readonly (readonly number[])[]): number {
  const { integer: _, ...columns } = problem.columns;
  const [lower, upper] = [0, 1].map((end) => Float64Array.from(bounds, (bound) => bound[end]!));
  try {
    return solver.solve({ ...problem, columns: { ...columns, lower: lower!, upper: upper! } }).objective;
  } catch {
    return problem.sense === 'minimize' ? Infinity : -Infinity;
  }
}

describe('programs without an optimum', () => {
  it('are infeasible or unbounded by name, also where presolve cannot tell', () => {
    const lp = lpBuilder('minimize');
    const [x, y] = [lp.column({ cost: -1 }), lp.column({ cost: -1 })];
    lp.row({ upper: 1 }, [
      [x, 1],
      [y, -1],
    ]);
    expect(() => solver.solve(lp.build())).toThrow(expect.objectContaining({ code: 'LP_UNBOUNDED' }));
    lp.row({ upper: -1 }, [
      [x, 1],
      [y, 1],
    ]);
    for (const presolve of ['choose', 'off'] as const) {
      expect(() => solver.solve(lp.build(), { presolve })).toThrow(
        expect.objectContaining({ code: 'LP_INFEASIBLE' }),
      );
    }
  });

  it('end at the limit of time with a code', () => {
    const lp = lpBuilder('maximize');
    const columns = Array.from({ length: 60 }, (_, j) =>
      lp.column({ cost: 1 + ((j * 7) % 13), upper: 1, integer: true }),
    );
    for (let i = 0; i < 30; i += 1) {
      lp.row(
        { upper: 97 },
        columns.map((column, j) => [column, 3 + ((i * 31 + j * j * 17) % 29)]),
      );
    }
    expect(() => solver.solve(lp.build(), { timeLimitSeconds: 0.001 })).toThrow(
      expect.objectContaining({ code: 'LP_TIME_OUT' }),
    );
  });

  it('refuses options out of range', () => {
    const problem = lpBuilder('minimize').build();
    expect(() => solver.solve(problem, { timeLimitSeconds: -1 })).toThrow(
      expect.objectContaining({ code: 'LP_OPTIONS' }),
    );
  });
});

describe('an open program', () => {
  it('changed is the changed program', () => {
    fc.assert(
      fc.property(
        draws,
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 5, maxLength: 5 }),
        (draw, costs) => {
          using program = solver.open(programOf(draw));
          program.solve();
          draw.columns.forEach((_, j) => program.changeCost(j, costs[j]!));
          program.changeColumn(0, 0, 7);
          if (draw.rows.length > 0) program.changeRow(0, -Infinity, 1000);
          const problem = programOf(draw);
          const { columns, rows } = problem;
          columns.upper[0] = 7;
          if (draw.rows.length > 0) [rows.lower[0], rows.upper[0]] = [-Infinity, 1000];
          draw.columns.forEach((_, j) => (columns.cost[j] = costs[j]!));
          expect(program.solve().objective).toBeCloseTo(solver.solve(problem).objective, 6);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses crossed bounds and stays as it was', () => {
    const lp = lpBuilder('minimize');
    const x = lp.column({ cost: 1, lower: 1 });
    using program = solver.open(lp.build());
    expect(() => program.changeColumn(x, 2, 1)).toThrow(expect.objectContaining({ code: 'LP_INFEASIBLE' }));
    expect(() => program.changeCost(x, NaN)).toThrow(expect.objectContaining({ code: 'LP_INVALID' }));
    expect(program.solve().objective).toBe(1);
  });
});
