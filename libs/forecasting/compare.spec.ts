import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import {
  compareMethods,
  type Comparison,
  meanScores,
  METHODS,
  plainSum,
  scoreGlobal,
  summarise,
} from './compare.ts';
import { fitRidge } from './ridge.ts';

const START_MS = Date.UTC(2026, 0, 5);
const at = (hour: number) => START_MS + hour * HOUR_MS;
const HOURS = 24 * 70;

/** Sites that follow one rule and differ in size, rhythm and noise. */
function site(seed: number) {
  let [state, noise] = [seed, 0];
  const values = Float64Array.from({ length: HOURS }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    noise = 0.8 * noise + state / 2 ** 30 - 1;
    return seed * (5 + Math.sin((2 * Math.PI * (i + seed)) / 24) + noise);
  });
  return { startMs: START_MS, resolutionMs: HOUR_MS, values };
}

const COMPARISON: Comparison = {
  series: [1, 2, 3, 4].map(site),
  zone: '+00:00',
  days: {
    train: { startMs: START_MS, endMs: at(24 * 40) },
    validation: { startMs: at(24 * 40), endMs: at(24 * 55) },
    test: { startMs: at(24 * 55), endMs: at(HOURS) },
  },
  issues: 'every-step',
  config: {
    statistic: 'moments',
    stepMinutes: 60,
    lookback: 48,
    horizon: 12,
    cycle: 24,
    lambdas: [1e-3, 0.03, 1],
    inputs: null,
  },
};
const cells = (mse: number[]) => ({ mse, mae: mse });
const FIT = fitRidge(plainSum(COMPARISON), COMPARISON.config);

describe('methods side by side', () => {
  it('are judged on the same values, site by site', () => {
    const scores = compareMethods(COMPARISON, FIT);
    expect(Object.keys(scores)).toEqual([...METHODS]);
    // 15 days of issue times less the last horizon, twelve values each.
    for (const method of METHODS)
      expect(scores[method].map(({ values }) => values)).toEqual([1, 2, 3, 4].map(() => (15 * 24 - 11) * 12));
    const [naive, local, global] = [scores.naive24, scores.local, scores.global].map(
      (of) => meanScores(of).mse,
    );
    expect(global!).toBeLessThan(local!);
    expect(local!).toBeLessThan(naive!);
    expect(scores.global).toEqual(scoreGlobal(COMPARISON, FIT));
  });

  it('do not depend on what the test part holds until it has been', () => {
    const later = {
      ...COMPARISON,
      series: COMPARISON.series.map((one) => ({ ...one, values: one.values.slice() })),
    };
    for (const { values } of later.series) values.fill(99, 24 * 55);
    expect(plainSum(later)).toEqual(plainSum(COMPARISON));
  });

  it('count every site the same', () => {
    const one = { mse: 1, mae: 2, mape: 0.1, values: 10 };
    const two = { mse: 3, mae: 5, mape: 0.3, values: 1_000 };
    expect(meanScores([one, two])).toEqual({ mse: 2, mae: 3.5, mape: 0.2 });
  });

  it('are summed up with skill over the better naive forecast, and an hour without a value leaves the others', () => {
    const scored = (mse: number, hours: number[]) => ({
      mse,
      mae: mse,
      mape: mse,
      values: 1,
      mapeByHorizon: [mse],
      byHorizon: cells([mse]),
      byHour: cells(hours),
      byWeekday: cells(hours),
    });
    const { rmse, skill, byHour } = summarise([scored(1, [1, Number.NaN]), scored(3, [3, 5])], 4);
    expect({ rmse, skill, byHour }).toEqual({ rmse: Math.sqrt(2), skill: 1 / 2, byHour: cells([2, 5]) });
  });
});
