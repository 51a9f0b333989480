import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  intervalScores,
  meanAbsoluteError,
  percentageErrors,
  pinballLoss,
  rootMeanSquaredError,
  skillScore,
} from './scores.ts';

describe('scores', () => {
  it('MAE is the mean absolute error over hours that have both', () => {
    expect(meanAbsoluteError([1, 2, Number.NaN, 4], [2, 2, 3, 1])).toBe((1 + 0 + 3) / 3);
  });

  it('pinball loss weighs what lies above a quantile by its level', () => {
    // Errors +2 and −1 at τ = 0.9: 0.9·2 and 0.1·1.
    expect(pinballLoss([3, 1], [1, 2], 0.9)).toBeCloseTo((1.8 + 0.1) / 2, 12);
    expect(pinballLoss([3, 1], [1, 2], 0.5)).toBe(meanAbsoluteError([3, 1], [1, 2]) / 2);
  });

  it('RMSE is the root of the mean square, and never below MAE', () => {
    expect(rootMeanSquaredError([1, 2, Number.NaN, 4], [2, 2, 3, 1])).toBe(Math.sqrt((1 + 0 + 9) / 3));
    const values = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, (errors) => {
        const zeros = errors.map(() => 0);
        const mae = meanAbsoluteError(errors, zeros);
        expect(rootMeanSquaredError(errors, zeros)).toBeGreaterThanOrEqual(mae * (1 - 1e-12));
      }),
    );
  });

  it('MAPE leaves hours without energy out and counts them, WAPE does not need to', () => {
    // Errors 1, 1, 2 of 2, 4 and nothing: (1/2 + 1/4) / 2; (1 + 1 + 2) / (2 + 4).
    const errors = percentageErrors([2, -4, 0, Number.NaN], [1, -3, 2, 5]);
    expect(errors).toEqual({ mapePercent: 37.5, wapePercent: 100 * (4 / 6), zeroHours: 1 });
    expect(percentageErrors([0, 0], [0, 1])).toEqual({ mapePercent: NaN, wapePercent: NaN, zeroHours: 2 });
  });

  it('skill is measured against the better naive', () => {
    expect(skillScore(0.6, 0.8, 1.2)).toBeCloseTo(1 - 0.6 / 0.8, 12);
    expect(skillScore(1, 0.8, 1.2)).toBeLessThan(0);
    expect(skillScore(0.6, 0)).toBeNaN();
  });

  it('coverage counts both ends as inside', () => {
    const ends = { lower: [0, 0, 0, 0, 0], upper: [2, 2, 2, 2, 2] };
    expect(intervalScores([0, 1, 2, 3, Number.NaN], ends, 0.8)).toMatchObject({ coverage: 3 / 4, width: 2 });
  });

  it('the interval score adds 2/α for each unit outside', () => {
    // Width 2 in three hours; 1 below and 3 above at α = 0.2: 2/0.2·(1 + 3) over them.
    const { score } = intervalScores([-1, 1, 5], { lower: [0, 0, 0], upper: [2, 2, 2] }, 0.8);
    expect(score).toBeCloseTo(2 + (10 * (1 + 3)) / 3, 12);
  });

  it('the interval score is 2/α times the sum of both pinball losses (Gneiting & Raftery 2007)', () => {
    const hour = fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 0, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(hour, { minLength: 1, maxLength: 20 }), (hours) => {
        const actual = hours.map(([value]) => value);
        const [lower, upper] = [hours.map(() => -1), hours.map(([, width]) => width)];
        const pinball = pinballLoss(actual, lower, 0.1) + pinballLoss(actual, upper, 0.9);
        expect(intervalScores(actual, { lower, upper }, 0.8).score).toBeCloseTo((2 / 0.2) * pinball, 9);
      }),
    );
  });

  it('of nothing are not a number', () => {
    expect(meanAbsoluteError([Number.NaN], [1])).toBeNaN();
    expect(Object.values(intervalScores([Number.NaN], { lower: [0], upper: [1] }, 0.8))).toEqual([
      NaN,
      NaN,
      NaN,
    ]);
  });
});
