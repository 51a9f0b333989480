import { DomainError, type Interval, interval } from '#core';
import { type DayQuantiles, dayScore, type DayScore, naiveError } from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { forecastColumn } from './home-forecast.ts';
import type { HomeModel } from './home-model.ts';

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

const UNANSWERABLE: ReadonlySet<string> = new Set(['INPUTS_MISSING', 'LOOKBACK_TOO_SPARSE']);

/**
 * How a model's forecast of a column's day, issued at its start, did at this site: without unit and of the whole day, so that no reading
 * follows. Null where readings or their rhythm are missing, or what the model sees beside them. @throws the codes of forecastColumn
 */
export async function scoreDay(
  node: SiteNode,
  model: HomeModel,
  column: string,
  day: Interval,
): Promise<DayScore | null> {
  const { card, epochs, config } = model;
  const forecast = await answerFor(node, model, column, day.startMs);
  if (forecast === null) return null;
  const { zone } = card.data;
  const grid = { stepMinutes: card.model.stepMinutes, zone, knownBeforeMs: node.clock.nowMs() };
  const known = interval(epochs.train.startMs, epochs.validation.endMs);
  const naive = naiveError(await node.readings.regular(column, known, grid), known);
  const { values } = await node.readings.regular(column, day, grid);
  // A day of 25 hours is longer than a day-ahead forecast, one of 23 is shorter.
  const steps = Math.min(values.length, config.horizon);
  const quantiles = {
    p10: forecast.p10.slice(0, steps),
    p50: forecast.p50.slice(0, steps),
    p90: forecast.p90.slice(0, steps),
  };
  const score = dayScore(values.slice(0, steps), quantiles, naive);
  return score && { mase: round(score.mase), coverage: round(score.coverage), pinball: round(score.pinball) };
}

/** Null where the model cannot answer: others of the product may. */
async function answerFor(
  node: SiteNode,
  model: HomeModel,
  column: string,
  issueMs: number,
): Promise<DayQuantiles | null> {
  try {
    return await forecastColumn(node, model, column, issueMs);
  } catch (error) {
    if (error instanceof DomainError && UNANSWERABLE.has(error.code)) return null;
    throw error;
  }
}
