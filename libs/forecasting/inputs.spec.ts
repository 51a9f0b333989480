import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { InputTerms } from '#federation';
import { HOUR_MS, interval } from '#core';
import { requireSoundNetwork } from '#learning';
import { backtestSite } from './backtest.ts';
import { type RidgeModelConfig, requireSoundConfig } from './config.ts';
import { forecastDay, loadPoint } from './day-ahead.ts';
import {
  inputCount,
  inputRows,
  inputScales,
  NO_INPUTS,
  requireSoundNetworkInputs,
  type SiteInputs,
} from './inputs.ts';
import { siteMoments, unpackMoments } from './moments.ts';
import { fitProfile } from './profile.ts';
import { fitLocal, fitRidge } from './ridge.ts';
import { rollingScores } from './rolling-origin.ts';

const ZONE = '+00:00';
/** A Monday. */
const START_MS = Date.UTC(2026, 0, 5);
const DAYS = 120;
const at = (hour: number) => START_MS + hour * HOUR_MS;
const hourly = (value: (hour: number) => number, hours = 24 * DAYS) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: hours }, (_, hour) => value(hour)),
});
const EPOCHS = {
  train: interval(at(0), at(24 * 60)),
  validation: interval(at(24 * 60), at(24 * 90)),
};
const TEST = interval(at(24 * 90), at(24 * DAYS));
const configOf = (inputs: InputTerms | null): RidgeModelConfig => ({
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 24,
  horizon: 24,
  cycle: 24,
  lambdas: [1e-6, 1e-3, 1],
  inputs,
});
const TERMS: InputTerms = {
  calendar: false,
  holidays: null,
  ahead: ['temperature_c'],
  past: ['wind_mw'],
  issues: 'midnights',
  penalties: [0.01, 1],
};
const noHoliday = () => false;

/** Repeatable noise in (−1, 1). */
function noise(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  };
}
/** Constant over each quarter of a day. */
function weatherOf(seed: number): Float64Array {
  const next = noise(seed);
  const quarters = Array.from({ length: 4 * DAYS + 4 }, next);
  return Float64Array.from({ length: 24 * DAYS }, (_, hour) => quarters[Math.floor(hour / 6)]!);
}
const weather = weatherOf(7);
const temperature = hourly((hour) => 10 + 4 * weather[hour]!);
const wind = hourly((hour) => 50 + (hour % 7));
const INPUTS: SiteInputs = {
  columns: new Map([
    ['temperature_c', temperature],
    ['wind_mw', wind],
  ]),
  isHoliday: noHoliday,
};
const drift = noise(3);
/** What the weather of the hour makes of it, and a little that nobody knows. */
const load = hourly((hour) => 100 + 5 * weather[hour]! + 3 * weather[hour]! ** 2 + 0.2 * drift());

const rowsOf = (inputs: SiteInputs, terms: InputTerms) => {
  const config = configOf(terms);
  return inputRows(load, ZONE, config, inputs, inputScales(inputs, EPOCHS.train, config));
};

const meanOf = (from: number, count: number, value: (hour: number) => number) =>
  Array.from({ length: count }, (_, i) => value(from + i)).reduce((sum, v) => sum + v, 0) / count;

