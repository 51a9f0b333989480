import highsModule, {
  type CallbackEventBase,
  type Highs,
  type HighsCallbackMap,
  type Model,
  type ModelData,
} from 'highs';
import { DomainError, type LpProblem, type LpSolution, requireLpBounds, requireLpProblem } from '#core';
import { type HighsOptions, type LpOptions, type LpSearch, highsOptions } from './options.ts';

/** A program kept in the solver: changed and solved again, simplex starts from the last basis. Dispose of it. */
export interface OpenProgram extends Disposable {
  changeCost(column: number, cost: number): void;
  changeColumn(column: number, lower: number, upper: number): void;
  changeRow(row: number, lower: number, upper: number): void;
  /** Several at once, numbers rising; the caller answers for bounds that do not cross. */
  changeColumns(columns: Int32Array, lower: Float64Array, upper: Float64Array): void;
  changeRows(rows: Int32Array, lower: Float64Array, upper: Float64Array): void;
  /** @throws as LpSolver.solve */
  solve(): LpSolution;
  /** `solve().objective` without the rest. @throws as LpSolver.solve */
  objective(): number;
}

export interface LpSolver {
  /**
   * @throws LP_INVALID, LP_TOO_LARGE, LP_OPTIONS, LP_INFEASIBLE, LP_UNBOUNDED, LP_TIME_OUT, LP_ITERATION_LIMIT,
   * LP_SOLVER_FAILED where HiGHS gives up
   */
  solve(problem: LpProblem, options?: LpOptions): LpSolution;
  /** Without integer columns. @throws LP_INVALID, LP_TOO_LARGE, LP_OPTIONS, LP_INFEASIBLE */
  open(problem: LpProblem, options?: LpOptions): OpenProgram;
}

// Declared as a CommonJS module with a default inside; Node resolves the ES module, whose default is the loader itself.
const load = highsModule as unknown as typeof highsModule.default;

let loading: Promise<LpSolver> | undefined;

/** The solver of this thread; loaded once, in about 70 ms. Calls block the thread they are made in. */
export function loadSolver(): Promise<LpSolver> {
  return (loading ??= load().then(solverOf));
}

function solverOf(highs: Highs): LpSolver {
  const open = (problem: LpProblem, options: LpOptions = {}): OpenProgram => {
    requireLpProblem(problem);
    if (hasIntegers(problem)) {
      throw new DomainError('LP_INVALID', 'expected no integer columns in an open program, got some');
    }
    return openProgram(highs, problem, highsOptions(options));
  };
  return {
    open,
    solve(problem, options = {}) {
      requireLpProblem(problem);
      // Presolve of HiGHS 1.15.1 gives some integer programs a worse point as optimal, and finds others infeasible.
      const settings = highsOptions(hasIntegers(problem) ? { presolve: 'off', ...options } : options);
      if (problem.columns.cost.length === 0) return withoutColumns(highs, problem, settings);
      return orFailed(() =>
        highs.withModel(modelData(highs, problem), (model) => {
          model.options.set(settings);
          return hasIntegers(problem)
            ? solveIntegers({ highs, model, problem, options: settings, onSearch: options.onSearch })
            : solveModel(highs, model, settings);
        }),
      );
    },
  };
}

const hasIntegers = ({ columns }: LpProblem): boolean => columns.integer?.includes(1) === true;

/** An error of WebAssembly or of the binding leaves no half-solved model behind, and has one code. */
function orFailed<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    // The instance may be damaged (out of memory, aborted): the next call loads another.
    loading = undefined;
    throw failed(error instanceof Error ? error.message : String(error));
  }
}

const failed = (reason: string): DomainError =>
  new DomainError('LP_SOLVER_FAILED', `expected an optimal solution, got: ${reason}`, 'unavailable', {
    reason,
  });

function modelData({ constants }: Highs, problem: LpProblem): ModelData {
  const { columns, rows, matrix, hessian } = problem;
  const numCols = columns.cost.length;
  const numRows = rows.lower.length;
  return {
    numCols,
    numRows,
    sense: constants.objectiveSense[problem.sense],
    offset: problem.offset,
    colCost: columns.cost,
    colLower: columns.lower,
    colUpper: columns.upper,
    rowLower: rows.lower,
    rowUpper: rows.upper,
    matrix: { format: 'csr', numRows, numCols, ...matrix },
    ...(columns.integer === undefined ? {} : { integrality: Int32Array.from(columns.integer) }),
    // The upper triangle by rows is the lower one by columns.
    ...(hessian === undefined ? {} : { hessian: { format: 'triangular', dimension: numCols, ...hessian } }),
  };
}

/** HiGHS does not run where there is nothing to decide. */
function withoutColumns({ version }: Highs, { offset, rows }: LpProblem, options: HighsOptions): LpSolution {
  const row = rows.lower.findIndex((lower, i) => lower > 0 || rows.upper[i]! < 0);
  if (row >= 0) throw infeasible();
  const zeros = new Float64Array(rows.lower.length);
  return {
    status: 'optimal',
    objective: offset,
    x: new Float64Array(0),
    activities: zeros,
    duals: zeros.slice(),
    reducedCosts: new Float64Array(0),
    solver: { name: 'highs', version: version.string, options, iterations: 0 },
  };
}

