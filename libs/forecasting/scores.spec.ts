import { describe, expect, it } from '@jest/globals';
import { intervalCoverage, meanAbsoluteError, pinballLoss } from './scores.ts';

describe('scores', () => {
  it('MAE is the mean absolute error over hours that have both', () => {
    expect(meanAbsoluteError([1, 2, Number.NaN, 4], [2, 2, 3, 1])).toBe((1 + 0 + 3) / 3);
  });

  it('pinball loss weighs what lies above a quantile by its level', () => {
    // Errors +2 and −1 at τ = 0.9: 0.9·2 and 0.1·1.
    expect(pinballLoss([3, 1], [1, 2], 0.9)).toBeCloseTo((1.8 + 0.1) / 2, 12);
    expect(pinballLoss([3, 1], [1, 2], 0.5)).toBe(meanAbsoluteError([3, 1], [1, 2]) / 2);
  });

  it('coverage counts both ends as inside', () => {
    expect(intervalCoverage([0, 1, 2, 3, Number.NaN], [0, 0, 0, 0, 0], [2, 2, 2, 2, 2])).toBe(3 / 4);
  });

  it('of nothing are not a number', () => {
    expect(meanAbsoluteError([Number.NaN], [1])).toBeNaN();
  });
});
