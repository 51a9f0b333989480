import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import type { SiteProfile } from './profile.ts';
import type { DayAheadModel } from './ridge.ts';
import { chosenIssues, FAN_LEVELS, fanAt, meanFanScores, rollingFan } from './rolling-fan.ts';
import { rollingScores } from './rolling-origin.ts';

const START_MS = Date.UTC(2026, 0, 5);
const at = (hour: number) => START_MS + hour * HOUR_MS;
const HOURS = 24 * 100;
const FLAT: SiteProfile = { scaleKwh: 1, cycleKwh: Float64Array.of(0) };
const weights = new Float64Array(2 * 3);
/** The last value stays. */
const STILL: DayAheadModel = {
  stepMinutes: 60,
  lookback: 3,
  horizon: 3,
  inputs: null,
  cycle: 1,
  lambda: 1,
  inputPenalty: 1,
  weights,
  validationWeights: weights,
};
const [VALIDATION, TEST] = [
  { startMs: at(24 * 20), endMs: at(24 * 60) },
  { startMs: at(24 * 60), endMs: at(HOURS) },
];
const PARTS = { trainProfile: FLAT, profile: FLAT, validation: VALIDATION };

/** Independent noise of one size throughout. */
function noise() {
  let state = 7;
  const values = Float64Array.from({ length: HOURS }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  });
  return { startMs: START_MS, resolutionMs: HOUR_MS, values };
}

const inputOf = (series: ReturnType<typeof noise>) => ({
  series,
  zone: '+00:00',
  test: TEST,
  issues: 'every-step' as const,
  horizon: 3,
  scale: 0.5,
});

describe('a fan over a test part', () => {
  const input = inputOf(noise());
  const scores = rollingFan(STILL, PARTS, input);

  it('has the errors of its point forecast', () => {
    const { fan, ...errors } = scores;
    expect(errors).toEqual(rollingScores(STILL, FLAT, input));
    const { issueErrors } = fan;
    expect(issueErrors).toHaveLength(40 * 24 - 2);
    expect(issueErrors.reduce((sum, mse) => sum + mse, 0) / issueErrors.length).toBeCloseTo(errors.mse, 9);
  });

  it('holds as many readings as its intervals say where errors stay as they were', () => {
    const { coverage, pinball } = scores.fan.scores;
    for (const nominal of [50, 80, 90] as const)
      expect(Math.abs(100 * coverage[nominal] - nominal)).toBeLessThan(3);
    // Uniform minus uniform on ± 1 is triangular on ± 2: E|e| = 2/3, and half of it at the median, in units of 0.5.
    expect(pinball.p50).toBeCloseTo(2 / 3 / 2 / 0.5, 1);
    expect(pinball.p10).toBeLessThan(pinball.p50);
  });

  it('takes its spread from before the test part alone', () => {
    const changed = noise();
    changed.values.fill(99, 24 * 60);
    expect(rollingFan(STILL, PARTS, inputOf(changed)).fan.offsets).toEqual(scores.fan.offsets);
  });

  it('has quantiles in order about the point at any issue time, and ends with the readings', () => {
    const { quantiles, actual } = fanAt(scores.fan, input, at(24 * 70));
    expect(actual).toEqual(input.series.values.slice(24 * 70, 24 * 70 + 3));
    expect(quantiles).toHaveLength(FAN_LEVELS.length);
    for (let k = 1; k < quantiles.length; k += 1)
      for (let h = 0; h < 3; h += 1) expect(quantiles[k]![h]).toBeGreaterThanOrEqual(quantiles[k - 1]![h]!);
    // Off by the median of past errors alone.
    expect(Math.abs(quantiles[3]![0]! - input.series.values[24 * 70 - 1]!)).toBeLessThan(0.2);
  });

  it('has no quantiles without a past error, and no score of them', () => {
    const blank = noise();
    blank.values.fill(Number.NaN, 24 * 20, 24 * 60);
    const { fan, mse } = rollingFan(STILL, PARTS, inputOf(blank));
    expect(mse).toBeGreaterThan(0);
    expect(fan.scores.coverage[80]).toBeNaN();
    expect(meanFanScores([fan.scores, scores.fan.scores])).toEqual(scores.fan.scores);
  });

  it('is shown at the first, best, middle and worst midnight', () => {
    const chosen = chosenIssues(scores.fan, input);
    expect(chosen.map(({ rule }) => rule)).toEqual(['first', 'best', 'median', 'worst']);
    for (const { issueMs } of chosen) expect(isoInstant(issueMs)).toContain('T00:00:00Z');
    const [first, best, median, worst] = chosen;
    expect(first!.issueMs).toBe(TEST.startMs);
    const midnights = [...scores.fan.issueErrors].filter((_, i) => i % 24 === 0).toSorted((a, b) => a - b);
    expect([best!.mse, median!.mse, worst!.mse]).toEqual([midnights[0], midnights[19], midnights.at(-1)]);
  });
});
