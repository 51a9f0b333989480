import type { LpSolve } from '#core';
import type { LpOptions, LpSearch, LpSolver } from '#optimization';
import { z } from 'zod';

/** How far a study is. */
export interface StudyProgress {
  /** From 0 to 1; null where it cannot be told beforehand how much there is to do. */
  readonly share: number | null;
  /** What is being done; never anything of the input. */
  readonly text: string;
}

export interface StudyContext {
  /** May be called often: whoever listens says how much of it is passed on. */
  readonly progress: (progress: StudyProgress) => void;
  /** Of each program that a solver is given; default 60. */
  readonly timeLimitSeconds?: number;
}

/** A computation of a library as it can be asked from outside: a checked document in, a document out. */
export interface Study<Input = unknown, Options = unknown, Result = unknown> {
  readonly verb: string;
  /** Which of a verb's methods, rules, kinds or mechanisms; null where it has but one. */
  readonly method: string | null;
  readonly title: string;
  readonly input: z.ZodType<Input>;
  /** What is said beside the input. */
  readonly options: z.ZodType<Options>;
  /** What JSON Schema says of the input, where another format may stand in its place. */
  readonly form?: z.ZodType;
  // A method: studies of several inputs are one type where only their own schema feeds them.
  run(input: Input, options: Options, context: StudyContext): Result | Promise<Result>;
}

/** Of studies that are told all by their input. */
export const noOptions = z.strictObject({});

/** For computations nobody waits for. */
export const UNHEARD: StudyContext = { progress: () => undefined };

/** Of the programs of one study. */
export interface ProgramOptions extends Pick<LpOptions, 'primalTolerance' | 'dualTolerance'> {
  /** How many there are, where that is known beforehand. */
  readonly all?: number;
}

/** Solves within the study's time, and tells of every program that is solved and of the search in integer ones. */
export function toldSolve(
  solver: Pick<LpSolver, 'solve'>,
  { progress, timeLimitSeconds = DEFAULT_SECONDS }: StudyContext,
  { all, ...options }: ProgramOptions = {},
): LpSolve {
  let solved = 0;
  const share = (): number | null => (all === undefined ? null : Math.min(1, solved / all));
  const onSearch = ({ gap, nodes }: LpSearch): void =>
    progress({ share: share(), text: `nodes: ${nodes}, ${gapText(gap)}` });
  return (problem) => {
    const solution = solver.solve(problem, { ...options, timeLimitSeconds, onSearch });
    solved += 1;
    progress({ share: share(), text: `programs solved: ${solved}${all === undefined ? '' : ` of ${all}`}` });
    return solution;
  };
}

const DEFAULT_SECONDS = 60;

const gapText = (gap: number): string =>
  Number.isFinite(gap) ? `gap ${(100 * gap).toPrecision(2)} %` : 'no point yet';