describe('inputs of a forecast', () => {
  it('are the level, means by quarter of a day of a column known ahead and of its square, and the last of the others', () => {
    const row = rowsOf(INPUTS, TERMS)(240, 0.7);
    // Level; four blocks and the day before, twice; last and mean of the day before.
    expect(row.length).toBe(1 + 2 * 5 + 2);
    expect(row.length).toBe(inputCount(configOf(TERMS)));
    const z = (series: typeof wind, hour: number) => {
      const { mean, deviation } = inputScales(INPUTS, EPOCHS.train, configOf(TERMS)).get(
        series === wind ? 'wind_mw' : 'temperature_c',
      )!;
      return (series.values[hour]! - mean) / deviation;
    };
    const warm = (hour: number) => z(temperature, hour);
    const square = (hour: number) => warm(hour) ** 2 - 1;
    const blocks = (value: (hour: number) => number) => [
      ...[240, 246, 252, 258].map((from) => meanOf(from, 6, value)),
      meanOf(216, 24, value),
    ];
    const windy = (hour: number) => z(wind, hour);
    const expected = [0.7, ...blocks(warm), ...blocks(square), windy(239), meanOf(216, 24, windy)];
    expected.forEach((value, i) => expect(row[i]).toBeCloseTo(value, 12));
  });

  it('tell weekday, season and holidays', () => {
    const inputs = { columns: new Map(), isHoliday: (date: string) => date === '2026-01-13' };
    const calendar: InputTerms = { ...TERMS, calendar: true, ahead: [], past: [] };
    const rowAt = (day: number) => [...rowsOf(inputs, calendar)(24 * day, 0)];
    // The ninth day is Tuesday the 13th, the tenth the day after it.
    expect(rowAt(8).slice(1, 9)).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
    expect(rowAt(7).slice(-2)).toEqual([0, 0]);
    expect(rowAt(8).slice(-2)).toEqual([1, 0]);
    expect(rowAt(9).slice(-2)).toEqual([0, 1]);
    const [sine, cosine] = rowAt(8).slice(9, 11) as [number, number];
    expect(sine ** 2 + cosine ** 2).toBeCloseTo(1, 12);
  });

  it('are as usual where a site lacks the column or it never changes, and missing where it has no value', () => {
    const constant = { columns: new Map([['temperature_c', hourly(() => 4)]]), isHoliday: noHoliday };
    for (const inputs of [NO_INPUTS, constant])
      expect([...rowsOf(inputs, TERMS)(240, 0.5)]).toEqual([0.5, ...Array.from({ length: 12 }, () => 0)]);
    const gap = hourly((hour) => (hour >= 246 && hour < 252 ? Number.NaN : temperature.values[hour]!));
    const row = rowsOf({ ...INPUTS, columns: new Map([['temperature_c', gap]]) }, TERMS)(240, 0);
    expect([...row].map(Number.isNaN)).toEqual(Array.from({ length: 13 }, (_, i) => i === 2 || i === 7));
  });

  it('never read a column of the past at the issue time or after', () => {
    fc.assert(
      fc.property(fc.integer({ min: 48, max: 24 * DAYS - 24 }), (position) => {
        const later = hourly((hour) => (hour < position ? wind.values[hour]! : 1e6));
        const known = hourly((hour) => (hour < position + 24 ? temperature.values[hour]! : 1e6));
        const columns = new Map([
          ['temperature_c', known],
          ['wind_mw', later],
        ]);
        const scales = inputScales(INPUTS, EPOCHS.train, configOf(TERMS));
        const rowOf = (inputs: SiteInputs) =>
          inputRows(load, ZONE, configOf(TERMS), inputs, scales)(position, 0);
        expect(rowOf({ ...INPUTS, columns })).toEqual(rowOf(INPUTS));
      }),
    );
  });
});

const rowsIn = (issues: InputTerms['issues']) => {
  const terms = configOf({ ...TERMS, issues });
  const { train, validation } = unpackMoments(siteMoments(load, ZONE, EPOCHS, terms, INPUTS), terms);
  return [train.rows, validation.rows];
};

