import type { Interval } from '#core';
import type { InputTerms, TaskCard } from '#federation';
import { holidayCalendar, NO_INPUTS, type SiteInputs } from '#forecasting';
import type { MeterSeries } from '#metering';
import type { SiteNode } from '../node/node.ts';
import type { ReadingStore } from '../readings/reading-store.ts';

/**
 * What a card's model sees of this site beside its series, over `range`. Columns known ahead are taken as the files have them,
 * for times to come as well: their values are somebody's forecasts. Of the others nothing later than the business clock counts.
 * @throws HOLIDAYS_UNKNOWN
 */
export async function siteInputs(node: SiteNode, card: TaskCard, range: Interval): Promise<SiteInputs> {
  const { model, data } = card;
  if (model.kind !== 'one-shot-ridge' || !model.inputs) return NO_INPUTS;
  const grid = { stepMinutes: model.stepMinutes, zone: data.zone, knownBeforeMs: node.clock.nowMs() };
  return inputsFrom(node.readings, model.inputs, range, grid);
}

/**
 * The columns of `readings` that a model sees beside its series, over `range`: those known ahead to its end, the others up to
 * `knownBeforeMs`. What was never imported is left out. @throws HOLIDAYS_UNKNOWN
 */
export async function inputsFrom(
  readings: ReadingStore,
  { ahead, past, holidays }: InputTerms,
  range: Interval,
  grid: { readonly stepMinutes: number; readonly zone: string; readonly knownBeforeMs: number },
): Promise<SiteInputs> {
  const imported = new Set(await readings.columns());
  const columns = new Map<string, MeterSeries>();
  for (const name of [...past, ...ahead].filter((column) => imported.has(column))) {
    const knownBeforeMs = ahead.includes(name) ? range.endMs : grid.knownBeforeMs;
    columns.set(name, await readings.regular(name, range, { ...grid, knownBeforeMs }));
  }
  return { columns, isHoliday: holidays ? await holidayCalendar(holidays) : NO_INPUTS.isHoliday };
}
