import { interval } from '#core';
import {
  backtestSite,
  type DayQuantiles,
  fitSite,
  forecastSite,
  localMidnights,
  type SiteBacktest,
  type SiteForecast,
  type SiteForecaster,
  type SiteReadings,
} from '#forecasting';
import { sharedUnit } from '#metering';
import type { SiteNode } from '../node/node.ts';
import { type HomeModel, LOAD_COLUMN, type MarketModel, PV_COLUMN } from './home-model.ts';
import { siteInputs } from './site-inputs.ts';

/** The site's own readings of the model's epochs and after, up to `untilMs` and never beyond the business clock. */
async function readingsUntil(
  node: SiteNode,
  { card, epochs }: HomeModel,
  column: string,
  untilMs: number,
): Promise<SiteReadings> {
  const range = interval(epochs.train.startMs, untilMs);
  const knownBeforeMs = Math.min(untilMs, node.clock.nowMs());
  const { zone } = card.data;
  const grid = { stepMinutes: card.model.stepMinutes, zone, knownBeforeMs };
  const load = await node.readings.regular(column, range, grid);
  const aheadMs = card.model.horizon * card.model.stepMinutes * 60_000;
  const inputs = await siteInputs(node, card, interval(epochs.train.startMs, untilMs + aheadMs));
  const least = sharedUnit(column)?.least ?? 0;
  return { load, zone, inputs, least };
}

/** Load, and PV where the site has it. */
async function homeReadings(node: SiteNode, model: MarketModel, untilMs: number): Promise<SiteReadings> {
  const known = await readingsUntil(node, model, LOAD_COLUMN, untilMs);
  if (!(await node.readings.columns()).includes(PV_COLUMN)) return known;
  return { ...known, pv: (await readingsUntil(node, model, PV_COLUMN, untilMs)).load };
}

/** Day-ahead quantiles of load, PV and net from `issueMs` on; no reading at or after it is touched. */
export async function forecastAtHome(
  node: SiteNode,
  model: MarketModel,
  issueMs: number,
): Promise<SiteForecast> {
  const readings = await homeReadings(node, model, issueMs);
  const forecaster: SiteForecaster = fitSite(readings, model.epochs, model.load.personal, model.pv?.personal);
  return forecastSite(forecaster, readings, issueMs);
}

/** Day-ahead quantiles of one column in its own unit, from `issueMs` on; no reading at or after it is touched. */
export async function forecastColumn(
  node: SiteNode,
  model: HomeModel,
  column: string,
  issueMs: number,
): Promise<DayQuantiles> {
  const of = model.series.get(column)!;
  const readings = await readingsUntil(node, model, column, issueMs);
  return forecastSite(fitSite(readings, model.epochs, of.personal), readings, issueMs).load;
}

/** Errors of daily forecasts over all whole days after the model's epochs that have been delivered by `untilMs`. */
export async function backtestAtHome(
  node: SiteNode,
  model: MarketModel,
  untilMs: number,
): Promise<SiteBacktest | null> {
  const test = interval(model.epochs.validation.endMs, untilMs);
  const readings = await homeReadings(node, model, untilMs);
  if (localMidnights(readings.zone, test).length === 0) return null;
  const days = { ...model.epochs, test };
  const { shared, moments } = model.load;
  return backtestSite({ readings, days, config: model.config, fit: shared, ownMoments: moments });
}
