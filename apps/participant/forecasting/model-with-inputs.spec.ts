import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import {
  fitRidge,
  inputCount,
  modelFile,
  type RidgeModelConfig,
  siteMoments,
  siteWindows,
} from '#forecasting';
import { DAY_AHEAD_LEARNING, initialServerState, initialWeights } from '#learning';
import { trainLocally } from '#training';
import { importReadings } from '../readings/import-readings.ts';
import { modelIn } from './kept-model.ts';
import { forecastByFile } from './model-forecast.ts';

const START_MS = Date.UTC(2026, 0, 5);
const DAYS = 70;
const at = (hour: number) => START_MS + hour * HOUR_MS;
const EPOCHS = {
  train: { startMs: at(0), endMs: at(40 * 24) },
  validation: { startMs: at(40 * 24), endMs: at(60 * 24) },
};
/** Readings end here; the weather is known for a day more. */
const NOW = 68 * 24;

/** A temperature for each quarter of a day that no look-back tells. */
const temperatureAt = (hour: number): number => (((Math.floor(hour / 6) * 7_919) % 101) - 50) / 5;
const loadAt = (hour: number): number => 50 - 2 * temperatureAt(hour) + Math.sin((2 * Math.PI * hour) / 24);

const SHAPE = { stepMinutes: 60, lookback: 24, horizon: 24, cycle: 24 };
const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  ...SHAPE,
  lambdas: [1e-6, 1e-3],
  inputs: {
    calendar: false,
    holidays: null,
    ahead: ['temperature_c'],
    past: [],
    issues: 'midnights',
    penalties: [1e-3, 1],
  },
};

let directory: string;
let file: string;

const hourly = (value: (hour: number) => number) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: 24 * DAYS }, (_, hour) => value(hour)),
});

async function fileOf(config: RidgeModelConfig, name: string): Promise<string> {
  const inputs = {
    columns: new Map([['temperature_c', hourly(temperatureAt)]]),
    isHoliday: () => false,
  };
  const fit = fitRidge(siteMoments(hourly(loadAt), '+00:00', EPOCHS, config, inputs), config);
  const terms = { kind: 'one-shot-ridge', series: ['load_kwh'], ...config } as const;
  const path = join(directory, name);
  writeFileSync(
    path,
    await modelFile({ cardHash: 'c'.repeat(64), terms, fits: new Map([['load_kwh', fit]]) }),
  );
  return path;
}

async function imported(column: string, value: (hour: number) => number, hours: number): Promise<void> {
  const rows = Array.from({ length: hours }, (_, i) => `${isoInstant(at(i))},${value(i).toFixed(4)}`);
  const csv = join(directory, `${column}.csv`);
  writeFileSync(csv, `timestamp,${column}\n${rows.join('\n')}\n`);
  await importReadings(directory, csv, { format: 'csv', zone: '+00:00' });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gridcommons-inputs-model-'));
  await imported('load_kwh', loadAt, NOW + 5);
  file = await fileOf(CONFIG, 'weather.gcmodel');
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a forecast by a saved ridge that sees inputs', () => {
  it('names the columns that were not imported', async () => {
    await expect(
      forecastByFile(directory, await modelIn(file), { series: 'load_kwh' }),
    ).rejects.toMatchObject({
      code: 'MODEL_NEEDS_INPUTS',
      message: expect.stringMatching(/, temperature_c not among them$/),
      data: { missing: ['temperature_c'] },
    });
  });

  it('reads the imported ones over the horizon, from the last midnight of the readings on', async () => {
    await imported('temperature_c', temperatureAt, NOW + 24);
    const forecast = await forecastByFile(directory, await modelIn(file), { series: 'load_kwh' });
    expect(forecast).toMatchObject({ issuedAt: isoInstant(at(NOW)), filledSteps: 0, missingInputs: 0 });
    const errorOf = (by: (h: number) => number) =>
      forecast.energyKwh.reduce((sum, _, h) => sum + Math.abs(loadAt(NOW + h) - by(h)), 0) / 24;
    const yesterday = errorOf((h) => loadAt(NOW + h - 24));
    expect(errorOf((h) => forecast.energyKwh[h]!)).toBeLessThan(yesterday / 5);
  });

  it('is refused where the weather of the day is not there, and between midnights where it has learnt from these', async () => {
    const asked = async (hour: number) =>
      forecastByFile(directory, await modelIn(file), { series: 'load_kwh', at: isoInstant(at(hour)) });
    await expect(asked(NOW + 3)).rejects.toMatchObject({ code: 'ISSUE_NOT_MIDNIGHT' });
    const everyStep = { ...CONFIG, inputs: { ...CONFIG.inputs!, issues: 'every-step' as const } };
    const anyHour = await modelIn(await fileOf(everyStep, 'any-hour.gcmodel'));
    const { issuedAt } = await forecastByFile(directory, anyHour, { series: 'load_kwh' });
    expect(issuedAt).toBe(isoInstant(at(NOW + 5)));
    await imported('load_kwh', loadAt, NOW + 24);
    await expect(asked(NOW + 24)).rejects.toMatchObject({ code: 'INPUTS_MISSING' });
  });
});

describe('a forecast by a saved network that sees inputs', () => {
  it('reads them as the ridge does', async () => {
    const inputs = {
      calendar: false,
      holidays: null,
      ahead: ['temperature_c'],
      past: [],
      issues: 'midnights',
    } as const;
    const network = {
      architecture: 'mlp',
      ...SHAPE,
      hidden: 8,
      seed: 7,
      covariates: inputCount({ ...SHAPE, inputs }),
      inputs,
    } as const;
    const { train: windows } = siteWindows(hourly(loadAt), '+00:00', EPOCHS, network, {
      stride: 1,
      inputs: { columns: new Map([['temperature_c', hourly(temperatureAt)]]), isHoliday: () => false },
    });
    const terms = { ...DAY_AHEAD_LEARNING, localEpochs: 300, batchSize: 8, learningRate: 0.02 };
    const learnt = await trainLocally({ network, terms, start: initialWeights(network), windows, seed: 1 });
    const state = { ...initialServerState(network, DAY_AHEAD_LEARNING), weights: learnt.weights };
    const path = join(directory, 'network.gcmodel');
    const saved = {
      cardHash: 'd'.repeat(64),
      terms: { kind: 'network' as const, ...network },
      state,
      refined: null,
    };
    writeFileSync(path, await modelFile(saved));
    const forecast = await forecastByFile(directory, await modelIn(path), {
      series: 'load_kwh',
      at: isoInstant(at(NOW)),
    });
    expect(forecast).toMatchObject({ issuedAt: isoInstant(at(NOW)), missingInputs: 0 });
    const errorOf = (by: (h: number) => number) =>
      forecast.energyKwh.reduce((sum, _, h) => sum + Math.abs(loadAt(NOW + h) - by(h)), 0) / 24;
    expect(errorOf((h) => forecast.energyKwh[h]!)).toBeLessThan(errorOf((h) => loadAt(NOW + h - 24)) / 3);
  });
});
