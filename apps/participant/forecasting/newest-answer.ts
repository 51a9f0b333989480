import { DomainError } from '#core';
import type { SiteForecast } from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { noteForecast, type PassedOver } from './forecast-note.ts';
import { forecastAtHome } from './home-forecast.ts';
import { type HomeModel, LOAD_COLUMN, type MarketModel } from './home-model.ts';

/** A forecast, and the model that made it. */
export interface Answer {
  readonly model: MarketModel;
  readonly forecast: SiteForecast;
}

/**
 * The forecast of the newest model that can answer at `issueMs`: one that sees the weather cannot where the weather of the day is
 * missing, one before it may. Which were passed over, and why, is reported and noted for the owner.
 * @param models the newest last, at least one
 * @throws what the newest is refused for where none answers
 */
export async function newestAnswer(
  node: SiteNode,
  models: readonly MarketModel[],
  issueMs: number,
): Promise<Answer> {
  const passedOver: PassedOver[] = [];
  let newest: DomainError | null = null;
  for (const model of models.toReversed()) {
    const { modelHash, card } = model;
    try {
      const forecast = await forecastAtHome(node, model, issueMs);
      noteForecast(node.directory, { issueMs, modelHash, taskId: card.taskId, passedOver });
      return { model, forecast };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      newest ??= error;
      const { code, message: reason } = error;
      passedOver.push({ modelHash, taskId: card.taskId, code, reason });
      node.report('model-passed-over', { task: card.taskId, modelHash, code, reason });
    }
  }
  noteForecast(node.directory, { issueMs, modelHash: null, taskId: null, passedOver });
  throw newest!;
}

/**
 * Of several models, the newest last, the one to give up: the oldest, but for the newest of loads that needs no inputs, which answers
 * whatever is missing.
 */
export function leastNeeded(models: readonly HomeModel[]): HomeModel {
  const surest = models.findLast(({ config, series }) => config.inputs === null && series.has(LOAD_COLUMN));
  return models.find((model) => model !== surest)!;
}
