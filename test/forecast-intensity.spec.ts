import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { codeOf, type FederationSite } from './harness/federation-round.ts';
import { dayStart, epochsOf, ForecastDesk, type Product } from './harness/forecast-desk.ts';
import type { GraphqlAnswer } from './harness/platform.ts';
import { PLANTS, plantsCsv } from './harness/site-readings.ts';

const MINUTES = 60_000;
const SERIES = 'direct_intensity_g_per_kwh';
const HORIZON = 96;
const DAY = 16;
const LIST = `query ($productId: ID!) {
  forecasts(productId: $productId, first: 100) { edges { node { series unit intervalStart p10 p50 p90 } } }
}`;
const WINDOW = `query ($productId: ID!, $organisationId: ID!, $energyWh: SafeInt!, $maxPowerW: SafeInt, $contiguous: Boolean!,
  $earliest: DateTime!, $latest: DateTime!) {
  lowestCarbonWindow(productId: $productId, organisationId: $organisationId, energyWh: $energyWh, maxPowerW: $maxPowerW,
    contiguous: $contiguous, earliest: $earliest, latest: $latest) {
    best { parts { start end energyWh } p10Grams p50Grams p90Grams } immediate { p50Grams }
  }
}`;

interface Row {
  readonly series: string;
  readonly unit: string;
  readonly intervalStart: string;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

interface Answer {
  readonly best: {
    readonly parts: readonly { readonly energyWh: number }[];
    readonly p10Grams: number;
    readonly p50Grams: number;
    readonly p90Grams: number;
  };
  readonly immediate: { readonly p50Grams: number };
}

let desk: ForecastDesk;
let product: Product;
let publisher: FederationSite;
let rows: readonly Row[];

const window = (of: object = {}): Promise<GraphqlAnswer> => {
  const terms = { productId: product.id, organisationId: publisher.organisationId };
  const need = { energyWh: 10_001, maxPowerW: 5_000, contiguous: false };
  const when = { earliest: isoInstant(dayStart(DAY)), latest: isoInstant(dayStart(DAY + 4)) };
  const variables = { ...terms, ...need, ...when, ...of };
  return desk.round.platform.graphql(WINDOW, variables, desk.round.sites[1]!.apiKey);
};

beforeAll(async () => {
  desk = await ForecastDesk.start(dayStart(15), plantsCsv);
  const ridge = { lookback: 24, horizon: HORIZON, cycle: 24 };
  const { sites } = desk.round;
  const task = await desk.round.createTask(sites, [SERIES], { ridge, ...epochsOf(1, [8, 6]) });
  const version = await desk.release(task);
  publisher = sites[0]!;
  product = await desk.createProduct({ name: 'Intensity of generation', series: SERIES, horizon: HORIZON });
  await desk.place('nameChampion', product, version.modelHash);
  await desk.setClock(dayStart(DAY) + HOUR_MS);
  await desk.attendProducts(publisher, DAY);
  const listed = await desk.round.platform.data<{ forecasts: { edges: readonly { node: Row }[] } }>(
    LIST,
    { productId: product.id },
    desk.round.sites[1]!.apiKey,
  );
  rows = listed.forecasts.edges.map(({ node }) => node);
}, 3 * MINUTES);

afterAll(() => desk.stop());

describe('the intensity of generation, learnt from what stays with the owners of the plants', () => {
  it('is published for four days, in grams and with intervals, by a node whose files hold generation alone', async () => {
    expect(await publisher.node.readings.columns()).toEqual(expect.arrayContaining([...PLANTS, SERIES]));
    expect(rows.map(({ intervalStart }) => intervalStart)).toEqual(
      Array.from({ length: HORIZON }, (_, h) => isoInstant(dayStart(DAY) + h * HOUR_MS)),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ series: SERIES, unit: 'gCO2e/kWh' });
      expect(row.p10).toBeLessThanOrEqual(row.p50);
      expect(row.p50).toBeLessThanOrEqual(row.p90);
    }
  });

  it('follows the mix: 760 g of coal and 370 g of gas, most in the evening', () => {
    const highest = rows.slice(0, 24).reduce((best, row) => (row.p50 > best.p50 ? row : best));
    expect(Math.abs(new Date(highest.intervalStart).getUTCHours() - 18)).toBeLessThanOrEqual(3);
    // Coal 100 to 300, gas 50 to 150, wind about 300 MW: 210 g at the least, 380 g at the most.
    expect(Math.min(...rows.map(({ p50 }) => p50))).toBeGreaterThan(150);
    expect(Math.max(...rows.map(({ p50 }) => p50))).toBeLessThan(450);
  });

  it('says when an energy need emits least, against starting at once', async () => {
    const { data } = await window();
    const { best, immediate } = (data as unknown as { lowestCarbonWindow: Answer }).lowestCarbonWindow;
    const [first, second] = rows.map(({ p50 }) => p50).toSorted((a, b) => a - b);
    // Two hours at 5 kW and a ten-thousandth more.
    expect(Math.abs(best.p50Grams - 5 * (first! + second!))).toBeLessThan(3);
    expect(best.p10Grams).toBeLessThanOrEqual(best.p50Grams);
    expect(best.p90Grams).toBeGreaterThanOrEqual(best.p50Grams);
    expect(immediate.p50Grams).toBeGreaterThan(best.p50Grams);
    expect(best.parts.reduce((sum, { energyWh }) => sum + energyWh, 0)).toBe(10_001);
  });

  it.each([
    ['WINDOW_INFEASIBLE', { latest: isoInstant(dayStart(DAY) + HOUR_MS) }],
    ['WINDOW_INPUT', { maxPowerW: null }],
    ['INTERVAL_EMPTY', { latest: '2026-01-01T00:00:00Z' }],
    ['INTERVAL_TOO_LONG', { latest: '2026-03-01T00:00:00Z' }],
    ['PRODUCT_UNKNOWN', { productId: 'x' }],
  ])('refuses with %s', async (code, of) => {
    expect(codeOf(await window(of))).toBe(code);
  });
});
