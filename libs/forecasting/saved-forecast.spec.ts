import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '#core';
import { DAY_AHEAD_LEARNING, initialServerState } from '#learning';
import type { SavedNetwork, SavedRidge } from './model-file.ts';
import { modelFile, readModelFile } from './model-file.ts';
import { fitProfile } from './profile.ts';
import { forecastSaved, type NetworkOutputs } from './saved-forecast.ts';

const START_MS = Date.UTC(2026, 0, 5);
const ISSUE_MS = START_MS + 28 * DAY_MS;
const SHAPE = { stepMinutes: 60, lookback: 48, horizon: 24, cycle: 24 };

/** A day's rhythm that the cycle explains, and a level that rises in the last two days. */
const loadAt = (i: number, rise = 1): number =>
  5 + Math.sin((2 * Math.PI * i) / 24) + (i >= 26 * 24 ? rise : 0) + ((i * 7_919) % 13) / 40;
const series = (rise = 1) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from({ length: 29 * 24 }, (_, i) => loadAt(i, rise)),
});
const request = {
  series: series(),
  column: 'load_kwh',
  zone: '+00:00',
  known: { startMs: START_MS, endMs: START_MS + 26 * DAY_MS },
  issueMs: ISSUE_MS,
};

const TERMS = { kind: 'network', architecture: 'dlinear', hidden: 0, seed: 1, ...SHAPE } as const;
const state = initialServerState(TERMS, DAY_AHEAD_LEARNING);
const network: SavedNetwork = { cardHash: 'c'.repeat(64), terms: TERMS, state, refined: null };
const lambdas = [1];
const ridgeTerms = {
  kind: 'one-shot-ridge',
  series: ['load_kwh'],
  statistic: 'autocovariances',
  ...SHAPE,
  lambdas,
  inputs: null,
} as const;
const fit = {
  ...SHAPE,
  inputs: null,
  lambda: 1,
  inputPenalty: 1,
  weights: Float64Array.from({ length: 47 * 24 }, (_, i) => Math.sin(i) / 50),
  validationWeights: new Float64Array(47 * 24),
  validationLosses: [1],
};
const ridge: SavedRidge = {
  cardHash: 'c'.repeat(64),
  terms: ridgeTerms,
  fits: new Map([['load_kwh', fit]]),
};

/** The ridge's map as a network's outputs. */
const asRidge: NetworkOutputs = (_, weights, x) =>
  Promise.resolve(
    Float32Array.from({ length: weights.length > 0 ? 24 : 0 }, (__, h) =>
      x.subarray(0, 47).reduce((sum, value, j) => sum + value * fit.weights[j * 24 + h]!, 0),
    ),
  );

const zeros: NetworkOutputs = () => Promise.resolve(new Float32Array(24));

describe('a forecast from a saved model', () => {
  it('is the same by a ridge and by a network that computes the same, in kWh', async () => {
    const [byRidge, byNetwork] = await Promise.all(
      [ridge, network].map(async (saved) =>
        forecastSaved(await readModelFile(await modelFile(saved)), request, asRidge),
      ),
    );
    expect(byRidge!.energyKwh).toHaveLength(24);
    for (const [h, value] of byRidge!.energyKwh.entries()) {
      expect(byNetwork!.energyKwh[h]).toBeCloseTo(value, 5);
      expect(value).toBeGreaterThan(3);
    }
    expect(byNetwork).toMatchObject({ issueMs: ISSUE_MS, filledSteps: 0 });
  });

  it('is by the ridge of the series, where a model has several', async () => {
    const still = { ...fit, weights: new Float64Array(47 * 24) };
    const two: SavedRidge = {
      ...ridge,
      terms: { ...ridgeTerms, series: ['load_kwh', 'pv_kwh'] },
      fits: new Map([
        ['load_kwh', fit],
        ['pv_kwh', still],
      ]),
    };
    expect(await forecastSaved(two, request, asRidge)).toEqual(await forecastSaved(ridge, request, asRidge));
    expect((await forecastSaved(two, { ...request, column: 'pv_kwh' }, asRidge)).energyKwh).toEqual(
      (await forecastSaved(network, request, zeros)).energyKwh,
    );
    await expect(forecastSaved(two, { ...request, column: 'heat_kwh' }, asRidge)).rejects.toMatchObject({
      code: 'MODEL_SERIES_OTHER',
    });
  });

  it('is of the refined weights where there are some', async () => {
    const asked: Float32Array[] = [];
    const outputs: NetworkOutputs = (_, weights) => {
      asked.push(weights);
      return Promise.resolve(new Float32Array(24));
    };
    const refined = state.weights.map((value) => value + 1);
    await forecastSaved(network, request, outputs);
    await forecastSaved({ ...network, refined }, request, outputs);
    expect(asked).toEqual([state.weights, refined]);
  });

  it('of nothing is cycle and last deviation: the last step’s distance from the cycle goes on', async () => {
    const { energyKwh } = await forecastSaved(network, request, zeros);
    const { cycleKwh } = fitProfile(request.series, '+00:00', request.known, 24);
    for (const [h, value] of energyKwh.entries())
      expect(value).toBeCloseTo(loadAt(28 * 24 - 1) - cycleKwh[23]! + cycleKwh[h]!, 10);
  });

  it('reads nothing from the issue time on', async () => {
    const changed = series();
    changed.values.fill(1_000, 28 * 24);
    expect(await forecastSaved(ridge, { ...request, series: changed }, asRidge)).toEqual(
      await forecastSaved(ridge, request, asRidge),
    );
    const late = { ...request, known: { startMs: START_MS, endMs: START_MS + 29 * DAY_MS } };
    expect(await forecastSaved(ridge, { ...late, series: changed }, asRidge)).toEqual(
      await forecastSaved(ridge, late, asRidge),
    );
  });

  it('answers for as many steps as asked, up to the model’s', async () => {
    const whole = await forecastSaved(network, request, asRidge);
    const { energyKwh } = await forecastSaved(network, { ...request, horizon: 6 }, asRidge);
    expect(energyKwh).toEqual(whole.energyKwh.slice(0, 6));
    for (const horizon of [25, 0, 1.5])
      for (const saved of [network, ridge])
        await expect(forecastSaved(saved, { ...request, horizon }, asRidge)).rejects.toMatchObject({
          code: 'HORIZON_BEYOND_MODEL',
          data: { most: 24, got: horizon },
        });
  });

  it('is refused where the look-back is full of gaps, and for steps of another length', async () => {
    const gaps = series();
    gaps.values.fill(Number.NaN, 27 * 24, 27 * 24 + 13);
    await expect(forecastSaved(network, { ...request, series: gaps }, asRidge)).rejects.toMatchObject({
      code: 'LOOKBACK_TOO_SPARSE',
    });
    const quarters = { ...series(), resolutionMs: HOUR_MS / 4 };
    await expect(forecastSaved(network, { ...request, series: quarters }, asRidge)).rejects.toMatchObject({
      code: 'RESOLUTION_OTHER',
    });
  });
});
