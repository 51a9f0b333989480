import { DomainError, lpBuilder, type LpSolve } from '#core';
import { limitName } from './limit-check.ts';
import type { RadialProgram } from './radial-program.ts';
import type { Tree } from './tree.ts';

/**
 * Why a program has no solution: the limits that are broken when each may be broken at a cost of 1 per unit.
 */
export function explainInfeasible(
  tree: Tree,
  { problem, limits, balanceRow }: RadialProgram,
  solve: LpSolve,
): DomainError {
  const lp = lpBuilder('minimize');
  const { columns, rows, matrix } = problem;
  columns.cost.forEach((_, j) => lp.column({ lower: columns.lower[j]!, upper: columns.upper[j]! }));
  rows.lower.forEach((lower, i) => {
    const terms = Array.from(
      matrix.indices.subarray(matrix.starts[i], matrix.starts[i + 1]),
      (column, k): [number, number] => [column, matrix.values[matrix.starts[i]! + k]!],
    );
    const slack: [number, number][] = [
      [lp.column({ cost: 1 }), 1],
      [lp.column({ cost: 1 }), -1],
    ];
    lp.row({ lower, upper: rows.upper[i]! }, [...terms, ...slack]);
  });
  const { x } = solve(lp.build());
  const broken = [...rows.lower.keys()].flatMap((i) => {
    const at = columns.cost.length + 2 * i;
    return x[at]! + x[at + 1]! > 1e-7
      ? [i === balanceRow ? 'the balance of power' : limitName(tree, limits[i]!)]
      : [];
  });
  return new DomainError(
    'NETWORK_INFEASIBLE',
    `expected a dispatch within all limits, got none: ${broken.slice(0, 5).join('; ') || 'they contradict each other'}`,
    'conflict',
    { limits: broken.slice(0, 20) },
  );
}
