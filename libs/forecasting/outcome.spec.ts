import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS, isoInstant, sha256Hex } from '#core';
import { type NetworkModel, type RidgeTerms, seriesParts, type TaskCard } from '#federation';
import { siteAutocovariances } from './autocovariances.ts';
import {
  outcomeOf,
  requireDistinctColumns,
  requireEpochs,
  requireOneSeries,
  sharedRidges,
  statisticLength,
} from './outcome.ts';
import { fitRidge, modelBytes } from './ridge.ts';

const MODEL: RidgeTerms = {
  kind: 'one-shot-ridge',
  statistic: 'autocovariances',
  stepMinutes: 60,
  lookback: 5,
  horizon: 3,
  cycle: 24,
  lambdas: [1e-3, 0.1],
  inputs: null,
};
const START_MS = Date.UTC(2026, 0, 5);
const day = (days: number) => isoInstant(START_MS + days * DAY_MS);
const EPOCHS = {
  train: { startMs: START_MS, endMs: START_MS + 4 * DAY_MS },
  validation: { startMs: START_MS + 4 * DAY_MS, endMs: START_MS + 6 * DAY_MS },
};

/** As far as what is computed from sums reads a card. */
const cardOf = (series: readonly string[], model: RidgeTerms = MODEL): TaskCard =>
  ({
    model,
    learning: null,
    privacy: null,
    data: {
      series,
      zone: '+00:00',
      train: { start: day(0), end: day(4) },
      validation: { start: day(4), end: day(6) },
    },
  }) as unknown as TaskCard;

const statisticOfReadings = (values: readonly number[]): Float64Array => {
  const readings = { startMs: START_MS, resolutionMs: HOUR_MS, values: Float64Array.from(values) };
  return siteAutocovariances(readings, '+00:00', EPOCHS, MODEL);
};
const reading = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 144, maxLength: 144 });
const stepSums = (parts: readonly Float64Array[]) => ({
  groups: [Float64Array.from(parts.flatMap((part) => [...part]))],
  cohort: ['a', 'b', 'c'],
});

describe('the ridges of several series from one sum', () => {
  it('are bit for bit those of each series summed alone', async () => {
    const sites = fc.array(reading, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(sites, { minLength: 1, maxLength: 4 }), async (bySeries) => {
        const names = bySeries.map((_, i) => `meter_${i}`);
        const parts = bySeries.map((readings) =>
          readings.map(statisticOfReadings).reduce((a, b) => a.map((value, i) => value + b[i]!)),
        );
        fc.pre(parts.every((part) => part[0]! > 1e-3));
        const [card, sums] = [cardOf(names), stepSums(parts)];
        const alone = new Map(names.map((name, i) => [name, fitRidge(parts[i]!, MODEL)]));
        expect(sharedRidges(card, sums)).toEqual(alone);
        const { modelHash } = await outcomeOf(card, [sums]);
        expect(modelHash).toBe(await sha256Hex(modelBytes(alone, MODEL)));
      }),
      { numRuns: 30 },
    );
  });

  describe('of which one has no model', () => {
    const echo = Array.from({ length: 144 }, (_, i) => 3 + Math.sin(i * i) + Math.sin(i / 4));
    let parts: Float64Array[];
    beforeAll(() => {
      parts = [statisticOfReadings(echo), statisticOfReadings(echo.map((value) => value + 1))];
    });

    it.each([
      ['MOMENTS_EMPTY', (part: Float64Array) => part.fill(0)],
      ['MOMENTS_NOT_FINITE', (part: Float64Array) => part.fill(Number.NaN, 2, 3)],
    ])('are none, and %s says of which', async (code, spoil) => {
      const spoilt = parts.map((part, i) => (i === 1 ? spoil(part.slice()) : part));
      await expect(outcomeOf(cardOf(['load_kwh', 'pv_kwh']), [stepSums(spoilt)])).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/^pv_kwh: expected /),
        data: { series: 'pv_kwh' },
      });
    });

    it('are none of a vector that does not divide into them', () => {
      const sums = stepSums(parts);
      expect(() => sharedRidges(cardOf(['a', 'b', 'c']), sums)).toThrow(
        expect.objectContaining({ code: 'MOMENTS_LENGTH' }),
      );
    });
  });
});

