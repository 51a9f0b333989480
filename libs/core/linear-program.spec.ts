import { describe, expect, it } from '@jest/globals';
import { type LpProblem, lpBuilder, requireLpProblem } from './index.ts';

function small(): LpProblem {
  const lp = lpBuilder('minimize');
  const x = lp.column({ cost: 1, upper: 4 });
  const y = lp.column({ cost: 2, lower: -Infinity });
  lp.row({ lower: 1 }, [
    [y, 3],
    [x, 1],
    [y, -1],
  ]);
  lp.row({ lower: 2, upper: 2 }, []);
  lp.curvature(y, x, 5);
  lp.curvature(x, x, 7);
  return lp.build(9);
}

describe('a program as data', () => {
  it('is what was collected: rows by rising column, coefficients of one column added up, the Hessian once', () => {
    expect(small()).toEqual({
      sense: 'minimize',
      offset: 9,
      columns: {
        cost: Float64Array.of(1, 2),
        lower: Float64Array.of(0, -Infinity),
        upper: Float64Array.of(4, Infinity),
      },
      rows: { lower: Float64Array.of(1, 2), upper: Float64Array.of(Infinity, 2) },
      matrix: { starts: Int32Array.of(0, 2, 2), indices: Int32Array.of(0, 1), values: Float64Array.of(1, 2) },
      hessian: {
        starts: Int32Array.of(0, 2, 2),
        indices: Int32Array.of(0, 1),
        values: Float64Array.of(7, 5),
      },
    });
    expect(() => requireLpProblem(small())).not.toThrow();
  });

  it.each<[string, (problem: LpProblem) => LpProblem]>([
    [
      'a cost that is not finite',
      (p) => ({ ...p, columns: { ...p.columns, cost: Float64Array.of(1, NaN) } }),
    ],
    ['an infinite offset', (p) => ({ ...p, offset: Infinity })],
    ['a bound too few', (p) => ({ ...p, columns: { ...p.columns, upper: Float64Array.of(1) } })],
    ['a bound that is no number', (p) => ({ ...p, rows: { ...p.rows, upper: Float64Array.of(2, NaN) } })],
    [
      'a column that does not exist',
      (p) => ({ ...p, matrix: { ...p.matrix, indices: Int32Array.of(0, 2) } }),
    ],
    ['a column twice in a row', (p) => ({ ...p, matrix: { ...p.matrix, indices: Int32Array.of(1, 1) } })],
    ['falling starts', (p) => ({ ...p, matrix: { ...p.matrix, starts: Int32Array.of(0, 3, 2) } })],
    [
      'a coefficient without end',
      (p) => ({ ...p, matrix: { ...p.matrix, values: Float64Array.of(1, Infinity) } }),
    ],
    ['a lower triangle', (p) => ({ ...p, hessian: { ...p.hessian!, starts: Int32Array.of(0, 0, 2) } })],
    ['integers beside a Hessian', (p) => ({ ...p, columns: { ...p.columns, integer: Uint8Array.of(0, 1) } })],
  ])('refuses %s', (_, spoil) => {
    expect(() => requireLpProblem(spoil(small()))).toThrow(expect.objectContaining({ code: 'LP_INVALID' }));
  });

  it('is infeasible where bounds cross, and names the place', () => {
    const lp = lpBuilder('maximize');
    lp.column({ lower: 0, upper: 1 });
    lp.column({ lower: 2, upper: 1 });
    expect(() => requireLpProblem(lp.build())).toThrow(
      expect.objectContaining({ code: 'LP_INFEASIBLE', data: { column: 1 } }),
    );
  });
});
