import { energyWhFromKwh, HOUR_MS, type Interval, isoInstant } from '#core';
import type { DayQuantiles, SiteForecast } from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import type { HomeModel } from './home-model.ts';

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

/** Publishes the load forecast, which its owner allowed at `participant init`. Published again it is the same version. */
export async function publishForecasts(
  node: SiteNode,
  model: HomeModel,
  forecast: SiteForecast,
  day: Interval,
): Promise<number> {
  const common = {
    resolution: 'PT1H',
    issuedAt: isoInstant(forecast.issueMs),
    modelHash: model.modelHash,
    taskCardHash: model.cardHash,
  };
  const forecasts = hourQuantiles(forecast, forecast.load, day).map(({ startMs, ...quantiles }) => ({
    series: 'load',
    intervalStart: isoInstant(startMs),
    ...quantiles,
    ...common,
  }));
  await node.client.request(PUBLISH, { input: { forecasts } }, { purpose: 'forecasts' });
  return forecasts.length;
}