describe('a ridge with inputs', () => {
  const config = configOf(TERMS);
  const own = siteMoments(load, ZONE, EPOCHS, config, INPUTS);
  const fit = fitRidge(own, config);
  const profile = fitProfile(load, ZONE, EPOCHS.train, config.cycle);
  const inputOf = (model: { inputs: InputTerms | null }) => ({
    series: load,
    zone: ZONE,
    test: TEST,
    issues: 'midnights' as const,
    horizon: 24,
    scale: profile.scaleKwh,
    ...(model.inputs && { inputsAt: rowsOf(INPUTS, model.inputs) }),
  });

  it('takes windows that begin at a local midnight, or all', () => {
    expect(rowsIn('midnights')).toEqual([59, 30]);
    expect(rowsIn('every-step')).toEqual([24 * 60 - 48 + 1, 24 * 30 - 24 + 1]);
  });

  it('is of any length that a card may ask for', () => {
    const long = { ...configOf(TERMS), lookback: 450 };
    expect(siteMoments(load, ZONE, EPOCHS, long, INPUTS).length).toBeGreaterThan(200_000);
  });

  it('leaves out a window whose inputs are missing', () => {
    const gap = hourly((hour) => (hour >= 240 && hour < 246 ? Number.NaN : temperature.values[hour]!));
    const columns = new Map(INPUTS.columns).set('temperature_c', gap);
    const { train } = unpackMoments(siteMoments(load, ZONE, EPOCHS, config, { ...INPUTS, columns }), config);
    expect(train.rows).toBe(58);
  });

  it('is the ridge of the look-back alone where every input is as usual', () => {
    const plain = configOf(null);
    const terms = configOf({ ...TERMS, issues: 'every-step', penalties: [1] });
    const alone = fitRidge(siteMoments(load, ZONE, EPOCHS, plain), plain);
    const without = fitRidge(siteMoments(load, ZONE, EPOCHS, { ...terms }, NO_INPUTS), terms);
    // The level is an input too; with its penalty it changes the fit by little.
    expect(
      rollingScores(without, profile, { ...inputOf(terms), inputsAt: rowsOf(NO_INPUTS, TERMS) }).mse,
    ).toBeLessThan(1.1 * rollingScores(alone, profile, inputOf(plain)).mse);
  });

  it('learns what the weather does, squared too', () => {
    const plain = configOf(null);
    const alone = fitLocal(siteMoments(load, ZONE, EPOCHS, plain), plain);
    const [seen, unseen] = [fit, alone].map((map) => rollingScores(map, profile, inputOf(map)).mse);
    expect(seen!).toBeLessThan(0.05 * unseen!);
  });

  it('adds up over sites: the sum of two is that of both their windows', () => {
    const other = hourly((hour) => 40 + 2 * weather[hour]! + drift());
    const sum = siteMoments(other, ZONE, EPOCHS, config, INPUTS).map((value, i) => value + own[i]!);
    const { train } = unpackMoments(sum, config);
    expect(train.rows).toBe(2 * 59);
    expect(fitRidge(sum, config).validationLosses).toHaveLength(3 * 2);
  });

  it('chooses the penalty of inputs by the validation part', () => {
    const blind = noise(11);
    const nothing = hourly(() => blind());
    const columns = new Map([...INPUTS.columns.keys()].map((name) => [name, nothing]));
    const wide = configOf({ ...TERMS, penalties: [1e-3, 1e3] });
    const chosen = (inputs: SiteInputs) =>
      fitRidge(siteMoments(load, ZONE, EPOCHS, wide, inputs), wide).inputPenalty;
    expect(chosen({ ...INPUTS, columns })).toBe(1e3);
    expect(chosen(INPUTS)).toBe(1e-3);
  });

  it('forecasts a day with its weather, and refuses one without', () => {
    const issueMs = at(24 * 100);
    const site = { map: fit, profile, zone: ZONE, inputsAt: rowsOf(INPUTS, TERMS) };
    const { energyKwh, missingInputs } = forecastDay(site, load, issueMs);
    expect(missingInputs).toBe(0);
    energyKwh.forEach((value, h) => expect(Math.abs(value - load.values[24 * 100 + h]!)).toBeLessThan(1.5));
    const blind = hourly((hour) => (hour < 24 * 100 ? temperature.values[hour]! : Number.NaN));
    const columns = new Map(INPUTS.columns).set('temperature_c', blind);
    const dark = { ...site, inputsAt: rowsOf({ ...INPUTS, columns }, TERMS) };
    expect(() => forecastDay(dark, load, issueMs)).toThrow(
      expect.objectContaining({ code: 'INPUTS_MISSING' }),
    );
    expect(loadPoint(dark, load)(issueMs).every(Number.isNaN)).toBe(true);
  });

  it('are seen by a backtest of the site too', () => {
    const days = { ...EPOCHS, test: TEST };
    const readings = { load, zone: ZONE, inputs: INPUTS };
    const ownMoments = siteMoments(load, ZONE, EPOCHS, config, INPUTS);
    const { mae, maeNaive24, scoredDays } = backtestSite({ readings, days, config, fit, ownMoments });
    expect(scoredDays).toBe(30);
    expect(mae).toBeLessThan(maeNaive24 / 3);
  });

  it.each<[string, Partial<InputTerms>]>([
    ['neither calendar nor column', { ahead: [], past: [] }],
    ['holidays without a calendar', { holidays: 'DE' }],
    ['a column twice', { ahead: ['a', 'a'] }],
    ['21 columns', { past: Array.from({ length: 21 }, (_, i) => `c${i}`) }],
    ['no penalty', { penalties: [] }],
    ['unknown issue times', { issues: 'noon' as never }],
  ])('refuses %s', (_, change) => {
    expect(() => requireSoundConfig(configOf({ ...TERMS, ...change }))).toThrow(
      expect.objectContaining({ code: 'RIDGE_CONFIG_INVALID' }),
    );
  });

  it('of a network are as many as its covariates, and none of dlinear', () => {
    const inputs = { calendar: true, holidays: null, ahead: [], past: [], issues: 'every-step' as const };
    const network = { ...config, inputs, covariates: 13 };
    expect(() => requireSoundNetworkInputs(network)).not.toThrow();
    for (const other of [
      { ...network, covariates: 12 },
      { ...network, inputs: null },
    ])
      expect(() => requireSoundNetworkInputs(other)).toThrow(
        expect.objectContaining({ code: 'NETWORK_TERMS_INVALID' }),
      );
    expect(() => requireSoundNetworkInputs({ ...network, inputs: { ...inputs, calendar: false } })).toThrow(
      expect.objectContaining({ code: 'RIDGE_CONFIG_INVALID' }),
    );
    const dlinear = { architecture: 'dlinear', lookback: 24, horizon: 24, hidden: 0, seed: 7 } as const;
    expect(() => requireSoundNetwork({ ...dlinear, covariates: 13 })).toThrow(
      expect.objectContaining({ code: 'NETWORK_TERMS_INVALID', data: { field: 'covariates' } }),
    );
  });

  it('refuses autocovariances, which do not hold what inputs do', () => {
    expect(() => requireSoundConfig({ ...config, statistic: 'autocovariances' })).toThrow(
      expect.objectContaining({ code: 'RIDGE_CONFIG_INVALID' }),
    );
  });
});
