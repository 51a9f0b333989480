import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '#core';
import {
  autocovarianceBound,
  autocovarianceCount,
  narrowAutocovariances,
  siteAutocovariances,
  unpackAutocovariances,
} from './autocovariances.ts';
import { smallestEigenvalue } from './cholesky.ts';
import { DAY_AHEAD_RIDGE, type RidgeModelConfig } from './config.ts';
import { siteMoments, unpackMoments } from './moments.ts';
import { fitProfile } from './profile.ts';
import { fitRidge, meanSquaredError } from './ridge.ts';

const CONFIG: RidgeModelConfig = {
  statistic: 'autocovariances',
  stepMinutes: 60,
  lookback: 5,
  horizon: 3,
  cycle: 24,
  lambdas: [1e-3, 0.1],
  inputs: null,
};
const MOMENTS: RidgeModelConfig = { ...CONFIG, statistic: 'moments' };
const ZONE = '+00:00';
const START_MS = Date.UTC(2026, 0, 5);
const at = (hour: number) => START_MS + hour * HOUR_MS;
const epochsOf = (split: number, end: number) => ({
  train: { startMs: at(0), endMs: at(split) },
  validation: { startMs: at(split), endMs: at(end) },
});
const hourly = (values: readonly number[]) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from(values),
});
const reading = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: 0, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const readings = fc.array(reading, { minLength: 150, maxLength: 150 });

/** A noisy echo: this hour is a share of the last one and of the one three hours ago. */
function echo(length: number, seed: number): number[] {
  const values = [0, 0, 0];
  let state = seed;
  for (let t = 3; t < length; t++) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    values.push(0.5 * values[t - 1]! + 0.3 * values[t - 3]! + state / 2 ** 30 - 1);
  }
  return values.map((value) => value + 10);
}

const sum = (vectors: readonly Float64Array[]) =>
  vectors.reduce((a, b) => a.map((value, i) => value + b[i]!));

describe('what a site sends', () => {
  it('is its lagged sums and the number of values, part by part, the second with the look-back before it', () => {
    fc.assert(
      fc.property(readings, (values) => {
        const epochs = epochsOf(100, 150);
        const profile = fitProfile(hourly(values), ZONE, epochs.train, 24);
        const z = values.map((value, i) => (value - profile.cycleKwh[i % 24]!) / profile.scaleKwh);
        const flat = siteAutocovariances(hourly(values), ZONE, epochs, CONFIG);
        expect(flat).toHaveLength(autocovarianceCount(CONFIG));
        for (const [k, part] of [z.slice(0, 100), z.slice(95)].entries()) {
          const present = part.filter((value) => !Number.isNaN(value));
          const level = present.reduce((total, value) => total + value, 0) / present.length;
          const filled = part.map((value) => (Number.isNaN(value) ? 0 : value - level));
          const directly = (lag: number) =>
            filled.reduce((total, value, t) => total + value * (filled[t + lag] ?? 0), 0);
          const rounding = 1e-9 * (1 + directly(0));
          for (let lag = 0; lag < 8; lag++)
            expect(Math.abs(flat[9 * k + lag]! - directly(lag))).toBeLessThanOrEqual(rounding);
          expect(flat[9 * k + 8]).toBe(present.length);
        }
        expect(flat.reduce((most, value) => Math.max(most, Math.abs(value)))).toBeLessThanOrEqual(
          autocovarianceBound(CONFIG, 105),
        );
      }),
    );
  });

  it('is 386 numbers a day ahead', () => {
    expect(autocovarianceCount(DAY_AHEAD_RIDGE)).toBe(2 * (168 + 24 + 1));
  });

  it('is nothing of a part that has fewer values than a window', () => {
    const values = echo(150, 1).map((value, i) => (i < 93 ? Number.NaN : value));
    const flat = siteAutocovariances(hourly(values), ZONE, epochsOf(100, 150), CONFIG);
    expect(flat.slice(0, 9)).toEqual(new Float64Array(9));
    expect(flat[17]).toBe(55);
  });
});

