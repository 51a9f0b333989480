import { DomainError, type Interval, interval } from '#core';
import { type DayQuantiles, dayScore, type DayScore, naiveError } from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { forecastAtHome } from './home-forecast.ts';
import { type HomeModel, LOAD_COLUMN } from './home-model.ts';

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

const UNANSWERABLE: ReadonlySet<string> = new Set(['INPUTS_MISSING', 'LOOKBACK_TOO_SPARSE']);

/**
 * How a model's forecast of a day's load, issued at its start, did at this site: without unit and of the whole day, so that no reading
 * follows. Null where readings or their rhythm are missing, or what the model sees beside them. @throws the codes of forecastAtHome
 */
export async function scoreDay(node: SiteNode, model: HomeModel, day: Interval): Promise<DayScore | null> {
  const { card, epochs, config } = model;
  const load = await answerFor(node, model, day.startMs);
  if (load === null) return null;
  const { zone } = card.data;
  const grid = { stepMinutes: card.model.stepMinutes, zone, knownBeforeMs: node.clock.nowMs() };
  const known = interval(epochs.train.startMs, epochs.validation.endMs);
  const naiveKwh = naiveError(await node.readings.regular(LOAD_COLUMN, known, grid), known);
  const { values } = await node.readings.regular(LOAD_COLUMN, day, grid);
  // A day of 25 hours is longer than a day-ahead forecast, one of 23 is shorter.
  const steps = Math.min(values.length, config.horizon);
  const quantiles = {
    p10: load.p10.slice(0, steps),
    p50: load.p50.slice(0, steps),
    p90: load.p90.slice(0, steps),
  };
  const score = dayScore(values.slice(0, steps), quantiles, naiveKwh);
  return score && { mase: round(score.mase), coverage: round(score.coverage) };
}

/** Null where the model cannot answer: others of the product may. */
async function answerFor(node: SiteNode, model: HomeModel, issueMs: number): Promise<DayQuantiles | null> {
  try {
    return (await forecastAtHome(node, model, issueMs)).load;
  } catch (error) {
    if (error instanceof DomainError && UNANSWERABLE.has(error.code)) return null;
    throw error;
  }
}
