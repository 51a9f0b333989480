import { DomainError } from '#core';

export interface LpOptions {
  /** Seconds of wall clock until LP_TIME_OUT; default 60. */
  readonly timeLimitSeconds?: number;
  /** For linear programs; 'choose' is the dual simplex. Default 'choose'. */
  readonly method?: 'choose' | 'simplex' | 'ipm';
  /** Default 'choose', and 'off' for integer programs. */
  readonly presolve?: 'choose' | 'on' | 'off';
  /** Largest violation of a bound; default 1e-7. */
  readonly primalTolerance?: number;
  /** Largest violation of dual feasibility; default 1e-7. */
  readonly dualTolerance?: number;
  /** Relative gap at which an integer program counts as solved; default 0: proven optimal. */
  readonly mipRelativeGap?: number;
  /** Hears how the search of an integer program goes on; changes nothing in it, and may not call the solver. */
  readonly onSearch?: (search: LpSearch) => void;
}

/** Where the search of an integer program stands. */
export interface LpSearch {
  /** Between the best point found and the bound, relative; infinite without a point. */
  readonly gap: number;
  /** Explored nodes of the tree. */
  readonly nodes: number;
}

/** Under the names of HiGHS. */
export type HighsOptions = Readonly<Record<string, string | number | boolean>>;

/** Every option that bears on a result is set, none left to the version's default. @throws LP_OPTIONS */
export function highsOptions({
  timeLimitSeconds = 60,
  method = 'choose',
  presolve = 'choose',
  primalTolerance = 1e-7,
  dualTolerance = 1e-7,
  mipRelativeGap = 0,
}: LpOptions): HighsOptions {
  requireWithin('timeLimitSeconds', timeLimitSeconds, 0, 86_400);
  requireWithin('primalTolerance', primalTolerance, 1e-10, 1e-3);
  requireWithin('dualTolerance', dualTolerance, 1e-10, 1e-3);
  requireWithin('mipRelativeGap', mipRelativeGap, 0, 1);
  return {
    solver: method,
    presolve,
    time_limit: timeLimitSeconds,
    random_seed: 0,
    primal_feasibility_tolerance: primalTolerance,
    dual_feasibility_tolerance: dualTolerance,
    mip_rel_gap: mipRelativeGap,
    mip_abs_gap: 1e-9,
    // Integers within 1e-6 of whole would buy an objective better than the optimum.
    mip_feasibility_tolerance: 1e-9,
    // A regularised QP has other duals than the one that was asked.
    qp_regularization_value: 0,
    output_flag: false,
  };
}

function requireWithin(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new DomainError('LP_OPTIONS', `expected ${name} within ${low} and ${high}, got ${value}`);
  }
}
