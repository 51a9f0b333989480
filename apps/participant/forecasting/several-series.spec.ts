import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, isoInstant } from '#core';
import type { TaskCard, TaskState } from '#federation';
import { DAY_AHEAD_RIDGE, siteAutocovariances, type SiteForecast } from '#forecasting';
import { readingsNode } from '../../../test/harness/readings-node.ts';
import { forecastAtHome } from './home-forecast.ts';
import { homeModel, isDayAhead, marketModel } from './home-model.ts';
import { epochsOf, ridgeStatistic } from './site-statistic.ts';

const START_MS = Date.UTC(2026, 3, 6);
const DAYS = 80;
const day = (days: number) => isoInstant(START_MS + days * DAY_MS);
const hours = (value: (i: number) => number) => Float64Array.from({ length: 24 * DAYS }, (_, i) => value(i));

/** Cloudy spells of five days: today's yield is nearly always yesterday's. */
const pv = hours((i) => Math.max(0, Math.sin((2 * Math.PI * (i - 6)) / 24)) * (i % 240 < 120 ? 2 : 0.4));
const load = hours((i) => 2 + Math.sin(i / 4) + ((i * i * 7_919) % 101) / 150);

const cardOf = (...series: string[]): TaskCard =>
  ({
    model: { kind: 'one-shot-ridge', ...DAY_AHEAD_RIDGE },
    learning: null,
    privacy: null,
    data: {
      series,
      zone: '+00:00',
      train: { start: day(0), end: day(50) },
      validation: { start: day(50), end: day(70) },
    },
  }) as unknown as TaskCard;

const withHeat = (heat: Float64Array) => readingsNode({ load_kwh: load, heat_kwh: heat }, START_MS);

describe('the vector of a site', () => {
  const node = readingsNode({ load_kwh: load, pv_kwh: pv }, START_MS);

  it('is that of each series, in the order of the card', async () => {
    const card = cardOf('pv_kwh', 'load_kwh');
    const alone = ([pv, load] as const).map((values) =>
      siteAutocovariances(
        { startMs: START_MS, resolutionMs: HOUR_MS, values },
        '+00:00',
        epochsOf(card),
        DAY_AHEAD_RIDGE,
      ),
    );
    expect(await ridgeStatistic(node, card)).toEqual(Float64Array.from([...alone[0]!, ...alone[1]!]));
  });

  it('is refused where a column beside the series says nothing: the sum would hold that of the others alone', async () => {
    const inputs = {
      calendar: false,
      holidays: null,
      ahead: [],
      past: ['heat_kwh'],
      issues: 'every-step',
      penalties: [1],
    } as const;
    const { model, ...rest } = cardOf('load_kwh');
    const card = { ...rest, model: { ...model, statistic: 'moments', lookback: 24, inputs } } as TaskCard;
    await expect(ridgeStatistic(withHeat(pv.map(() => 3)), card)).rejects.toMatchObject({
      code: 'STATISTIC_EMPTY',
      data: { series: 'heat_kwh' },
    });
    expect((await ridgeStatistic(withHeat(pv), card)).length).toBeGreaterThan(0);
  });

  it.each([
    ['STATISTIC_EMPTY', (i: number) => i % 48 < 2],
    ['PROFILE_EMPTY', () => false],
  ])('is refused with %s naming the series that has too few readings', async (code, isKnown) => {
    const gaps = pv.map((value, i) => (isKnown(i) ? value : Number.NaN));
    const broken = readingsNode({ load_kwh: load, pv_kwh: gaps }, START_MS);
    await expect(ridgeStatistic(broken, cardOf('load_kwh', 'pv_kwh'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining('pv_kwh'),
      data: { series: 'pv_kwh' },
    });
    expect((await ridgeStatistic(broken, cardOf('load_kwh'))).length).toBe(386);
  });
});

describe("a home's forecast", () => {
  const node = readingsNode({ load_kwh: load, pv_kwh: pv }, START_MS);

  /** Of the sixth day of a spell, as the sole site's sums have it. */
  async function forecastBy(...series: string[]): Promise<SiteForecast> {
    const card = cardOf(...series);
    const sums = { groups: [await ridgeStatistic(node, card)], cohort: ['own'] };
    const releases = [{ release: { modelHash: 'a'.repeat(64) } }];
    const state = { card, cardHash: 'b'.repeat(64), releases } as unknown as TaskState;
    return forecastAtHome(node, marketModel(await homeModel(node, state, sums))!, START_MS + 74 * DAY_MS);
  }

  it('is that of its load whatever else was summed, and of its PV by the ridge that was', async () => {
    const plain = await forecastBy('load_kwh');
    const withPv = await forecastBy('pv_kwh', 'load_kwh');
    expect(withPv.load).toEqual(plain.load);
    const actual = pv.subarray(24 * 74, 24 * 75);
    const errorOf = ({ pv: of }: SiteForecast) =>
      of!.p50.reduce((sum, value, h) => sum + Math.abs(value - actual[h]!), 0);
    expect(errorOf(withPv)).toBeLessThan(errorOf(plain) / 2);
    expect(withPv.net).not.toEqual(plain.net);
  });

  it.each([
    [['load_kwh'], true],
    [['pv_kwh', 'load_kwh'], true],
    [['pv_kwh', 'net_kwh'], false],
    [['price_eur_per_mwh'], true],
    [['price_ct_per_kwh', 'temperature_c'], false],
  ])('can be made from a task over %j: %s', (series, possible) => {
    expect(isDayAhead(cardOf(...series))).toBe(possible);
  });
});