describe('what a card says of its series', () => {
  it('sets the length of the vector, which divides into them', () => {
    const card = cardOf(['a', 'b', 'c']);
    expect(statisticLength(card)).toBe(3 * 2 * (5 + 3 + 1));
    const parts = seriesParts(card, new Float64Array(statisticLength(card)));
    expect([...parts.values()].map(({ length }) => length)).toEqual([18, 18, 18]);
  });

  it('is refused where a network learns one, or noise was sized for one', () => {
    const network = { ...MODEL, kind: 'network' } as unknown as TaskCard['model'];
    const refusal = expect.objectContaining({ code: 'SERIES_SEVERAL' });
    const [one, two] = [cardOf(['a']), cardOf(['a', 'b'])];
    for (const changes of [{ model: network }, { privacy: {} }]) {
      expect(() => requireOneSeries({ ...one, ...changes })).not.toThrow();
      expect(() => requireOneSeries({ ...two, ...changes })).toThrow(refusal);
    }
    const seeing = { ...MODEL, inputs: { past: ['c'] } } as unknown as TaskCard['model'];
    expect(() => requireOneSeries({ ...two, model: seeing })).toThrow(refusal);
    expect(() => requireOneSeries(two)).not.toThrow();
  });

  it.each([
    ['SERIES_KNOWN_AHEAD', ['load_kwh'], ['load_kwh'], []],
    ['COLUMNS_SAME_QUANTITY', ['load_kwh'], ['load_kw'], []],
    ['COLUMNS_SAME_QUANTITY', ['load_kwh'], [], ['load_kw']],
    ['COLUMNS_SAME_QUANTITY', ['load_kwh'], ['wind_m_per_s'], ['wind_km_per_h']],
    ['COLUMNS_SAME_QUANTITY', ['load_kw', 'pv_kwh', 'load_kwh'], [], []],
  ])('is refused with %s for %j beside %j known ahead and %j', (code, series, ahead, past) => {
    const model = ahead.length + past.length === 0 ? MODEL : { ...MODEL, inputs: { ahead, past } };
    const card = { ...cardOf(series), model: model as TaskCard['model'] };
    expect(() => requireDistinctColumns(card)).toThrow(expect.objectContaining({ code }));
  });

  it('may name what is known up to issue and ahead, of any quantities', () => {
    const inputs = { ahead: ['wind_mw', 'wind_m_per_s'], past: ['wind_mw', 'load_kwh'] };
    const card = { ...cardOf(['load_kwh']), model: { ...MODEL, inputs } as unknown as TaskCard['model'] };
    expect(() => requireDistinctColumns(card)).not.toThrow();
    expect(() => requireDistinctColumns(cardOf(['load_kwh', 'pv_kwh', 'net_kwh']))).not.toThrow();
  });
});

const requireShape = (shape: Partial<RidgeTerms>) => requireEpochs(cardOf(['a'], { ...MODEL, ...shape }));

describe('epochs', () => {
  // 96 and 48 hours: with L = 40, H = 8 each part has 48 values and more; with moments 49 windows and 41, of 96.
  it.each([
    ['autocovariances', 40, 8],
    ['moments', 12, 8],
  ] as const)('of 96 and 48 h are long enough for %s of %d and %d steps', (statistic, lookback, horizon) => {
    expect(() => requireShape({ statistic, lookback, horizon })).not.toThrow();
  });

  it.each([
    ['autocovariances', 80, 17, 'expected a train epoch of at least 97 values with its look-back, got 96'],
    ['moments', 16, 8, 'expected a validation epoch of at least 48 windows, got 41'],
    ['moments', 40, 8, 'expected a train epoch of at least 96 windows, got 49'],
  ] as const)('of 96 and 48 h for %s of %d and %d steps: %s', (statistic, lookback, horizon, message) => {
    expect(() => requireShape({ statistic, lookback, horizon })).toThrow(
      expect.objectContaining({ code: 'EPOCH_TOO_SHORT', message }),
    );
  });

  it('of a network with inputs have windows enough to hide what is known of them in; noise needs none, nor the look-back alone', () => {
    const inputs = { calendar: true, holidays: null, ahead: [], past: [], issues: 'every-step' } as const;
    const shape = { ...MODEL, lookback: 8, horizon: 4, stride: 1 };
    const seeing = { ...shape, kind: 'network', inputs, covariates: 13 } as unknown as NetworkModel;
    const refused = (model: object, privacy: object | null = null) => {
      const card = { ...cardOf(['a']), model: { ...seeing, ...model } as TaskCard['model'], privacy };
      return () => requireEpochs(card);
    };
    // 96 h have 85 windows of 25 values; every third hour 29, of each day 4.
    expect(refused({})).not.toThrow();
    for (const fewer of [{ stride: 3 }, { inputs: { ...inputs, issues: 'midnights' } }, { stride: 24 }])
      expect(refused(fewer)).toThrow(expect.objectContaining({ code: 'EPOCH_TOO_SHORT' }));
    expect(refused({ stride: 3 }, {})).not.toThrow();
    expect(refused({ stride: 3, inputs: undefined, covariates: undefined })).not.toThrow();
  });
});