describe('moments from autocovariances', () => {
  it('are A R Aᵀ of the Toeplitz matrix: positive semidefinite, whatever is missing', () => {
    fc.assert(
      fc.property(readings, (values) => {
        const flat = siteAutocovariances(hourly(values), ZONE, epochsOf(100, 150), CONFIG);
        const { train, validation } = unpackAutocovariances(flat, CONFIG);
        for (const { gram, rows } of [train, validation])
          expect(smallestEigenvalue(gram, 4, 1e-9 * rows)).toBeGreaterThan(-1e-6 * rows);
      }),
    );
  });

  it('lack nothing but the edges of the windows’ own', () => {
    const values = echo(20_000, 7);
    const epochs = epochsOf(15_000, 20_000);
    const near = unpackAutocovariances(siteAutocovariances(hourly(values), ZONE, epochs, CONFIG), CONFIG);
    const exact = unpackMoments(siteMoments(hourly(values), ZONE, epochs, MOMENTS), MOMENTS);
    for (const part of ['train', 'validation'] as const) {
      const [a, b] = [near[part], exact[part]];
      a.gram.forEach((value, i) => expect(value / a.rows).toBeCloseTo(b.gram[i]! / b.rows, 2));
      a.cross.forEach((value, i) => expect(value / a.rows).toBeCloseTo(b.cross[i]! / b.rows, 2));
      expect(a.targetSquares / a.rows).toBeCloseTo(b.targetSquares / b.rows, 2);
    }
  });

  it('fit a map as good as theirs', () => {
    const sites = [3, 5, 11].map((seed) => hourly(echo(4_000, seed)));
    const epochs = epochsOf(3_000, 4_000);
    const exactSum = sum(sites.map((site) => siteMoments(site, ZONE, epochs, MOMENTS)));
    const exact = fitRidge(exactSum, MOMENTS);
    const near = fitRidge(sum(sites.map((site) => siteAutocovariances(site, ZONE, epochs, CONFIG))), CONFIG);
    const judge = unpackMoments(exactSum, MOMENTS).validation;
    const [losses, best] = [near, exact].map(({ validationWeights }) =>
      meanSquaredError(validationWeights, judge, MOMENTS),
    );
    expect(losses! / best!).toBeLessThan(1.001);
    expect(near.lambda).toBe(exact.lambda);
  });

  it('of one message serve every shorter horizon', () => {
    const values = hourly(echo(400, 3));
    const flat = siteAutocovariances(values, ZONE, epochsOf(300, 400), CONFIG);
    for (const horizon of [1, 2, 3]) {
      const shorter = { ...CONFIG, horizon };
      const direct = siteAutocovariances(values, ZONE, epochsOf(300, 400), shorter);
      narrowAutocovariances(flat, CONFIG, horizon).forEach((value, i) =>
        expect(value).toBeCloseTo(direct[i]!, 8),
      );
    }
    expect(() => narrowAutocovariances(flat, CONFIG, 4)).toThrow(
      expect.objectContaining({ code: 'RIDGE_CONFIG_INVALID' }),
    );
  });

  it('are refused where they are of another length, or no numbers', () => {
    const short = new Float64Array(autocovarianceCount(CONFIG) - 1);
    expect(() => unpackAutocovariances(short, CONFIG)).toThrow(
      expect.objectContaining({ code: 'MOMENTS_LENGTH' }),
    );
    const none = new Float64Array(autocovarianceCount(CONFIG)).fill(Number.NaN);
    expect(() => unpackAutocovariances(none, CONFIG)).toThrow(
      expect.objectContaining({ code: 'MOMENTS_NOT_FINITE' }),
    );
  });
});

describe('other steps than hours', () => {
  it('are quarters of an hour with a daily cycle of 96', () => {
    const quarters: RidgeModelConfig = { ...CONFIG, stepMinutes: 15, cycle: 96 };
    const resolutionMs = 15 * 60_000;
    const values = Float64Array.from({ length: 96 * 30 }, (_, i) => 5 + Math.sin((2 * Math.PI * i) / 96));
    const end = START_MS + values.length * resolutionMs;
    const split = START_MS + 96 * 20 * resolutionMs;
    const epochs = { train: { startMs: START_MS, endMs: split }, validation: { startMs: split, endMs: end } };
    const series = { startMs: START_MS, resolutionMs, values };
    // Nothing but the cycle, twenty days of it against a prior of sixty weeks: 1 − 20/7 / (20/7 + 60) of it is left.
    const flat = siteAutocovariances(series, ZONE, epochs, quarters);
    expect(flat[0]! / flat[8]!).toBeCloseTo((1 - 20 / 7 / (20 / 7 + 60)) ** 2, 6);
    expect(() => siteAutocovariances(series, ZONE, epochs, CONFIG)).toThrow(
      expect.objectContaining({ code: 'RESOLUTION_OTHER' }),
    );
  });

  it('are local days, though the clock changes, with a weekly cycle of 7', () => {
    const days: RidgeModelConfig = { ...CONFIG, stepMinutes: 1_440, cycle: 7 };
    const zone = 'Europe/Berlin';
    // Monday 2 March to the end of May 2026, midnight to midnight; the clock changes on 29 March.
    const startMs = Date.parse('2026-03-01T23:00:00Z');
    const series = {
      startMs,
      resolutionMs: DAY_MS,
      values: Float64Array.from({ length: 91 }, (_, i) => (i % 7 === 5 ? 3 : 1)),
    };
    const [split, end] = ['2026-05-03T22:00:00Z', '2026-05-31T22:00:00Z'].map((text) => Date.parse(text));
    const profile = fitProfile(series, zone, { startMs, endMs: split! }, 7, {
      dailyWeeks: 0,
      weeklyWeeks: 0,
    });
    expect([...profile.cycleKwh]).toEqual([1, 1, 1, 1, 1, 3, 1]);
    const epochs = { train: { startMs, endMs: split! }, validation: { startMs: split!, endMs: end! } };
    const flat = siteAutocovariances(series, zone, epochs, days);
    expect([flat[8], flat[17]]).toEqual([63, 28 + 5]);
  });
});
