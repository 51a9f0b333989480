import type { Interval } from '#core';
import type { TaskCard } from '#federation';
import { holidayCalendar, NO_INPUTS, type SiteInputs } from '#forecasting';
import type { MeterSeries } from '#metering';
import type { SiteNode } from '../node/node.ts';

/**
 * What a card's model sees of this site beside its series, over `range`. Columns known ahead are taken as the files have them,
 * for times to come as well: their values are somebody's forecasts. Of the others nothing later than the business clock counts.
 * @throws HOLIDAYS_UNKNOWN
 */
export async function siteInputs(node: SiteNode, card: TaskCard, range: Interval): Promise<SiteInputs> {
  const { model, data } = card;
  if (model.kind !== 'one-shot-ridge' || !model.inputs) return NO_INPUTS;
  const { ahead, past, holidays } = model.inputs;
  const imported = new Set(await node.readings.columns());
  const columns = new Map<string, MeterSeries>();
  for (const name of [...past, ...ahead].filter((column) => imported.has(column))) {
    const knownBeforeMs = ahead.includes(name) ? range.endMs : node.clock.nowMs();
    const grid = { stepMinutes: model.stepMinutes, zone: data.zone, knownBeforeMs };
    columns.set(name, await node.readings.regular(name, range, grid));
  }
  return { columns, isHoliday: holidays ? await holidayCalendar(holidays) : NO_INPUTS.isHoliday };
}
