import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, isoInstant } from '#core';
import { ZONE } from './harness/demo-world.ts';
import { codeOf, type FederationSite } from './harness/federation-round.ts';
import { dateOf, dayStart, ForecastDesk, type ModelVersion, type Product } from './harness/forecast-desk.ts';
import { OFFER, SUBSCRIBE } from './harness/forecast-terms.ts';
import type { GraphqlAnswer } from './harness/platform.ts';
import { GRID, gridCsv } from './harness/site-readings.ts';

const MINUTES = 60_000;
const [INTENSITY, PRICE] = GRID;
const DAY = 12;
const LIST = `query ($series: ForecastSeries, $productId: ID, $frozen: Boolean! = false) {
  forecasts(series: $series, productId: $productId, frozen: $frozen, first: 100) {
    edges { node { organisationId series intervalStart unit p10 p50 p90 p10Wh version modelHash productId } }
    notices { code series }
  }
}`;
const SUM = `query ($series: ForecastSeries!, $from: DateTime!, $to: DateTime!) {
  communityForecast(series: $series, from: $from, to: $to) { hours { intervalStart } }
}`;
const PUBLISH = `mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }`;
const GATE = `mutation ($input: SetForecastGateInput!) { setForecastGate(input: $input) { name } }`;

interface Row {
  readonly organisationId: string;
  readonly series: string;
  readonly intervalStart: string;
  readonly unit: string;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly p10Wh: number | null;
  readonly productId: string | null;
}
interface Listed {
  readonly forecasts: {
    readonly edges: readonly { readonly node: Row }[];
    readonly notices: readonly object[];
  };
}

let desk: ForecastDesk;
let version: ModelVersion;
let intensity: Product;
let price: Product;
let publisher: FederationSite;
let reader: FederationSite;

const listed = async (variables: object, sender = reader.apiKey): Promise<Listed['forecasts']> =>
  (await desk.round.platform.data<Listed>(LIST, variables, sender)).forecasts;
const rowsOf = async (variables: object): Promise<Row[]> =>
  (await listed(variables)).edges.map(({ node }) => node);
const publish = (fields: object): Promise<GraphqlAnswer> => {
  const forecast = {
    series: PRICE,
    intervalStart: isoInstant(dayStart(DAY + 3)),
    p10: -20.5,
    p50: 10,
    p90: 33.125,
    issuedAt: isoInstant(dayStart(DAY)),
    modelHash: version.modelHash,
    taskCardHash: version.cardHash,
    ...fields,
  };
  return desk.round.platform.graphql(PUBLISH, { input: { forecasts: [forecast] } }, publisher.participant);
};

beforeAll(async () => {
  desk = await ForecastDesk.start(dayStart(11), gridCsv);
  ({ version } = await desk.trained(1, [INTENSITY, PRICE]));
  [publisher, reader] = [desk.round.sites[0]!, desk.round.sites[1]!];
  intensity = await desk.createProduct({ name: 'Intensity of the grid', series: INTENSITY });
  price = await desk.createProduct({ name: 'Day-ahead price', series: PRICE });
  for (const product of [intensity, price]) await desk.place('nameChampion', product, version.modelHash);
  await desk.setClock(dayStart(DAY) + HOUR_MS);
}, 3 * MINUTES);

afterAll(() => desk.stop());

