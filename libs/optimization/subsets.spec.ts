import { describe, expect, it } from '@jest/globals';
import { type PartedLpProblem, lpBuilder, withParts } from '#core';
import { loadSolver, subsetObjectives } from './index.ts';

/** Suppliers of one demand each may add capacity and demand; the cheapest serve. Part i brings i + 1 of demand. */
function suppliers(count: number): PartedLpProblem {
  const lp = lpBuilder('minimize');
  const grid = lp.column({ cost: 10 });
  const columns = Array.from({ length: count }, (_, i) => lp.column({ cost: 1 + ((i * 5) % 7), upper: 0 }));
  const row = lp.row({ lower: 0, upper: Infinity }, [
    [grid, 1],
    ...columns.map((column) => [column, 1] as const),
  ]);
  return {
    problem: lp.build(),
    parts: columns.map((column, i) => ({
      columns: Int32Array.of(column),
      lower: Float64Array.of(0),
      upper: Float64Array.of(2 + (i % 3)),
      rows: Int32Array.of(row),
      adds: Float64Array.of(i + 1),
    })),
  };
}

describe('every subset of parts', () => {
  it('has the optimum of its own program, from any number of threads', async () => {
    const parted = suppliers(11);
    const solver = await loadSolver();
    const solved: number[] = [];
    const objectives = await subsetObjectives(parted, { onProgress: (done) => solved.push(done) });
    for (let subset = 0; subset < objectives.length; subset += 37) {
      expect(objectives[subset]).toBeCloseTo(solver.solve(withParts(parted, subset)).objective, 7);
    }
    expect(solved).toEqual([1024, 2048]);
    expect(await subsetObjectives(parted, { threads: 1 })).toEqual(objectives);
  });

  it('is refused where one of them has no optimum', async () => {
    const parted = suppliers(4);
    const { problem } = parted;
    problem.columns.upper[0] = 1;
    await expect(subsetObjectives(parted)).rejects.toMatchObject({ code: 'LP_INFEASIBLE' });
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(
      subsetObjectives(suppliers(13), { threads: 1, onProgress, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'LP_CANCELLED' });
    await expect(subsetObjectives(suppliers(2), { signal: controller.signal })).rejects.toMatchObject({
      code: 'LP_CANCELLED',
    });
  });

  it('refuses parts that share a column, too many of them, and threads without number', async () => {
    const { problem, parts } = suppliers(2);
    const [first] = parts;
    await expect(subsetObjectives({ problem, parts: [first!, first!] })).rejects.toMatchObject({
      code: 'LP_INVALID',
    });
    await expect(subsetObjectives(suppliers(21))).rejects.toMatchObject({ code: 'LP_TOO_LARGE' });
    await expect(subsetObjectives({ problem, parts }, { threads: 0 })).rejects.toMatchObject({
      code: 'LP_OPTIONS',
    });
  });
});
