import { DomainError } from './domain-error.ts';
import { type LpProblem, isRising, requireLpProblem } from './linear-program.ts';

/** A part of a program that can be there or not: a member of a community, a site. */
export interface LpPart {
  /** Its columns, rising. Without the part they are fixed at 0, with it they have these bounds. */
  readonly columns: Int32Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Rows, rising, to both bounds of which it adds these numbers. */
  readonly rows: Int32Array;
  readonly adds: Float64Array;
}

/** One program for all 2^n subsets of n parts; `problem` is that without any. */
export interface PartedLpProblem {
  readonly problem: LpProblem;
  readonly parts: readonly LpPart[];
}

/** Subsets are bit masks, and there is a number for each of them. */
const MAX_LP_PARTS = 20;

/**
 * The program of a subset: part i is in where bit i is set; without `subset` all are in.
 * @throws LP_INVALID, LP_TOO_LARGE and those of requireLpProblem
 */
export function withParts(parted: PartedLpProblem, subset?: number): LpProblem {
  requireParts(parted);
  if (subset !== undefined) requireSubsets(parted);
  const { problem, parts } = parted;
  const [lower, upper] = [problem.columns.lower.slice(), problem.columns.upper.slice()];
  const rows = { lower: problem.rows.lower.slice(), upper: problem.rows.upper.slice() };
  parts.forEach((part, i) => {
    const present = subset === undefined ? 1 : (subset >> i) & 1;
    part.columns.forEach((column, k) => {
      lower[column] = present ? part.lower[k]! : 0;
      upper[column] = present ? part.upper[k]! : 0;
    });
    part.rows.forEach((row, k) => {
      rows.lower[row]! += present * part.adds[k]!;
      rows.upper[row]! += present * part.adds[k]!;
    });
  });
  return { ...problem, columns: { ...problem.columns, lower, upper }, rows };
}

/** @throws LP_TOO_LARGE above 20 parts */
export function requireSubsets({ parts }: PartedLpProblem): void {
  if (parts.length <= MAX_LP_PARTS) return;
  throw new DomainError(
    'LP_TOO_LARGE',
    `expected at most ${MAX_LP_PARTS} parts, got ${parts.length}`,
    'limit',
  );
}

/** @throws LP_INVALID unless parts share no column and name what there is */
export function requireParts({ problem, parts }: PartedLpProblem): void {
  requireLpProblem(problem);
  const taken = new Set<number>();
  parts.forEach((part, i) => {
    const { length } = part.columns;
    const aligned =
      part.lower.length === length && part.upper.length === length && part.rows.length === part.adds.length;
    if (!aligned || !isRising(part.columns, problem.columns.cost.length)) throw invalid(i);
    if (!isRising(part.rows, problem.rows.lower.length) || !part.adds.every(Number.isFinite))
      throw invalid(i);
    if (part.columns.some((column) => taken.has(column))) throw invalid(i);
    part.columns.forEach((column) => taken.add(column));
  });
}

const invalid = (part: number): DomainError =>
  new DomainError('LP_INVALID', `expected columns and rows of the program of part ${part} alone, got others`);
