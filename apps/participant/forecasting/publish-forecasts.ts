import { energyWhFromKwh, HOUR_MS, type Interval, isoInstant } from '#core';
import type { DayQuantiles, SiteForecast } from '#forecasting';
import { sharedUnit } from '#metering';
import type { SiteNode } from '../node/node.ts';
import { forecastColumn } from './home-forecast.ts';
import { type HomeModel, LOAD_COLUMN, type MarketModel } from './home-model.ts';
import { type Product, readProducts, serves } from './products.ts';

const PUBLISH = `mutation Publish($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }`;

/** p10 ≤ p50 ≤ p90 of one hour in whole Wh. */
export interface HourQuantiles {
  readonly startMs: number;
  readonly p10Wh: number;
  readonly p50Wh: number;
  readonly p90Wh: number;
}

/** The hours of a forecast that lie within an interval, in whole Wh. */
export function hourQuantiles(
  { issueMs }: SiteForecast,
  { p10, p50, p90 }: DayQuantiles,
  within: Interval,
): HourQuantiles[] {
  return Array.from(p50, (_, h) => ({
    startMs: issueMs + h * HOUR_MS,
    p10Wh: energyWhFromKwh(p10[h]!),
    p50Wh: energyWhFromKwh(p50[h]!),
    p90Wh: energyWhFromKwh(p90[h]!),
  })).filter(({ startMs }) => startMs >= within.startMs && startMs < within.endMs);
}

const provenance = ({ modelHash, cardHash }: HomeModel, issueMs: number, productId: string | null) => ({
  resolution: 'PT1H',
  issuedAt: isoInstant(issueMs),
  modelHash,
  taskCardHash: cardHash,
  productId,
});

/** The newest product of loads whose champion the model is. */
async function productOf(node: SiteNode, model: HomeModel): Promise<string | null> {
  const product = (await readProducts(node)).find(
    (each) =>
      each.series === LOAD_COLUMN && each.champion?.modelHash === model.modelHash && serves(model, each),
  );
  return product?.id ?? null;
}

/** The most hours in one request. */
const BATCH_HOURS = 96;

/** Publishes an intensity or a price for as many hours as the product has. Published again it is the same version. */
export async function publishProduct(
  node: SiteNode,
  model: HomeModel,
  { id, series, horizon }: Product,
  issueMs: number,
): Promise<number> {
  const { p10, p50, p90 } = await forecastColumn(node, model, series, issueMs);
  const { factor } = sharedUnit(series)!;
  const told = (value: number) => Math.round(value * factor * 1_000) / 1_000;
  const forecasts = Array.from(p50.slice(0, horizon), (_, h) => ({
    series,
    intervalStart: isoInstant(issueMs + h * HOUR_MS),
    p10: told(p10[h]!),
    p50: told(p50[h]!),
    p90: told(p90[h]!),
    ...provenance(model, issueMs, id),
  }));
  for (let first = 0; first < forecasts.length; first += BATCH_HOURS) {
    const batch = forecasts.slice(first, first + BATCH_HOURS);
    await node.client.request(PUBLISH, { input: { forecasts: batch } }, { purpose: 'forecasts' });
  }
  return forecasts.length;
}

/** Publishes the load forecast, which its owner allowed at `participant init`. Published again it is the same version. */
export async function publishForecasts(
  node: SiteNode,
  model: MarketModel,
  forecast: SiteForecast,
  day: Interval,
): Promise<number> {
  const common = provenance(model, forecast.issueMs, await productOf(node, model));
  const forecasts = hourQuantiles(forecast, forecast.load, day).map(({ startMs, ...quantiles }) => ({
    series: 'load',
    intervalStart: isoInstant(startMs),
    ...quantiles,
    ...common,
  }));
  await node.client.request(PUBLISH, { input: { forecasts } }, { purpose: 'forecasts' });
  return forecasts.length;
}
