import { isoInstant, parseInstant } from '#core';

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

/** One GraphQL request under a key, as a test sends it. */
export type Ask = <T>(query: string, variables: object) => Promise<T>;

const LOADS = `{ forecasts(series: "load", latest: true, first: 100) { edges { node { intervalStart } } } }`;
const SERIES = `mutation ($input: CreateSeriesInput!) { createSeries(input: $input) { id } }`;
const INGEST = `mutation ($input: IngestReadingsInput!) { ingestReadings(input: $input) { __typename } }`;

/** Keeps 10–14 kWh an hour as the member's own load: of the hours that are forecast and of the week before them. */
export async function measureLoad(ask: Ask): Promise<void> {
  const { forecasts } = await ask<{
    forecasts: { edges: readonly { readonly node: { readonly intervalStart: string } }[] };
  }>(LOADS, {});
  const starts = forecasts.edges.map(({ node }) => parseInstant(node.intervalStart));
  const { createSeries } = await ask<{ createSeries: { id: string } }>(SERIES, {
    input: { key: 'own-load', unit: 'kWh', resolution: 'PT1H', zone: 'Europe/Berlin', declaredOpen: true },
  });
  const [first, last] = [Math.min(...starts) - WEEK_MS, Math.max(...starts)];
  const readings = Array.from({ length: (last - first) / HOUR_MS + 1 }, (_, n) => ({
    start: isoInstant(first + n * HOUR_MS),
    value: String(10 + (n % 5)),
  }));
  await ask(INGEST, { input: { seriesId: createSeries.id, readings } });
}

/** A day and two levers, as `gridcommons carbon levers` takes them. */
export const LEVERS = JSON.stringify({
  prices: { buy: 0.3, sell: 0.08 },
  hours: Array.from({ length: 24 }, (_, n) => ({
    start: isoInstant(parseInstant('2026-05-14T00:00:00Z') + n * HOUR_MS),
    loadKwh: 10,
    intensityKgPerKwh: n < 12 ? 0.2 : 0.6,
  })),
  levers: [
    { id: 'shift-washing', type: 'shift', flexibleShare: '0.1' },
    {
      id: 'heat-pump',
      type: 'switch-fuel',
      heatKwhPerYear: 20_000,
      cop: 3,
      fuel: { pricePerKwh: 0.1, efficiency: 0.9, factor: { kgPerKwh: 0.2, basis: 'direct', source: 'test' } },
    },
  ],
});
