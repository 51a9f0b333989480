import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import { dayScore, naiveError } from './day-score.ts';

const quantiles = {
  p10: new Float64Array(4).fill(1),
  p50: new Float64Array(4).fill(2),
  p90: new Float64Array(4).fill(3),
};

describe('naiveError', () => {
  it('is the mean change from one day to the next over the range', () => {
    // 1, 1, … then 3, 3, … on the second day, and 9 beyond the range
    const values = Float64Array.from({ length: 72 }, (_, h) => (h < 24 ? 1 : h < 48 ? 3 : 9));
    const series = { startMs: 0, resolutionMs: HOUR_MS, values };
    expect(naiveError(series, interval(0, 48 * HOUR_MS))).toBe(2);
    values[30] = Number.NaN;
    expect(naiveError(series, interval(0, 48 * HOUR_MS))).toBe(2);
    expect(naiveError(series, interval(0, 24 * HOUR_MS))).toBeNaN();
  });
});

describe('dayScore', () => {
  it('is the error in units of the naive one, and the share within the interval', () => {
    // |0 − 2| + |2 − 2| + |3 − 2| + |4 − 2| = 5 over 4, over 2
    expect(dayScore(Float64Array.of(0, 2, 3, 4), quantiles, 2)).toEqual({
      mase: 0.625,
      coverage: 0.5,
      // p10: .9 + .1 + .2 + .3, p50: 1 + 0 + .5 + 1, p90: .3 + .1 + 0 + .9; over 3 · 4, over 2
      pinball: expect.closeTo((1.5 + 2.5 + 1.3) / 24, 12),
    });
  });

  it('leaves out steps without a reading, up to a quarter of them', () => {
    expect(dayScore(Float64Array.of(2, 2, 2, Number.NaN), quantiles, 2)).toMatchObject({
      mase: 0,
      coverage: 1,
    });
    expect(dayScore(Float64Array.of(2, 2, Number.NaN, Number.NaN), quantiles, 2)).toBeNull();
  });

  it.each([0, Number.NaN])('is none on the scale %d', (naiveKwh) => {
    expect(dayScore(Float64Array.of(2, 2, 2, 2), quantiles, naiveKwh)).toBeNull();
  });

  it('is none where the look-back was too sparse for a forecast', () => {
    const none = new Float64Array(4).fill(Number.NaN);
    expect(dayScore(Float64Array.of(2, 2, 2, 2), { p10: none, p50: none, p90: none }, 2)).toBeNull();
  });
});
