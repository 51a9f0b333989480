import { describe, expect, it } from '@jest/globals';
import { lpBuilder } from '#core';
import { type LpSearch, loadSolver } from './index.ts';

describe('the search of an integer program', () => {
  it('is told while it goes on, which changes nothing in it', async () => {
    const solver = await loadSolver();
    // Weights without a pattern and two limits: no bound is tight at the root.
    const lp = lpBuilder('maximize');
    const items = Array.from({ length: 20 }, (_, i) => ({
      column: lp.column({ cost: 100 + ((i * 37) % 61), upper: 1, integer: true }),
      weights: [100 + ((i * 53) % 97), 100 + ((i * 71) % 89)],
    }));
    for (const k of [0, 1]) {
      lp.row(
        { lower: -Infinity, upper: 1_117 },
        items.map(({ column, weights }) => [column, weights[k]!] as const),
      );
    }
    const problem = lp.build();
    const heard: LpSearch[] = [];
    const told = solver.solve(problem, { onSearch: (search) => heard.push(search) });
    expect(heard.length).toBeGreaterThan(0);
    for (const { gap, nodes } of heard) {
      expect(gap).toBeGreaterThanOrEqual(0);
      expect(Number.isInteger(nodes)).toBe(true);
    }
    expect(solver.solve(problem)).toEqual(told);
  });
});