const infeasible = (): DomainError =>
  new DomainError('LP_INFEASIBLE', 'expected a point within all bounds, got none', 'conflict');

function solveModel(highs: Highs, model: Model, options: HighsOptions): LpSolution {
  run(highs, model, options);
  const { colValue, rowValue, colDual, rowDual } = model.getSolution();
  return {
    status: 'optimal',
    objective: model.getObjectiveValue(),
    x: colValue,
    activities: rowValue,
    duals: rowDual,
    reducedCosts: colDual,
    solver: { name: 'highs', version: highs.version.string, options, iterations: iterationsOf(model) },
  };
}

interface IntegerProgram {
  readonly highs: Highs;
  readonly model: Model;
  readonly problem: LpProblem;
  readonly options: HighsOptions;
  readonly onSearch: ((search: LpSearch) => void) | undefined;
}

/** The checkpoint at which HiGHS would let itself be interrupted; it comes at every node, and without output. */
const searchCallbacks = ({ constants }: Highs, onSearch: (search: LpSearch) => void): HighsCallbackMap => ({
  [constants.callbackType.mipInterrupt]: ({ data }: CallbackEventBase): undefined => {
    onSearch({ gap: data.mip_gap ?? Infinity, nodes: Number(data.mip_node_count ?? 0) });
  },
});

/** HiGHS gives no duals of integer programs: those of the linear one that remains when the integers are fixed. */
function solveIntegers({ highs, model, problem, options, onSearch }: IntegerProgram): LpSolution {
  run(highs, model, options, onSearch === undefined ? {} : searchCallbacks(highs, onSearch));
  const mip = { bound: Number(model.info.get('mip_dual_bound')), gap: Number(model.info.get('mip_gap')) };
  const { colValue } = model.getSolution();
  model.clearIntegrality();
  problem.columns.integer?.forEach((integer, column) => {
    const value = Math.round(colValue[column]!);
    if (integer === 1) model.changeColBounds(column, value, value);
  });
  return { ...solveModel(highs, model, options), mip };
}

const iterationsOf = (model: Model): number =>
  ['simplex_iteration_count', 'ipm_iteration_count', 'qp_iteration_count'].reduce(
    (sum, name) => sum + Math.max(0, Number(model.info.get(name))),
    0,
  );

/** Runs to optimality, within a limit of time of its own. @throws the code of whatever else it ends with */
function run(
  { constants }: Highs,
  model: Model,
  options: HighsOptions,
  callbacks: HighsCallbackMap = {},
): void {
  const { modelStatus: status } = constants;
  // HiGHS counts the time of a model, not of a run.
  model.zeroAllClocks();
  model.run(callbacks);
  if (model.getModelStatus() === status.unboundedOrInfeasible) {
    // Presolve sees that one of both holds; the simplex says which.
    model.options.set('presolve', 'off');
    model.run(callbacks);
    model.options.set('presolve', options['presolve']!);
  }
  const ended = model.getModelStatus();
  if (ended === status.optimal) return;
  if (ended === status.infeasible) throw infeasible();
  if (ended === status.unbounded) {
    throw new DomainError('LP_UNBOUNDED', 'expected a bounded objective, got one without limit', 'conflict');
  }
  if (ended === status.timeLimit) {
    const seconds = Number(options['time_limit']);
    throw new DomainError('LP_TIME_OUT', `expected a solution within ${seconds} s, got none`, 'unavailable', {
      seconds,
    });
  }
  if (ended === status.iterationLimit) {
    throw new DomainError(
      'LP_ITERATION_LIMIT',
      'expected convergence, got the limit of iterations',
      'unavailable',
    );
  }
  throw failed(`model status ${ended}`);
}

function openProgram(highs: Highs, problem: LpProblem, options: HighsOptions): OpenProgram {
  const model = orFailed(() => highs.createModel(modelData(highs, problem)));
  model.options.set(options);
  return {
    changeCost(column, cost) {
      if (!Number.isFinite(cost)) {
        throw new DomainError('LP_INVALID', `expected a finite cost of column ${column}, got ${cost}`);
      }
      orFailed(() => model.changeColCost(column, cost));
    },
    changeColumn(column, lower, upper) {
      requireLpBounds('column', column, lower, upper);
      orFailed(() => model.changeColBounds(column, lower, upper));
    },
    changeRow(row, lower, upper) {
      requireLpBounds('row', row, lower, upper);
      orFailed(() => model.changeRowBounds(row, lower, upper));
    },
    changeColumns(columns, lower, upper) {
      orFailed(() => model.changeColsBounds({ kind: 'set', indices: columns }, lower, upper));
    },
    changeRows(rows, lower, upper) {
      orFailed(() => model.changeRowsBounds({ kind: 'set', indices: rows }, lower, upper));
    },
    solve: () => orFailed(() => solveModel(highs, model, options)),
    objective: () =>
      orFailed(() => {
        run(highs, model, options);
        return model.getObjectiveValue();
      }),
    [Symbol.dispose]: () => model.dispose(),
  };
}
