import { describe, expect, it } from '@jest/globals';
import { normal, quantile, student } from './distribution.ts';
import { forecastYearEnd, type YearEndFacts } from './index.ts';

const forecast = (facts: Partial<YearEndFacts>) =>
  forecastYearEnd({ actualTonnes: [], heldTonnes: 0, level: 0.8, rest: { pastTonnes: [] }, ...facts });

describe('distributions', () => {
  it('agree with the tables of the normal and of Student’s distribution', () => {
    expect(quantile(normal, 0.975)).toBeCloseTo(1.959963984540054, 13);
    expect(quantile(normal, 0.1)).toBeCloseTo(-1.2815515655446004, 13);
    expect([normal(20), normal(-20), normal(0)]).toEqual([1, 0, 0.5]);
    // Fisher & Yates, table III: 1, 2, 3, 4, 11 and 30 degrees of freedom.
    const table = [[1, 12.706], [2, 4.303], [3, 3.182], [4, 2.776], [11, 2.201], [30, 2.042]] as const; // prettier-ignore
    for (const [degrees, t] of table) expect(quantile(student(degrees), 0.975)).toBeCloseTo(t, 3);
    expect(student(5)(-2.015)).toBeCloseTo(0.05, 4);
  });
});

describe('forecastYearEnd', () => {
  it('follows the season of a past year', () => {
    const result = forecast({
      actualTonnes: [110, 220],
      rest: { pastTonnes: [100, 200, 300, 400] },
      heldTonnes: 1_000,
    });
    // This year is 1.1 of the past one throughout: no doubt is left.
    expect(result).toMatchObject({
      toDateTonnes: 330,
      restTonnes: expect.closeTo(770, 9),
      emissionsTonnes: expect.closeTo(1_100, 9),
      gapTonnes: expect.closeTo(100, 9),
      gapLowTonnes: expect.closeTo(100, 6),
      deficitProbability: expect.closeTo(1, 9),
      method: 'seasonal-ratio',
    });
  });

  it('is as unsure as the ratios to the past year spread', () => {
    const result = forecast({
      actualTonnes: [90, 110, 100],
      rest: { pastTonnes: [100, 100, 100, 100] },
      heldTonnes: 400,
      level: 0.95,
    });
    // σ² = (10² + 10² + 0)/100/2 = 1, error = √(100 + 100²/300), Student's 97.5 % at two degrees of freedom.
    const error = Math.sqrt(100 + 100 ** 2 / 300);
    expect(result.standardErrorTonnes).toBeCloseTo(error, 9);
    expect(result.highTonnes).toBeCloseTo(400 + 4.302652729749464 * error, 6);
    expect(result.gapLowTonnes).toBeCloseTo(-4.302652729749464 * error, 6);
    expect(result.deficitProbability).toBeCloseTo(0.5, 12);
  });

  it('adds given forecasts, whose errors may go together or not', () => {
    const period = { tonnes: 100, lowTonnes: 90, highTonnes: 110 };
    const rest = { expected: [period, period, period, period], level: 0.8, correlation: 1 };
    const together = forecast({ actualTonnes: [50], rest, heldTonnes: 430 });
    expect(together).toMatchObject({
      emissionsTonnes: 450,
      lowTonnes: expect.closeTo(410, 9),
      highTonnes: expect.closeTo(490, 9),
    });
    const apart = forecast({ actualTonnes: [50], rest: { ...rest, correlation: 0 }, heldTonnes: 430 });
    expect(apart.highTonnes).toBeCloseTo(450 + 20, 9);
    // 20 tonnes short are one interval above: 90 %.
    expect(apart.deficitProbability).toBeCloseTo(0.9, 12);
    expect(together.deficitProbability).toBeLessThan(apart.deficitProbability);
  });

  it('is certain once more is emitted than is held, or the year is over', () => {
    const rest = { expected: [{ tonnes: 10, lowTonnes: 0, highTonnes: 30 }], level: 0.8, correlation: 1 };
    expect(forecast({ actualTonnes: [101], rest, heldTonnes: 100 }).deficitProbability).toBe(1);
    const over = forecast({ actualTonnes: [40, 60], rest: { pastTonnes: [50, 50] }, heldTonnes: 100 });
    expect(over).toMatchObject({
      restTonnes: 0,
      gapTonnes: 0,
      standardErrorTonnes: 0,
      deficitProbability: 0,
    });
  });

  it('never tells less than was emitted already', () => {
    const rest = { expected: [{ tonnes: 10, lowTonnes: 0, highTonnes: 30 }], level: 0.5, correlation: 1 };
    expect(forecast({ actualTonnes: [101], rest, level: 0.99 }).lowTonnes).toBe(101);
  });

  it.each<[string, Partial<YearEndFacts>]>([
    ['one period alone', { actualTonnes: [1], rest: { pastTonnes: [1, 2] } }],
    ['more periods than a year has', { actualTonnes: [1, 2, 3], rest: { pastTonnes: [1, 2] } }],
    ['a past period without emissions', { actualTonnes: [1, 2], rest: { pastTonnes: [1, 0, 3] } }],
    ['emissions below zero', { actualTonnes: [-1, 2], rest: { pastTonnes: [1, 1, 3] } }],
    ['a chance of 1', { level: 1 }],
    [
      'an interval upside down',
      { rest: { expected: [{ tonnes: 1, lowTonnes: 2, highTonnes: 3 }], level: 0.8, correlation: 0 } },
    ],
    ['a correlation above 1', { rest: { expected: [], level: 0.8, correlation: 2 } }],
  ])('refuses %s', (_, facts) => {
    expect(() => forecast(facts)).toThrow(expect.objectContaining({ code: 'YEAR_END_INPUT' }));
  });
});
