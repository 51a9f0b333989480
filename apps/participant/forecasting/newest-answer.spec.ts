import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval, isoInstant } from '#core';
import { fitRidge, personalise, type RidgeModelConfig, siteMoments } from '#forecasting';
import { readingsNode } from '../../../test/harness/readings-node.ts';
import type { SiteNode } from '../node/node.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { notedForecast } from './forecast-note.ts';
import type { MarketModel } from './home-model.ts';
import { leastNeeded, newestAnswer } from './newest-answer.ts';
import { scoreDay } from './score-day.ts';

const START_MS = Date.UTC(2026, 0, 5);
const at = (day: number) => START_MS + 24 * HOUR_MS * day;
const EPOCHS = { train: interval(at(0), at(25)), validation: interval(at(25), at(35)) };
const ISSUE_MS = at(36);

const values = (of: (hour: number) => number, days: number) =>
  Float64Array.from({ length: 24 * days }, (_, hour) => of(hour));
const loadAt = (hour: number): number => 5 + Math.sin((2 * Math.PI * hour) / 24) + ((hour * 7_919) % 13) / 40;
const temperatureAt = (hour: number): number => ((Math.floor(hour / 6) * 7_919) % 101) / 5;
/** The load is read up to the issue time and the day after it is over; the weather of that day is there or not. */
const LOAD = values(loadAt, 37);

const SHAPE = { stepMinutes: 60, lookback: 24, horizon: 24, cycle: 24 };
const SEEING: RidgeModelConfig['inputs'] = {
  calendar: false,
  holidays: null,
  ahead: ['temperature_c'],
  past: [],
  issues: 'every-step',
  penalties: [1],
};

const hourly = (of: Float64Array) => ({ startMs: START_MS, resolutionMs: HOUR_MS, values: of });

function modelOf(name: string, inputs: RidgeModelConfig['inputs']): MarketModel {
  const config: RidgeModelConfig = { statistic: 'moments', ...SHAPE, lambdas: [0.1], inputs };
  const columns = new Map([['temperature_c', hourly(values(temperatureAt, 40))]]);
  const moments = siteMoments(hourly(LOAD), '+00:00', EPOCHS, config, { columns, isHoliday: () => false });
  const shared = fitRidge(moments, config);
  const load = { shared, personal: personalise(shared, moments, config), moments };
  const card = {
    taskId: `task of ${name}`,
    data: { series: ['load_kwh'], zone: '+00:00' },
    model: { kind: 'one-shot-ridge', ...config },
  };
  return {
    card,
    cardHash: name,
    modelHash: name,
    config,
    epochs: EPOCHS,
    series: new Map([['load_kwh', load]]),
    load,
    pv: null,
  } as unknown as MarketModel;
}

describe('the forecast for the market', () => {
  let path: string;
  let said: { readonly event: string; readonly facts: object }[];
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'gridcommons-answer-'));
    said = [];
  });
  afterEach(() => rmSync(path, { recursive: true }));

  const nodeWith = (columns: Readonly<Record<string, Float64Array>>): SiteNode => ({
    ...readingsNode(columns, START_MS),
    directory: new SiteDirectory(path),
    report: (event, facts = {}) => void said.push({ event, facts }),
  });
  const plain = modelOf('plain', null);
  const seeing = modelOf('seeing', SEEING);

  it('is by the newest model where its inputs are there', async () => {
    const node = nodeWith({ load_kwh: LOAD, temperature_c: values(temperatureAt, 37) });
    const { model, forecast } = await newestAnswer(node, [plain, seeing], ISSUE_MS);
    expect(model).toBe(seeing);
    expect(forecast.load.p50).toHaveLength(24);
    expect(said).toEqual([]);
    expect(notedForecast(node.directory)).toEqual({
      issuedAt: isoInstant(ISSUE_MS),
      modelHash: 'seeing',
      taskId: 'task of seeing',
      passedOver: [],
    });
  });

  it('is by the newest that can answer where inputs of the day are missing, and says which it passed over', async () => {
    const node = nodeWith({ load_kwh: LOAD, temperature_c: values(temperatureAt, 36) });
    const { model } = await newestAnswer(node, [plain, seeing], ISSUE_MS);
    expect(model).toBe(plain);
    const why = {
      code: 'INPUTS_MISSING',
      reason: expect.stringMatching(/^expected three quarters of the inputs/),
    };
    expect(said).toEqual([
      { event: 'model-passed-over', facts: { task: 'task of seeing', modelHash: 'seeing', ...why } },
    ]);
    expect(notedForecast(node.directory)).toMatchObject({
      modelHash: 'plain',
      passedOver: [{ modelHash: 'seeing', taskId: 'task of seeing', ...why }],
    });
  });

  it('is none where no model can answer, for the reason of the newest', async () => {
    const gap = LOAD.map((value, hour) => (hour >= 24 * 35 && hour < 24 * 36 ? Number.NaN : value));
    const node = nodeWith({ load_kwh: gap, temperature_c: values(temperatureAt, 36) });
    await expect(newestAnswer(node, [plain, seeing], ISSUE_MS)).rejects.toMatchObject({
      code: 'LOOKBACK_TOO_SPARSE',
    });
    expect(notedForecast(node.directory)).toMatchObject({
      modelHash: null,
      taskId: null,
      passedOver: [{ modelHash: 'seeing' }, { modelHash: 'plain' }],
    });
  });

  it('can be made after many models with inputs: the newest without any is kept', () => {
    const [older, newer] = [modelOf('older', null), modelOf('newer', SEEING)];
    expect(leastNeeded([older, plain, seeing])).toBe(older);
    expect(leastNeeded([plain, seeing, newer])).toBe(seeing);
    expect(leastNeeded([seeing, newer])).toBe(seeing);
  });

  it('of a day without its inputs has no score, that of a model without any has', async () => {
    const node = nodeWith({ load_kwh: LOAD, temperature_c: values(temperatureAt, 36) });
    const day = interval(ISSUE_MS, at(37));
    expect(await scoreDay(node, seeing, 'load_kwh', day)).toBeNull();
    expect(await scoreDay(node, plain, 'load_kwh', day)).toMatchObject({ coverage: expect.any(Number) });
  });
});