describe('forecasts of an intensity and a price', () => {
  it('are published by a node for the products whose champion it has, once a day, in units that they say', async () => {
    expect(await desk.attendProducts(publisher, DAY)).toBe(true);
    expect(publisher.events.filter(({ event }) => event === 'product').map(({ facts }) => facts)).toEqual(
      [price, intensity].map(({ id }) => ({ product: id, issued: isoInstant(dayStart(DAY)), hours: 24 })),
    );
    for (const [product, series, unit] of [
      [intensity, INTENSITY, 'gCO2e/kWh'],
      [price, PRICE, 'EUR/MWh'],
    ] as const) {
      const rows = await rowsOf({ productId: product.id });
      expect(rows.map(({ intervalStart }) => intervalStart)).toEqual(
        Array.from({ length: 24 }, (_, h) => isoInstant(dayStart(DAY) + h * HOUR_MS)),
      );
      const fixed = { organisationId: publisher.organisationId, series, unit, p10Wh: null };
      for (const row of rows) {
        expect(row).toMatchObject({ ...fixed, modelHash: version.modelHash, productId: product.id });
        expect(row.p10).toBeLessThanOrEqual(row.p50);
        expect(row.p50).toBeLessThanOrEqual(row.p90);
      }
    }
    await desk.attendProducts(publisher, DAY);
    expect(await rowsOf({ productId: price.id })).toHaveLength(24);
  });

  it('follow what the site has read: kg of the file are grams to others, and prices fall below zero', async () => {
    const grams = await rowsOf({ series: INTENSITY });
    const prices = await rowsOf({ series: PRICE });
    // 0.3 ± 0.1 kg/kWh and 40 ± 60 EUR/MWh, peak at 6 UTC.
    for (const rows of [grams, prices]) {
      const highest = rows.reduce((best, row) => (row.p50 > best.p50 ? row : best));
      expect(Math.abs(new Date(highest.intervalStart).getUTCHours() - 6)).toBeLessThanOrEqual(3);
    }
    expect(Math.min(...grams.map(({ p50 }) => p50))).toBeGreaterThan(150);
    expect(Math.max(...grams.map(({ p50 }) => p50))).toBeLessThan(450);
    expect(Math.min(...prices.map(({ p50 }) => p50))).toBeLessThan(0);
    expect(Math.max(...prices.map(({ p50 }) => p50))).toBeLessThan(130);
  });

  it('are in no sum of energies', async () => {
    const hours = { from: isoInstant(dayStart(DAY)), to: isoInstant(dayStart(DAY + 1)) };
    const sum = (series: string) => desk.round.platform.graphql(SUM, { series, ...hours }, reader.apiKey);
    expect(codeOf(await sum(PRICE))).toBe('FORECAST_SERIES_NOT_ENERGY');
    expect((await sum('load')).data).toEqual({ communityForecast: { hours: [] } });
  });

  it.each([
    ['FORECAST_UNIT', { p10: null, p10Wh: 1 }],
    ['FORECAST_UNIT', { series: 'load' }],
    ['FORECAST_VALUE', { p10: 0.0001 }],
    ['FORECAST_NEGATIVE', { series: INTENSITY }],
    ['FORECAST_QUANTILES', { p10: 11 }],
    ['FORECAST_SERIES_UNKNOWN', { series: 'price_ct_per_kwh' }],
    ['PRODUCT_UNKNOWN', { productId: 'x' }],
  ])('are refused with %s for %j', async (code, fields) => {
    const { errors } = await publish(fields);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  it('are of a product only where series and model are', async () => {
    expect(codeOf(await publish({ productId: intensity.id }))).toBe('FORECAST_PRODUCT_SERIES');
    const other = { productId: price.id, modelHash: 'a'.repeat(64), taskCardHash: null };
    expect(codeOf(await publish(other))).toBe('FORECAST_PRODUCT_MODEL');
    expect((await publish({ productId: price.id })).data).toEqual({ publishForecasts: { published: 1 } });
    expect((await rowsOf({ productId: price.id })).at(-1)).toMatchObject({ p10: -20.5, p90: 33.125 });
    const unknown = await desk.round.platform.graphql(LIST, { productId: 'x' }, reader.apiKey);
    expect(codeOf(unknown)).toBe('PRODUCT_UNKNOWN');
  });

  it('stand in an export with unit and product, energies in Wh left empty', async () => {
    const range = `from=${isoInstant(dayStart(DAY))}&to=${isoInstant(dayStart(DAY + 1))}`;
    const path = `/forecasts/export?format=csv&${range}&series=${INTENSITY}&productId=${intensity.id}`;
    const response = await desk.round.platform.request('GET', path, { sender: reader.apiKey });
    expect(response.status).toBe(200);
    const [header, ...rows] = (await response.text()).trimEnd().split('\r\n');
    expect(rows).toHaveLength(24);
    const [first] = rows.map((row) => row.split(','));
    const cell = (name: string) => first![header!.split(',').indexOf(name)];
    const [row] = await rowsOf({ productId: intensity.id });
    expect([cell('unit'), cell('p50'), cell('p50_wh'), cell('product_id')]).toEqual([
      'gCO2e/kWh',
      String(row!.p50),
      '',
      intensity.id,
    ]);
  });

  it('are frozen by gates and sold by the day as all others are', async () => {
    const { platform } = desk.round;
    const gate = { name: 'day-ahead', zone: ZONE, daysBefore: 1, closesAt: '12:00', afterGate: 'KEEP' };
    await platform.data(GATE, { input: { ...gate, validFrom: dateOf(DAY + 3) } }, desk.operatorKey);
    const terms = { series: PRICE, zone: ZONE, pricePerDayMinor: 250, currency: 'EUR' };
    const { offerForecasts } = await platform.data<{ offerForecasts: { id: string } }>(
      OFFER,
      { input: { ...terms, from: dateOf(DAY + 3), to: dateOf(DAY + 4) } },
      publisher.apiKey,
    );
    await desk.setClock(dayStart(DAY + 2) + DAY_MS / 2);
    const frozen = { frozen: true, productId: price.id };
    expect(await listed(frozen)).toEqual({
      edges: [],
      notices: [{ code: 'FORECAST_AGREEMENT_REQUIRED', series: PRICE }],
    });
    const days = { termsId: offerForecasts.id, from: dateOf(DAY + 3), to: dateOf(DAY + 4) };
    await platform.data(SUBSCRIBE, days, reader.apiKey);
    expect((await listed(frozen)).edges.map(({ node }) => node.p90)).toEqual([33.125]);
  });

  it('are scored at home, where their products take the scores', async () => {
    await desk.setClock(dayStart(DAY + 1) + HOUR_MS);
    for (const site of desk.round.sites) await desk.attendProducts(site, DAY + 1);
    await desk.after(DAY + 3);
    await desk.wake();
    for (const product of [intensity, price]) {
      const told = async (): Promise<object[]> => {
        const figures = (await desk.figures(product)) as { day: string }[];
        const ofDay = figures.filter(({ day }) => day === dateOf(DAY));
        return ofDay.length > 0 ? ofDay : told();
      };
      expect(await told()).toMatchObject([
        { day: dateOf(DAY), modelHash: version.modelHash, organisations: 4, pinball: expect.any(Number) },
      ]);
    }
    const { data } = await desk.version(version.modelHash, reader.apiKey);
    expect(data).toMatchObject({
      modelVersion: { latestScore: { day: dateOf(DAY), organisations: 4, pinball: expect.any(Number) } },
    });
  });
});
