import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { modelFile, type SavedNetwork, siteWindows } from '#forecasting';
import { ARCHITECTURES, DAY_AHEAD_LEARNING, initialServerState } from '#learning';
import { trainLocally } from '#training';
import { importReadings } from '../readings/import-readings.ts';
import { modelIn } from './kept-model.ts';
import { forecastByFile, forecastText } from './model-forecast.ts';

const START_MS = Date.UTC(2026, 0, 5);
const HOURS = 35 * 24;
/** A rhythm that comes and goes with the level of the days before: a network has something to learn. */
const loadAt = (i: number): number => {
  const level = 1 + 0.8 * Math.sin((2 * Math.PI * i) / (24 * 9));
  return 5 + level * (1 + Math.sin((2 * Math.PI * i) / 24)) + ((i * 7_919) % 13) / 50;
};
const at = (hour: number) => START_MS + hour * HOUR_MS;
const EPOCHS = {
  train: { startMs: at(0), endMs: at(25 * 24) },
  validation: { startMs: at(25 * 24), endMs: at(30 * 24) },
};
const ISSUE = 32 * 24;

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gridcommons-model-'));
  const rows = Array.from({ length: HOURS }, (_, i) => `${isoInstant(at(i))},${loadAt(i).toFixed(4)}`);
  const csv = join(directory, 'readings.csv');
  writeFileSync(csv, `timestamp,load_kwh\n${rows.join('\n')}\n`);
  await importReadings(directory, csv, { format: 'csv', zone: '+00:00' });
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a forecast by a saved network', () => {
  it.each(ARCHITECTURES)('%s, trained and read again, is nearer than yesterday', async (architecture) => {
    const hidden = architecture === 'dlinear' ? 0 : 16;
    const shape = { stepMinutes: 60, lookback: 72, horizon: 24, cycle: 24 };
    const terms: SavedNetwork['terms'] = { kind: 'network', architecture, ...shape, hidden, seed: 1 };
    const values = Float64Array.from({ length: HOURS }, (_, i) => loadAt(i));
    const series = { startMs: START_MS, resolutionMs: HOUR_MS, values };
    const { train: windows } = siteWindows(series, '+00:00', EPOCHS, shape, { stride: 1 });
    const learning = { ...DAY_AHEAD_LEARNING, localEpochs: 10 };
    const state = initialServerState(terms, learning);
    const { weights } = await trainLocally({
      network: terms,
      terms: learning,
      start: state.weights,
      windows,
      seed: 1,
    });
    const file = join(directory, `${architecture}.gcmodel`);
    const cardHash = 'c'.repeat(64);
    writeFileSync(file, await modelFile({ cardHash, terms, state: { ...state, weights }, refined: null }));

    const forecast = await forecastByFile(directory, await modelIn(file), {
      series: 'load_kwh',
      at: isoInstant(at(ISSUE)),
    });
    expect(forecast).toMatchObject({ issuedAt: isoInstant(at(ISSUE)), stepMinutes: 60, filledSteps: 0 });
    const errorOf = (by: (h: number) => number) =>
      values.slice(ISSUE, ISSUE + 24).reduce((sum, value, h) => sum + Math.abs(value - by(h)), 0) / 24;
    const yesterday = errorOf((h) => loadAt(ISSUE + h - 24));
    expect(errorOf((h) => forecast.energyKwh[h]!)).toBeLessThan(yesterday / 2);
  });

  it('is told by step, local days by number', () => {
    const forecast = {
      issuedAt: '2026-03-28T23:00:00Z',
      energyKwh: [1.5, 2],
      filledSteps: 0,
      missingInputs: 0,
    };
    expect(forecastText({ ...forecast, stepMinutes: 60 })).toBe(
      '2026-03-28T23:00:00Z  1.500 kWh\n2026-03-29T00:00:00Z  2.000 kWh',
    );
    expect(forecastText({ ...forecast, stepMinutes: 1_440 })).toBe('day 1  1.500 kWh\nday 2  2.000 kWh');
  });
});
