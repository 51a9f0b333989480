import type { LpPart, PartedLpProblem } from '#core';
import type { LpOptions } from './options.ts';
import type { LpSolver, OpenProgram } from './solver.ts';

/** In the reflected binary code of Gray neighbouring subsets differ in one part: the last basis is a good one to go on from. */
export const graySubset = (rank: number): number => rank ^ (rank >> 1);

/** Optima of the subsets with ranks first ≤ r < end in Gray's order, without threads. @throws as LpSolver.solve */
export function sweepSubsets(
  solver: LpSolver,
  { problem, parts }: PartedLpProblem,
  [first, end]: readonly [first: number, end: number],
  options: LpOptions,
): Float64Array {
  using program = solver.open(problem, options);
  const bounds = { lower: problem.rows.lower.slice(), upper: problem.rows.upper.slice() };
  let subset = 0;
  parts.forEach((part, i) => {
    const present = ((graySubset(first) >> i) & 1) === 1;
    if (present) subset |= 1 << i;
    switchPart(program, part, { present, bounds, sign: present ? 1 : 0 });
  });
  const objectives = new Float64Array(end - first);
  for (let rank = first; rank < end; rank += 1) {
    const next = graySubset(rank);
    const changed = subset ^ next;
    if (changed !== 0) {
      const present = (next & changed) !== 0;
      const part = parts[31 - Math.clz32(changed)]!;
      switchPart(program, part, { present, bounds, sign: present ? 1 : -1 });
    }
    subset = next;
    objectives[rank - first] = program.objective();
  }
  return objectives;
}

interface Switch {
  readonly present: boolean;
  readonly bounds: { readonly lower: Float64Array; readonly upper: Float64Array };
  /** What the part's additions to the rows count: 0 where it was never in. */
  readonly sign: -1 | 0 | 1;
}

function switchPart(program: OpenProgram, part: LpPart, { present, bounds, sign }: Switch): void {
  const { columns, rows, adds } = part;
  if (present) program.changeColumns(columns, part.lower, part.upper);
  else program.changeColumns(columns, new Float64Array(columns.length), new Float64Array(columns.length));
  rows.forEach((row, k) => {
    bounds.lower[row]! += sign * adds[k]!;
    bounds.upper[row]! += sign * adds[k]!;
  });
  program.changeRows(
    rows,
    Float64Array.from(rows, (row) => bounds.lower[row]!),
    Float64Array.from(rows, (row) => bounds.upper[row]!),
  );
}
